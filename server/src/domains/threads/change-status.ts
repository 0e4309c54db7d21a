import type { EffectTx } from '../../platform/ctx.ts'
import { Binned } from '../../platform/problems.ts'
import { tryAppend } from './append-event.ts'
import { findThread, type ThreadRow } from './queries.ts'

const STEPS = {
  archived: { from: 'active', type: 'thread.archived' },
  active: { from: 'archived', type: 'thread.resumed' },
} as const

/** Archives or reopens a thread. One that is so already stays as it is, and its log does not grow. Throws Binned. */
export async function changeStatus(tx: EffectTx, threadId: string, status: 'active' | 'archived'): Promise<ThreadRow> {
  const { from, type } = STEPS[status]
  const appended = await tryAppend(tx, { threadId, type, data: {} }, { from, status })
  const row = appended?.thread ?? await findThread(tx.db, tx.identityId, threadId)
  if (!row || row.binned_at) throw Binned()
  return row
}
