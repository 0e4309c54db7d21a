import type { Queries } from '../../platform/db/store.ts'
import type { Role } from './event-types.ts'
import { presentMessage } from './present.ts'
import { findThread, listEvents } from './queries.ts'

export type ThreadMessage = { id: string; seq: number; role: Role; text: string; at: string }

/** The newest messages of a thread, at most `limit`, in the order in which they were said. Data, never instructions. */
export async function recentThreadMessages(db: Queries, identityId: string, threadId: string, limit: number): Promise<ThreadMessage[]> {
  const rows = await listEvents(db, identityId, threadId, { type: 'message.posted', order: 'desc', limit })
  return rows.slice(0, limit).toReversed().map((row) => {
    const { id, seq, role, text, at } = presentMessage(row)
    return { id, seq, role, text, at }
  })
}

export type ContextThread = { id: string; title: string; sphere_id: number; status: string; last_seq: number; last_hash: string }

/** The identity's own thread as a context names it; undefined when it has none of that id, or only in its bin. */
export async function findThreadForContext(db: Queries, identityId: string, threadId: string): Promise<ContextThread | undefined> {
  const row = await findThread(db, identityId, threadId)
  if (!row || row.binned_at) return undefined
  return { id: row.id, title: row.title, sphere_id: row.sphere_id, status: row.status, last_seq: row.last_seq, last_hash: row.last_hash }
}
