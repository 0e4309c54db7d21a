import type { z } from 'zod'
import type { ThreadLink } from './chain.ts'
import { ThreadEvent, type Message, type Thread } from './contract.ts'
import type { EventRow, ThreadRow } from './queries.ts'

export const presentThread = (row: ThreadRow): z.input<typeof Thread> => ({
  id: row.id, sphere_id: row.sphere_id, title: row.title, status: row.status === 'archived' ? 'archived' : 'active', last_seq: row.last_seq, last_hash: row.last_hash, version: row.version,
  created_at: row.created_at.toISOString(), updated_at: row.updated_at.toISOString(), binned_at: row.binned_at?.toISOString() ?? null,
})

/** A row as the link that its hash was made of. */
export const linkOf = (row: EventRow): ThreadLink => ({
  thread_id: row.thread_id, seq: row.seq, type: row.type, role: row.role, data: row.data, at: row.at.toISOString(), prev_hash: row.prev_hash, hash: row.hash,
})

export const presentEvent = (row: EventRow): z.output<typeof ThreadEvent> => ThreadEvent.parse({ id: row.id, ...linkOf(row) })

export const presentMessage = (row: Pick<EventRow, 'id' | 'thread_id' | 'seq' | 'role' | 'data' | 'at'>): z.input<typeof Message> => {
  const { text } = row.data as { text: string }
  return { id: row.id, thread_id: row.thread_id, seq: row.seq, role: ThreadEvent.shape.role.parse(row.role), text, at: row.at.toISOString() }
}
