import { defineEvent } from '../../platform/events/emit.ts'

type Told = { identity_id: string; type: string }
const channels = (): string[] => []

// Heard on the channel of the user, which every event of a user has.
export const IdentityCreated = defineEvent<Told>({ name: 'identity.created', channels })
export const IdentityUpdated = defineEvent<Told>({ name: 'identity.updated', channels })
export const IdentityArchived = defineEvent<Told>({ name: 'identity.archived', channels })
export const IdentityRestored = defineEvent<Told>({ name: 'identity.restored', channels })
