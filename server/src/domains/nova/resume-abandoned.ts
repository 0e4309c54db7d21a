import { NO_PROOF } from '../../platform/ctx.ts'
import { shareFence } from '../governance/fence/share-fence.ts'
import { goOn } from './continuation.ts'
import { leaseEnd, NOVA_ACTOR, type Nova } from './nova.ts'
import { runOfRow } from './present.ts'
import { claimAbandoned } from './queries.ts'
import type { RunState } from './run/run-state.ts'

const BATCH = 10

/**
 * Goes on with runs whose process died while it worked on them, at most 10 a call; how many it took over. Effects that
 * were committed are in the run's row already, so nothing is done twice. A run whose session has ended meanwhile fails;
 * one that cannot go on keeps no other from it. While the system is dormant none is taken up.
 */
export async function resumeAbandoned(nova: Nova): Promise<number> {
  const { platform } = nova.gate
  const now = platform.clock.now()
  const rows = await platform.store.within({ service: 'runs' }, async (tx) => (
    await shareFence(tx) ? tx.send(claimAbandoned(tx.db, now, leaseEnd(platform.settings, now), BATCH)) : []))
  const ended = await Promise.allSettled(rows.map((row) => resumeOne(nova, runOfRow(row))))
  const failed = ended.find((one) => one.status === 'rejected')
  if (failed) throw failed.reason
  return rows.length
}

const resumeOne = (nova: Nova, run: RunState): Promise<RunState> =>
  goOn(nova, { userId: run.userId, identityId: run.identityId, sessionId: run.sessionId, actor: NOVA_ACTOR, proof: NO_PROOF }, run)
