import { defineEvent } from '../../platform/events/emit.ts'

type Told = { checkpoint_id: string; type: string; tool: string | null; run_id: string | null }

export const CheckpointCreated = defineEvent<Told>({ name: 'checkpoint.created', channels: () => ['nova'] })
export const CheckpointApproved = defineEvent<Told>({ name: 'checkpoint.approved', channels: () => ['nova'] })
export const CheckpointRejected = defineEvent<Told>({ name: 'checkpoint.rejected', channels: () => ['nova'] })
export const CheckpointExpired = defineEvent<Told>({ name: 'checkpoint.expired', channels: () => ['nova'] })
export const CheckpointCancelled = defineEvent<Told>({ name: 'checkpoint.cancelled', channels: () => ['nova'] })
export const IdentityViolation = defineEvent<{ resource_type: string }>({ name: 'identity.violation', channels: () => [] })

/** How an approved effect ended that left the house, or that nobody can say. */
export const EffectSettled = defineEvent<{ checkpoint_id: string; tool: string | null; run_id: string | null; state: string }>({ name: 'effect.settled', channels: () => ['nova'] })
