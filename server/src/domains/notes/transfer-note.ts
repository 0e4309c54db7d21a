import { sendAsService } from '../../platform/db/as-service.ts'
import type { EffectTx } from '../../platform/ctx.ts'
import { moveNote, type Target } from './queries.ts'

/** Moves a note to another sphere, another identity of its owner, or both; undefined when it lies in the bin. */
export async function transferNote(tx: EffectTx, id: string, target: Target): Promise<{ sphere_id: number; version: number } | undefined> {
  const [row] = await sendAsService(tx, 'transfer', moveNote(tx.db, tx.identityId, id, target))
  return row
}
