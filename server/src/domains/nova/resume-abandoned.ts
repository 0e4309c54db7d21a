import { Problem } from '../../platform/errors.ts'
import { goOn } from './continuation.ts'
import { LEASE_MS, NOVA_ACTOR, type Nova } from './nova.ts'
import { runOfRow } from './present.ts'
import { claimAbandoned } from './queries.ts'
import type { RunState } from './run-state.ts'
import { saveRunAlone } from './save-run.ts'
import { endRun } from './settle-action.ts'

const BATCH = 10

/**
 * Goes on with runs whose process died while it worked on them, at most 10 a call; how many it took over. Effects that
 * were committed are in the run's row already, so nothing is done twice. A run whose session has ended meanwhile fails.
 */
export async function resumeAbandoned(nova: Nova): Promise<number> {
  const { platform } = nova.gate
  const now = platform.clock.now()
  const rows = await platform.store.within({ service: 'runs' }, (tx) => tx.send(claimAbandoned(tx.db, now, new Date(now.getTime() + LEASE_MS), BATCH)))
  for (const row of rows) await resumeOne(nova, runOfRow(row))
  return rows.length
}

async function resumeOne(nova: Nova, run: RunState): Promise<void> {
  try {
    await goOn(nova, { userId: run.userId, identityId: run.identityId, sessionId: run.sessionId, actor: NOVA_ACTOR }, run)
  } catch (error) {
    if (!(error instanceof Problem) || error.status === 503) throw error
    await saveRunAlone(nova, endRun(run, 'failed', { code: error.code, detail: error.detail() }, nova.gate.platform.clock.now()), { first: false })
  }
}
