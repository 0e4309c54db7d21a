import type { AnyAction } from '../../platform/action.ts'
import type { Platform } from '../../platform/ctx.ts'
import type { Domain } from '../../platform/domain.ts'
import { untilNone } from '../../platform/jobs/until-none.ts'
import { changeRole } from './change-role.ts'
import { createOrganisation } from './create-organisation.ts'
import { giveIdentity } from './give-identity.ts'
import { invite } from './invitations/invite.ts'
import { mailNext, type Post } from './invitations/mail-invitations.ts'
import { revokeInvitation } from './invitations/revoke-invitation.ts'
import { openIdentity } from './open-identity.ts'
import { leaveOrganisation, removeMember } from './remove-member.ts'
import { renameOrganisation } from './rename-organisation.ts'
import { organisationRoutes } from './routes.ts'

export const organisations = ({ platform, post }: { platform: Platform; post: Post }): Domain => ({
  name: 'organisations', tables: ['organisations', 'organisation_members', 'organisation_invitations'],
  uses: ['audit', 'policies', 'governance', 'identities', 'accounts'], reads: ['users', 'identities'],
  actions: [createOrganisation, renameOrganisation, changeRole, removeMember, leaveOrganisation, openIdentity, giveIdentity, invite, revokeInvitation] as unknown as AnyAction[],
  routes: organisationRoutes({ mailed: post.mailer !== null }),
  jobs: [{ name: 'invitations.mail', cron: '* * * * *', run: (_data, signal) => untilNone(() => mailNext(platform, post, signal), signal) }],
})
