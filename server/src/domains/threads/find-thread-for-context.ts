import type { Queries } from '../../platform/db/store.ts'
import { findThread } from './queries.ts'

export type ContextThread = { id: string; title: string; sphere_id: number; status: string; last_seq: number; last_hash: string }

/** The identity's own thread as a context names it; undefined when it has none of that id, or only in its bin. */
export async function findThreadForContext(db: Queries, identityId: string, threadId: string): Promise<ContextThread | undefined> {
  const row = await findThread(db, identityId, threadId)
  if (!row || row.binned_at) return undefined
  return { id: row.id, title: row.title, sphere_id: row.sphere_id, status: row.status, last_seq: row.last_seq, last_hash: row.last_hash }
}
