import type { IdentityId, UserId } from '../ids.ts'
import type { CommittedEvent } from './event.ts'
import type { EventRow } from './queries.ts'

/** A row of `events` as it is handed on. */
export const readEvent = (row: EventRow): CommittedEvent => ({
  id: row.id, seq: Number(row.seq), identityId: row.identity_id as IdentityId | null, userId: row.user_id as UserId | null,
  name: row.name, channels: row.channels, data: row.data as Record<string, unknown>, at: row.at,
})
