import { defineEvent } from '../../platform/events/emit.ts'

type Told = { key_id: string }
const channels = (): string[] => []

// Heard on the channel of the user, which every event of a user has.
export const KeyCreated = defineEvent<Told>({ name: 'key.created', channels })
export const KeyRevealed = defineEvent<Told>({ name: 'key.revealed', channels })
export const KeyRevoked = defineEvent<Told>({ name: 'key.revoked', channels })
