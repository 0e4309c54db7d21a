import type { Tx } from '../../../platform/db/store.ts'
import type { Problem } from '../../../platform/errors.ts'
import { Dispersed, Paused, type Stopped } from './errors.ts'
import { listDispersedCodes, listPauses, readFence, type FenceRow, type PauseRow } from './queries.ts'
import type { Worker } from './share-fence.ts'

/** Pauses that a node aborts calls for; beyond it they end at their next step, which the gate refuses. */
const PAUSES_MAX = 1_000

type Found = { fence: FenceRow | undefined; stopOf: (worker: Worker) => Problem | undefined }

/** The fence as it is, and what stops a worker whose call is under way. */
export async function findStoppedWork(tx: Tx): Promise<Found> {
  const [[fence], pauses, dispersed] = await Promise.all([
    tx.send(readFence(tx.db)), tx.send(listPauses(tx.db, { identityId: null, limit: PAUSES_MAX })), tx.send(listDispersedCodes(tx.db)),
  ])
  const codes = new Set(dispersed.map(({ agent_code }) => agent_code))
  return {
    fence,
    stopOf(worker) {
      if (fence && worker.actor.kind === 'agent' && codes.has(worker.actor.id)) return Dispersed({ ...dispersalOf(fence), level: fence.dispersal ?? 'unknown' })
      const pause = pauses.find((one) => applies(one, worker))
      return pause && Paused({ who: pause.set_by, reason: pause.reason, since: pause.since.toISOString(), scope: pause.scope, pauseId: pause.id })
    },
  }
}

function applies({ scope, target, identity_id: of }: PauseRow, { identityId, actor, spheres }: Worker): boolean {
  if (of !== null && of !== identityId) return false
  if (scope === 'identity') return target === identityId
  if (scope === 'sphere') return spheres.includes(Number(target))
  return scope === actor.kind && target === actor.id
}

const dispersalOf = ({ dispersal_by: by, dispersal_reason: reason, dispersal_since: since, since: stopped }: FenceRow): Stopped =>
  ({ who: by ?? 'unknown', reason, since: (since ?? stopped).toISOString() })
