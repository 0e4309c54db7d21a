import type { EffectTx } from '../../platform/ctx.ts'
import { emit } from '../../platform/events/emit.ts'
import { newId } from '../../platform/ids.ts'
import { Binned, Conflict, NotFound } from '../../platform/problems.ts'
import { linkParts } from './chain.ts'
import { ThreadArchived } from './errors.ts'
import { roleOf, type Role, type ThreadEventType } from './event-types.ts'
import { eventOf } from './events.ts'
import { advanceThread, findThread, insertEvent, type Advance, type ThreadRow } from './queries.ts'

export type Entry = { threadId: string; type: ThreadEventType; data: Record<string, unknown> }
export type Appended = { thread: ThreadRow; id: string; seq: number; role: Role; at: Date }

type Condition = Omit<Advance, 'parts' | 'at'>

/**
 * Adds an entry to an active thread's log, in the transaction of what it tells; other domains write to a log by this.
 * Throws NotFound, Binned, ThreadArchived, or Conflict when the log has grown beyond `expectedSeq`.
 */
export async function appendEvent(tx: EffectTx, entry: Entry, condition: Condition = { from: 'active' }): Promise<Appended> {
  return await tryAppend(tx, entry, condition) ?? await explain(tx, entry, condition)
}

/** Undefined when the thread is not as the condition wants it. */
async function tryAppend(tx: EffectTx, { threadId, type, data }: Entry, condition: Condition): Promise<Appended | undefined> {
  const at = tx.now()
  const role = roleOf(tx.actor)
  const parts = linkParts({ thread_id: threadId, type, role, data, at: at.toISOString() })
  const thread = await advanceThread(tx.db, tx.identityId, threadId, { ...condition, parts, at })
  if (!thread) return undefined
  const id = newId()
  // Leaves with COMMIT. A second entry of the same transaction finds this one's hash, because closings keep their order.
  tx.atClose(() => insertEvent(tx.db, { id, threadId, identityId: tx.identityId, seq: thread.last_seq, type, role, data, hash: thread.last_hash, at }))
  emit(tx, eventOf(type), { thread_id: threadId, sphere_id: thread.sphere_id, event_id: id, seq: thread.last_seq, type })
  return { thread, id, seq: thread.last_seq, role, at }
}

async function explain(tx: EffectTx, { threadId }: Entry, { expectedSeq }: Condition): Promise<never> {
  const row = await findThread(tx.db, tx.identityId, threadId)
  if (!row) throw NotFound()
  if (row.binned_at) throw Binned()
  if (row.status === 'archived') throw ThreadArchived()
  throw Conflict({
    en: `The thread is at event ${row.last_seq}, not ${expectedSeq ?? 0}. Read what is new, then try again.`,
    fr: `Le fil en est à l’événement ${row.last_seq}, non ${expectedSeq ?? 0}. Lisez ce qui est nouveau, puis réessayez.`,
  })
}

const STEPS = {
  archived: { from: 'active', type: 'thread.archived' },
  active: { from: 'archived', type: 'thread.resumed' },
} as const

/** Archives or reopens a thread. One that is so already stays as it is, and its log does not grow. Throws Binned. */
export async function changeStatus(tx: EffectTx, threadId: string, status: keyof typeof STEPS): Promise<ThreadRow> {
  const { from, type } = STEPS[status]
  const appended = await tryAppend(tx, { threadId, type, data: {} }, { from, status })
  const row = appended?.thread ?? await findThread(tx.db, tx.identityId, threadId)
  if (!row || row.binned_at) throw Binned()
  return row
}
