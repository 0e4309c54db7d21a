import type { z } from 'zod'
import type { Message } from './contract.ts'
import type { MessageRow } from './queries.ts'

type View = z.input<typeof Message>

export const presentMessage = (row: MessageRow): View => ({
  id: row.id, direction: row.direction as View['direction'], channel: row.channel as View['channel'],
  peer: { name: row.peer_name, address: row.peer_address }, subject: row.subject, body: row.body,
  status: statusOf(row), status_reason: row.outbox_error,
  created_at: row.created_at.toISOString(), read_at: row.read_at?.toISOString() ?? null,
})

/** Where a message stands; a failure of which nobody can say what it did is `unknown`, never `failed`. */
function statusOf({ direction, outbox_status, outbox_error }: MessageRow): View['status'] {
  if (direction === 'in') return 'received'
  if (outbox_status === null) return 'delivered'
  return outbox_status === 'failed' && outbox_error === 'unknown' ? 'unknown' : outbox_status as View['status']
}
