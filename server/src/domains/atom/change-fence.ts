import type { Ctx } from '../../platform/ctx.ts'
import type { Tx } from '../../platform/db/store.ts'
import { emit, type EventKind } from '../../platform/events/emit.ts'
import { instanceScene } from '../audit/instance.ts'
import { record } from '../audit/record.ts'
import type { Fence, FenceChange } from '../governance/fence/fence.ts'
import { phaseAt } from './beat.ts'
import { AtomAgentWave, AtomClusterUpdate, AtomKill, AtomRevive } from './events.ts'
import { frequencyOf } from './frequency.ts'
import { presentCluster } from './present.ts'
import { listClusters, moveFleet } from './queries.ts'

const ARCHITECT = 'architect'

/** Stops the system: settles when nothing is executed any more, on any node (governance/fence/fence.ts). Twice is as good as once. */
export const kill = (fence: Fence, ctx: Ctx, reason: string): Promise<void> =>
  fence.close(changeOf(ctx, { reason, action: 'atom.kill', kind: AtomKill, from: 'active', to: 'dormant' }))

/** Lets effects pass again. What waits for approval still needs it; what expired meanwhile is over. */
export const revive = (fence: Fence, ctx: Ctx, reason: string): Promise<void> =>
  fence.open(changeOf(ctx, { reason, action: 'atom.revive', kind: AtomRevive, from: 'dormant', to: 'active' }))

type Told = { reason: string; action: string; kind: typeof AtomKill; from: 'active' | 'dormant'; to: 'active' | 'dormant' }

/** The fleet's states, the events and the audit link are one commit with the state of the fence. */
const changeOf = (ctx: Ctx, { reason, action, kind, from, to }: Told): FenceChange => ({
  reason, by: ARCHITECT,
  async announce(tx, row) {
    const [moved, clusters] = await Promise.all([tx.send(moveFleet(tx.db, { from, to, at: row.since })), tx.send(listClusters(tx.db))])
    const frequency = frequencyOf(row.state)
    tell(tx, row.since, kind, { frequency, reason: row.reason, since: row.since.toISOString(), version: Number(row.version) })
    tell(tx, row.since, AtomAgentWave, { agent_id: null, agents: moved.length, status: to, frequency, phase: phaseAt(row.since) })
    tell(tx, row.since, AtomClusterUpdate, { clusters: clusters.map((cluster) => presentCluster(cluster, frequency)) })
    record(tx, instanceScene({ role: ARCHITECT, requestId: ctx.requestId, now: () => row.since }), { action, outcome: 'done', details: { reason: row.reason, version: Number(row.version), agents: moved.length } })
  },
})

/** Events of the instance belong to no identity: everyone who listens to AT·OM hears them. */
const tell = <Data extends Record<string, unknown>>(tx: Tx, at: Date, kind: EventKind<Data>, data: Data): void =>
  emit({ ...tx, identityId: null, userId: null, now: () => at }, kind, data)
