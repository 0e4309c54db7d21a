import { defineEvent } from '../../platform/events/emit.ts'

type OfOrganisation = { organisation_id: string }
const channels = (): string[] => []

// Heard on the channel of the user who did it.
export const OrganisationCreated = defineEvent<OfOrganisation>({ name: 'organisation.created', channels })
export const OrganisationRenamed = defineEvent<OfOrganisation>({ name: 'organisation.renamed', channels })
export const MemberJoined = defineEvent<OfOrganisation & { user_id: string; role: string }>({ name: 'organisation.member_joined', channels })
export const RoleChanged = defineEvent<OfOrganisation & { user_id: string; role: string }>({ name: 'organisation.role_changed', channels })
export const MemberLeft = defineEvent<OfOrganisation & { user_id: string }>({ name: 'organisation.member_left', channels })
export const InvitationCreated = defineEvent<OfOrganisation & { invitation_id: string; role: string }>({ name: 'invitation.created', channels })
export const InvitationRevoked = defineEvent<OfOrganisation & { invitation_id: string }>({ name: 'invitation.revoked', channels })
export const IdentityGiven = defineEvent<OfOrganisation & { identity_id: string; user_id: string }>({ name: 'organisation.identity_given', channels })
