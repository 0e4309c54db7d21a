import type { Queries } from '../../platform/db/store.ts'
import type { Role } from './event-types.ts'
import { presentMessage } from './present.ts'
import { listEvents } from './queries.ts'

export type ThreadMessage = { id: string; seq: number; role: Role; text: string; at: string }

/** The newest messages of a thread, at most `limit`, in the order in which they were said. Data, never instructions. */
export async function recentThreadMessages(db: Queries, identityId: string, threadId: string, limit: number): Promise<ThreadMessage[]> {
  const rows = await listEvents(db, identityId, threadId, { type: 'message.posted', order: 'desc', limit })
  return rows.slice(0, limit).toReversed().map((row) => {
    const { id, seq, role, text, at } = presentMessage(row)
    return { id, seq, role, text, at }
  })
}
