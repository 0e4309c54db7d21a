import type { Ctx } from '../../platform/ctx.ts'
import { gather } from '../governance/fence/dispersal.ts'
import type { Fence, FenceChange } from '../governance/fence/fence.ts'
import { AtomKill, AtomRevive, type Cause } from './events.ts'
import { frequencyOf } from './frequency.ts'
import { countByStatus, gatherFleet, gatherSphere, moveFleet } from './queries.ts'
import type { Role } from './require-seal.ts'
import { tell, tellFleet } from './tell-fleet.ts'

const ARCHITECT = 'architect'

type Asked = { by: Role; reason: string }

/** Stops the system: settles when nothing is executed any more, on any node (governance/fence/fence.ts). Twice is as good as once. */
export const kill = (fence: Fence, ctx: Ctx, reason: string): Promise<void> => fence.close({
  reason, by: ARCHITECT,
  async announce(tx, row) {
    const moving = tx.send(moveFleet(tx.db, { from: 'active', to: 'dormant', at: row.since }))
    const cause: Cause = { strength: 'kill', by: ARCHITECT, reason: row.reason, since: row.since.toISOString() }
    tell(tx, row.since, AtomKill, { ...cause, frequency: frequencyOf(row.state), version: Number(row.version) })
    await tellFleet(tx, { at: row.since, state: row.state, moving, status: 'dormant', cause, audit: auditOf(ctx, 'atom.kill', ARCHITECT, { reason: row.reason, version: Number(row.version) }) })
  },
})

/** Lets effects pass again, from a stop, a hold and a dispersal alike. What waits for approval still needs it, with the time that it had left. */
export const revive = (fence: Fence, ctx: Ctx, { reason, acknowledged }: { reason: string; acknowledged: boolean }): Promise<void> => fence.open({
  reason, by: ARCHITECT,
  async announce(tx, row, before) {
    const moving = tx.send(gatherFleet(tx.db, row.since))
    const cause: Cause = { strength: 'none', by: ARCHITECT, reason: row.reason, since: row.since.toISOString() }
    tell(tx, row.since, AtomRevive, { ...cause, frequency: frequencyOf(row.state), version: Number(row.version) })
    const lifted = [before.state === 'operational' ? '' : 'kill', before.held_since ? 'hold' : '', before.dispersal ? 'disperse' : ''].filter(Boolean).join(' ')
    await tellFleet(tx, { at: row.since, state: row.state, moving, status: 'active', cause, audit: auditOf(ctx, 'atom.revive', ARCHITECT, { reason: row.reason, version: Number(row.version), lifted, acknowledged }) })
  },
})

/** Brings the dispersed agents of one sphere back, and nothing else. */
export const reviveSphere = (fence: Fence, ctx: Ctx, { reason, sphereId }: { reason: string; sphereId: number }): Promise<void> => {
  let moved: unknown[] = []
  return gather(fence, {
    async gather(tx) {
      moved = await tx.send(gatherSphere(tx.db, { sphereId, at: ctx.now() }))
      const counts = await tx.send(countByStatus(tx.db))
      return { left: Number(counts.find(({ status }) => status === 'dispersed')?.count ?? 0) }
    },
    async announce(tx, row) {
      const at = ctx.now()
      const cause: Cause = { strength: row.dispersal ? 'disperse' : 'none', by: ARCHITECT, reason, since: at.toISOString() }
      tell(tx, at, AtomRevive, { ...cause, frequency: frequencyOf(row.state), version: Number(row.version) })
      await tellFleet(tx, { at, state: row.state, moving: moved, status: 'active', cause, audit: auditOf(ctx, 'atom.revive', ARCHITECT, { reason, sphere_id: sphereId, version: Number(row.version) }) })
    },
  })
}

/** Lets no new agent work begin; what has begun ends, and people's own work goes on. */
export const hold = (fence: Fence, ctx: Ctx, asked: Asked): Promise<void> => fence.hold(holding(ctx, asked, { action: 'atom.hold', status: 'held', strength: 'hold' }))

/** Lets agent work begin again after a hold; a stop or a dispersal stays. */
export const resume = (fence: Fence, ctx: Ctx, asked: Asked): Promise<void> => fence.resume(holding(ctx, asked, { action: 'atom.resume', status: 'active', strength: 'none' }))

const holding = (ctx: Ctx, { by, reason }: Asked, { action, status, strength }: { action: string; status: string; strength: string }): FenceChange => ({
  reason, by,
  async announce(tx, row) {
    const at = row.held_since ?? ctx.now()
    await tellFleet(tx, { at, state: row.state, moving: null, status, cause: { strength, by, reason, since: at.toISOString() }, audit: auditOf(ctx, action, by, { reason, version: Number(row.version) }) })
  },
})

const auditOf = ({ requestId }: Ctx, action: string, role: string, details: Record<string, string | number | boolean | null>) => ({ action, role, requestId, details })
