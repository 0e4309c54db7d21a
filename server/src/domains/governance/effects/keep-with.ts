import type { Tx } from '../../../platform/db/store.ts'
import type { CheckpointRow } from '../queries.ts'
import type { KeptOutcome } from './kept-outcome.ts'
import { keepOutcome } from './queries.ts'

/** Keeps with a checkpoint what came of its action, in the commit of the approval; the row as it then stands. */
export function keepWith(tx: Tx, row: CheckpointRow, kept: { state: 'intended' | 'confirmed' | 'failed'; outcome: KeptOutcome }): CheckpointRow {
  tx.atClose(() => keepOutcome(tx.db, row.id, kept))
  return { ...row, effect_state: kept.state, outcome: kept.outcome as unknown as CheckpointRow['outcome'] }
}
