import { page, toPage } from '../../platform/http/page.ts'
import { read, sessionRoute, write, type Route } from '../../platform/http/route.ts'
import { listOrganisationIdentities } from '../identities/organisation-identities.ts'
import { refuseMissing } from '../governance/refuse-missing.ts'
import { ROLES } from '../policies/requirement.ts'
import { changeRole } from './change-role.ts'
import { AcceptInvitation, Invitation, InvitationKey, List, ListedMember, ListOf, Member, Organisation, OrganisationKey, RevealedInvitation, TheirIdentity } from './contract.ts'
import { createOrganisation } from './create-organisation.ts'
import { giveIdentity } from './give-identity.ts'
import { acceptInvitation } from './invitations/accept-invitation.ts'
import { invite } from './invitations/invite.ts'
import { revokeInvitation } from './invitations/revoke-invitation.ts'
import { showToken } from './invitations/show-token.ts'
import { asOrganisations, ensureReader } from './membership.ts'
import { openIdentity } from './open-identity.ts'
import { presentInvitation, presentMember, presentOrganisation, presentTheirIdentity } from './present.ts'
import { findOrganisation, listInvitations, listMembers, listOrganisations } from './queries.ts'
import { leaveOrganisation, removeMember } from './remove-member.ts'
import { renameOrganisation } from './rename-organisation.ts'
import { MANAGERS, READERS } from './roles.ts'

const problems = ['not_found', 'identity_boundary', 'forbidden']

const writes: Route[] = [
  write('POST /organisations', createOrganisation),
  write('PATCH /organisations/:organisation_id', renameOrganisation, { problems: ['forbidden'] }),
  write('PATCH /organisations/:organisation_id/members/:user_id', changeRole, { problems: ['forbidden'] }),
  write('DELETE /organisations/:organisation_id/members/:user_id', removeMember, { problems: ['forbidden'] }),
  write('POST /organisations/:organisation_id/leave', leaveOrganisation),
  write('POST /organisations/:organisation_id/invitations', invite, { problems: ['forbidden'] }),
  write('DELETE /invitations/:invitation_id', revokeInvitation, { problems: ['forbidden', 'gone'] }),
  write('POST /organisations/:organisation_id/identities', openIdentity, { problems: ['forbidden'] }),
  write('POST /organisations/:organisation_id/identities/:identity_id/give', giveIdentity, { problems: ['forbidden'] }),
]

const reads: Route[] = [
  read('GET /organisations', {
    summary: 'List the organisations that you are a member of, oldest first', input: List, output: page(Organisation),
    run: async ({ tx, db, caller, platform: { cursors } }, q) => toPage(
      await tx.send(listOrganisations(db, caller.userId, { after: cursors.decode(q.cursor), limit: q.limit })), { limit: q.limit, cursors, keyOf: (row) => row.id, present: presentOrganisation }),
  }),
  read('GET /organisations/:organisation_id', {
    summary: 'Get an organisation, with your role in it', input: OrganisationKey, output: Organisation, problems: ['not_found', 'identity_boundary'],
    run: async (ctx, { organisation_id }) => presentOrganisation(
      (await ctx.tx.send(findOrganisation(ctx.db, ctx.caller.userId, organisation_id)))[0] ?? await refuseMissing(ctx, { type: 'organisation', id: organisation_id })),
  }),
  read('GET /organisations/:organisation_id/members', {
    summary: 'List the members of an organisation', input: ListOf, output: page(ListedMember), problems,
    run: async (ctx, q) => {
      await ensureReader(ctx, q.organisation_id, ROLES)
      const { cursors } = ctx.platform
      const rows = await asOrganisations(ctx.tx, listMembers(ctx.db, q.organisation_id, { after: cursors.decode(q.cursor), limit: q.limit }))
      return toPage(rows, { limit: q.limit, cursors, keyOf: (row) => row.user_id, present: (row) => ({ ...presentMember(row), name: row.name }) })
    },
  }),
  read('GET /organisations/:organisation_id/invitations', {
    summary: 'List the invitations of an organisation, newest first', input: ListOf, output: page(Invitation), problems,
    run: async (ctx, q) => {
      await ensureReader(ctx, q.organisation_id, MANAGERS)
      const { cursors } = ctx.platform
      const rows = await ctx.tx.send(listInvitations(ctx.db, q.organisation_id, { before: cursors.decode(q.cursor), limit: q.limit }))
      return toPage(rows, { limit: q.limit, cursors, keyOf: (row) => row.id, present: (row) => presentInvitation(row, ctx.now()) })
    },
  }),
  read('GET /organisations/:organisation_id/identities', {
    summary: 'List the identities of an organisation; with X-Identity-ID those who may read the record of one name it', input: ListOf, output: page(TheirIdentity), problems,
    run: async (ctx, q) => {
      await ensureReader(ctx, q.organisation_id, READERS)
      const { cursors } = ctx.platform
      const rows = await listOrganisationIdentities(ctx.tx, { organisationId: q.organisation_id, after: cursors.decode(q.cursor), limit: q.limit })
      return toPage(rows, { limit: q.limit, cursors, keyOf: (row) => row.id, present: presentTheirIdentity })
    },
  }),
]

const invitationTokens = ({ mailed }: { mailed: boolean }): Route[] => [
  sessionRoute('POST /invitations/:invitation_id/token', {
    summary: 'Take the token of an invitation that no e-mail carries: it is shown this once', input: InvitationKey, output: RevealedInvitation, problems: [...problems, 'gone', 'conflict', 'dormant'],
    run: (ctx, { invitation_id }) => showToken(ctx, invitation_id, { mailed }),
  }),
  sessionRoute('POST /invitations/accept', {
    summary: 'Join an organisation by an invitation to your e-mail address', input: AcceptInvitation, output: Member, problems: ['not_found', 'forbidden', 'gone', 'conflict', 'dormant'],
    run: (ctx, { token }) => acceptInvitation(ctx, token),
  }),
]

export const organisationRoutes = (given: { mailed: boolean }): Route[] => [...writes, ...reads, ...invitationTokens(given)]
