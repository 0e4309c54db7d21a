import type { z } from 'zod'
import type { IdentityKind } from '../identities/identity-kinds.ts'
import type { IdentityRow } from '../identities/queries.ts'
import type { Role } from '../policies/requirement.ts'
import type { Invitation, Member, Organisation, TheirIdentity } from './contract.ts'
import type { InvitationRow, MemberRow, OrganisationRow } from './queries.ts'

export const presentOrganisation = (row: OrganisationRow): z.input<typeof Organisation> => ({
  id: row.id, name: row.name, role: row.role as Role, version: row.version, created_at: row.created_at.toISOString(), updated_at: row.updated_at.toISOString(),
})

export const presentMember = (row: MemberRow): z.input<typeof Member> => ({ organisation_id: row.organisation_id, user_id: row.user_id, role: row.role as Role, joined_at: row.joined_at.toISOString() })

/** An invitation whose time is over shows as expired at once. */
export const presentInvitation = (row: InvitationRow, now: Date): z.input<typeof Invitation> => ({
  id: row.id, organisation_id: row.organisation_id, email: row.email, role: row.role as Role, status: row.accepted_at ? 'accepted' : row.revoked_at ? 'revoked' : row.expires_at <= now ? 'expired' : 'open',
  delivery: row.mailed_at ? 'mailed' : row.shown_at ? 'shown' : 'waiting', created_at: row.created_at.toISOString(), expires_at: row.expires_at.toISOString(),
})

export const presentTheirIdentity = (row: IdentityRow): z.input<typeof TheirIdentity> => ({
  id: row.id, type: row.type as IdentityKind, name: row.name, is_default: row.is_default, version: row.version, user_id: row.user_id,
  created_at: row.created_at.toISOString(), updated_at: row.updated_at.toISOString(), archived_at: row.archived_at?.toISOString() ?? null,
})
