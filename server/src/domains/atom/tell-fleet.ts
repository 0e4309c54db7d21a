import type { Tx } from '../../platform/db/store.ts'
import { emit, type EventKind } from '../../platform/events/emit.ts'
import { instanceScene } from '../audit/instance.ts'
import { record } from '../audit/record.ts'
import { phaseAt } from './beat.ts'
import { AtomAgentWave, AtomClusterUpdate, type Cause } from './events.ts'
import { frequencyOf } from './frequency.ts'
import { presentCluster } from './present.ts'
import { countByStatus, listClusters } from './queries.ts'

type Audit = { action: string; role: string; requestId: string; details: Record<string, string | number | boolean | null> }
type Change = {
  at: Date; state: string; status: string; cause: Cause; audit: Audit
  /** The agents that the change moves, sent before; null when it concerns all that are active and moves none. */
  moving: Promise<unknown[]> | unknown[] | null
}

/** What the fleet has become, as events and as a link of the instance's chain, in the commit of the change; how many are dispersed. */
export async function tellFleet(tx: Tx, { at, state, moving, status, cause, audit }: Change): Promise<number> {
  const [moved, clusters, counts] = await Promise.all([moving, tx.send(listClusters(tx.db)), tx.send(countByStatus(tx.db))])
  const countOf = (wanted: string): number => Number(counts.find((one) => one.status === wanted)?.count ?? 0)
  const agents = moved?.length ?? countOf('active')
  const frequency = frequencyOf(state)
  tell(tx, at, AtomAgentWave, { agent_id: null, agents, status, frequency, phase: phaseAt(at), cause })
  tell(tx, at, AtomClusterUpdate, { clusters: clusters.map((cluster) => presentCluster(cluster, frequency)), cause })
  record(tx, instanceScene({ role: audit.role, requestId: audit.requestId, now: () => at }), { action: audit.action, outcome: 'done', details: { ...audit.details, agents } })
  return countOf('dispersed')
}

/** Events of the instance belong to no identity: everyone who listens to AT·OM hears them. */
export const tell = <Data extends Record<string, unknown>>(tx: Tx, at: Date, kind: EventKind<Data>, data: Data): void =>
  emit({ ...tx, identityId: null, userId: null, now: () => at }, kind, data)
