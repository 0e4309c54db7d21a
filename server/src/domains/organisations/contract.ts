import { z } from 'zod'
import { pageInput } from '../../platform/http/page.ts'
import { readAddress } from '../accounts/email-key.ts'
import { Identity, IdentityBrief, IdentityName } from '../identities/contract.ts'
import { ROLES } from '../policies/requirement.ts'

const Role = z.enum(ROLES)
const Name = z.string().trim().min(1).max(100)
const Email = z.string().max(320).refine((text) => text.length > 320 || readAddress(text) !== undefined, { error: 'an e-mail address with an ASCII name before the @' })

/** `role` is the reader's own. */
export const Organisation = z.object({ id: z.uuid(), name: z.string(), role: Role, version: z.int(), created_at: z.iso.datetime(), updated_at: z.iso.datetime() })
export const Member = z.object({ organisation_id: z.uuid(), user_id: z.uuid(), role: Role, joined_at: z.iso.datetime() })
export const ListedMember = Member.extend({ name: z.string() })
export const Left = z.object({ organisation_id: z.uuid(), user_id: z.uuid(), ended_sessions: z.int(), archived_identities: z.int() })

export const INVITATION_STATUSES = ['open', 'accepted', 'revoked', 'expired'] as const
/** `delivery`: mailed to the invited, shown to the inviter, or still waiting for either. */
export const Invitation = z.object({
  id: z.uuid(), organisation_id: z.uuid(), email: z.string(), role: Role, status: z.enum(INVITATION_STATUSES), delivery: z.enum(['mailed', 'shown', 'waiting']), created_at: z.iso.datetime(), expires_at: z.iso.datetime(),
})
/** The token, this once. */
export const RevealedInvitation = Invitation.extend({ token: z.string() })

export const CreateOrganisation = z.strictObject({ name: Name })
export const OrganisationKey = z.strictObject({ organisation_id: z.uuid() })
export const RenameOrganisation = OrganisationKey.extend({ name: Name })
export const MemberKey = OrganisationKey.extend({ user_id: z.uuid() })
export const ChangeRole = MemberKey.extend({ role: Role })
export const Invite = OrganisationKey.extend({ email: Email, role: Role })
export const InvitationKey = z.strictObject({ invitation_id: z.uuid() })
export const AcceptInvitation = z.strictObject({ token: z.string().min(20).max(200) })
export const OpenIdentity = OrganisationKey.extend({ type: IdentityBrief.shape.type, name: IdentityName })
export const GiveIdentity = OrganisationKey.extend({ identity_id: z.uuid(), user_id: z.uuid() })
export const List = z.strictObject(pageInput)
export const ListOf = OrganisationKey.extend(pageInput)

/** An identity of the organisation and the member whose it is. */
export const TheirIdentity = Identity.extend({ user_id: z.uuid() })
