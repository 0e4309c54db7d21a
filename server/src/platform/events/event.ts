import type { IdentityId, UserId } from '../ids.ts'

/** An event that is committed and numbered. `seq` has no gaps and grows in the order in which relays hand events on. */
export type CommittedEvent = {
  id: string
  seq: number
  /** Null: the event of an account (with a user) or of the instance itself (without). */
  identityId: IdentityId | null
  userId: UserId | null
  name: string
  channels: readonly string[]
  data: Record<string, unknown>
  at: Date
}
