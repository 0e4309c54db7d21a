import type { Carried } from '../carry-on.ts'
import type { Nova } from '../nova.ts'
import { runOfRow } from '../present.ts'
import { findRun } from '../queries.ts'
import type { RunState } from './run-state.ts'
import { isRunTaken } from './save-run.ts'

/** Lets one process drive a run. When another one took it over meanwhile, ours ends with the run as that one left it. */
export async function driveAlone({ gate }: Nova, run: RunState, drive: () => Promise<Carried>): Promise<Carried> {
  try {
    return await drive()
  } catch (error) {
    if (!isRunTaken(error)) throw error
    const [row] = await gate.platform.store.within({ identityId: run.identityId, userId: run.userId }, (tx) => tx.send(findRun(tx.db, run.identityId, run.id)))
    return { run: row ? runOfRow(row) : run, held: null, refused: null }
  }
}
