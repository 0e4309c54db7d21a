import { sendAsService } from '../../platform/db/as-service.ts'
import type { EffectTx } from '../../platform/ctx.ts'
import { moveTask, type Target } from './queries.ts'

/** Moves a task to another sphere, another identity of its owner, or both; undefined when it lies in the bin. */
export async function transferTask(tx: EffectTx, id: string, target: Target): Promise<{ sphere_id: number; version: number } | undefined> {
  const [row] = await sendAsService(tx, 'transfer', moveTask(tx.db, tx.identityId, id, target))
  return row
}
