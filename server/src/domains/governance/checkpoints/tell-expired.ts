import type { EffectTx, Via } from '../../../platform/ctx.ts'
import { record } from '../../audit/record.ts'
import { hearersOf, tell } from '../deciders/tell.ts'
import { CheckpointExpired } from '../events.ts'
import type { Gate } from '../gate.ts'
import type { CheckpointRow } from '../queries.ts'

/** Adds to a commit that ends a checkpoint for its age what belongs to that end: event, record, and the run that waited. */
export async function tellExpired(gate: Gate, tx: EffectTx, row: CheckpointRow): Promise<void> {
  tell(tx, CheckpointExpired, row, row.seated ? await hearersOf(tx, row) : [row.user_id])
  record(tx, { ...tx, actor: { kind: 'system', id: 'expiry' }, via: 'system' }, {
    action: 'checkpoint.expired', outcome: 'done', effect: row.effect, checkpointId: row.id, runId: row.run_id, actionHash: row.action_hash, resource: { type: 'checkpoint', id: row.id },
  })
  const continuation = gate.continuations.get(row.via as Via)
  continuation?.close(tx, { checkpoint: row, verdict: 'expired' }, await continuation.load(tx, row))
}
