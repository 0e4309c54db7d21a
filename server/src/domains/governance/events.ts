import { defineEvent } from '../../platform/events/emit.ts'

/** `deciders` are those whom this event tells that they may decide; `requester` is for whom it was asked; null in the events of others. */
export type Told = { checkpoint_id: string; type: string; tool: string | null; run_id: string | null; deciders: readonly string[]; requester: string | null }

export const CheckpointCreated = defineEvent<Told>({ name: 'checkpoint.created', channels: () => ['nova'] })
export const CheckpointApproved = defineEvent<Told>({ name: 'checkpoint.approved', channels: () => ['nova'] })
export const CheckpointRejected = defineEvent<Told>({ name: 'checkpoint.rejected', channels: () => ['nova'] })
export const CheckpointExpired = defineEvent<Told>({ name: 'checkpoint.expired', channels: () => ['nova'] })
export const CheckpointCancelled = defineEvent<Told>({ name: 'checkpoint.cancelled', channels: () => ['nova'] })
export const CheckpointVoted = defineEvent<Told>({ name: 'checkpoint.voted', channels: () => ['nova'] })
export const CheckpointExpiring = defineEvent<Told>({ name: 'checkpoint.expiring', channels: () => ['nova'] })
export const CheckpointEscalated = defineEvent<Told>({ name: 'checkpoint.escalated', channels: () => ['nova'] })
export const CheckpointFlood = defineEvent<{ actor_kind: string; actor_id: string; pause_id: string; ends_at: string | null; requester: string }>({ name: 'checkpoint.flood', channels: () => ['nova'] })
export const IdentityViolation = defineEvent<{ resource_type: string }>({ name: 'identity.violation', channels: () => [] })
/** One identity tried too often in a minute to reach what belongs to others; it is held back meanwhile. */
export const BoundaryAlarm = defineEvent<{ violations: number }>({ name: 'identity.alarm', channels: () => [] })

/** How an approved effect ended that left the house, or that nobody can say. */
export const EffectSettled = defineEvent<{ checkpoint_id: string; tool: string | null; run_id: string | null; state: string }>({ name: 'effect.settled', channels: () => ['nova'] })

/** A call was refused that should not have been made: who watches over the whole counts it. Names the actor, never what was asked. */
export const CallRefused = defineEvent<{ code: string; tool: string | null; actor_kind: string; actor_id: string }>({ name: 'governance.refused', channels: () => [] })

/** Something that works for a person reads more in a minute than work asks for. */
export const MassRead = defineEvent<{ actor_kind: string; actor_id: string }>({ name: 'governance.mass_read', channels: () => [] })
