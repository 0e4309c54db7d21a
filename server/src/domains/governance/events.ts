import { defineEvent } from '../../platform/events/emit.ts'

type Told = { checkpoint_id: string; type: string; tool: string | null; run_id: string | null }

export const CheckpointCreated = defineEvent<Told>({ name: 'checkpoint.created', channels: () => ['nova'] })
export const CheckpointApproved = defineEvent<Told>({ name: 'checkpoint.approved', channels: () => ['nova'] })
export const CheckpointRejected = defineEvent<Told>({ name: 'checkpoint.rejected', channels: () => ['nova'] })
export const CheckpointExpired = defineEvent<Told>({ name: 'checkpoint.expired', channels: () => ['nova'] })
export const CheckpointCancelled = defineEvent<Told>({ name: 'checkpoint.cancelled', channels: () => ['nova'] })
export const IdentityViolation = defineEvent<{ resource_type: string }>({ name: 'identity.violation', channels: () => [] })
/** One identity tried too often in a minute to reach what belongs to others; it is held back meanwhile. */
export const BoundaryAlarm = defineEvent<{ violations: number }>({ name: 'identity.alarm', channels: () => [] })
