import { sendAsService } from '../../platform/db/as-service.ts'
import type { EffectTx } from '../../platform/ctx.ts'
import { moveLog, moveThread, type Target } from './queries.ts'

/**
 * Moves a thread with its log to another sphere, another identity of its owner, or both; undefined when it lies in the
 * bin. Its row comes first: who appends at the same time holds that row, so the log moves whole. No event changes but in
 * whose it is, which its hash does not cover.
 */
export async function transferThread(tx: EffectTx, id: string, target: Target): Promise<{ sphere_id: number; version: number } | undefined> {
  const [row] = await sendAsService(tx, 'transfer', moveThread(tx.db, tx.identityId, id, target))
  if (row && target.identityId !== tx.identityId) await sendAsService(tx, 'transfer', moveLog(tx.db, id, target.identityId))
  return row
}
