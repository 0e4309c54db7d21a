import { afterDecision } from '../../domains/nova/continuation.ts'
import { afterReplacement } from '../../domains/nova/run/after-replacement.ts'
import { freshLanes, type RunState } from '../../domains/nova/run/run-state.ts'
import { completeRun, settleAction } from '../../domains/nova/run/settle-action.ts'
import type { Machine } from './sim.ts'

const LEASE_MS = 30_000
type Verdict = 'approved' | 'rejected' | 'cancelled' | 'expired'
const OPEN = new Set(['processing', 'awaiting_approval'])

const aRun = (tools: string[]): RunState => ({
  id: 'run', identityId: 'identity', userId: 'user', sessionId: 'session', sphereId: null, threadId: null, requestId: 'request', language: 'en', message: '', planner: 'offline', status: 'processing',
  intent: {}, lanes: freshLanes(), snapshot: null, snapshotHash: '', encoding: { compact: '', quality: { score: 1, grade: 'A' } }, actions: [], output: null, usage: { input_tokens: 0, output_tokens: 0 },
  cost: { micro_usd: 0, kind: 'reported' }, credits: 0, checkpointId: null, auditEventId: null, error: null, remaining: { kind: 'commands', commands: tools.map((tool) => ({ tool, args: {} })) },
  version: 1, createdAt: new Date(0), completedAt: null,
} as unknown as RunState)

/** A run of some calls, of which some wait for a person; two processes drive it, and die. Each call is done once at most. */
export const runs: Machine = {
  name: 'run',
  start(sim, broken) {
    const { random, ensure, tell } = sim
    const waits = Array.from({ length: random.between(1, 5) }, () => random.chance(0.5))
    const done = waits.map(() => 0)
    let run = aRun(waits.map((_, index) => String(index)))
    let [leaseUntil, points, point] = [0, 0, null as { id: string; tool: number } | null]

    /** Writes the run, unless another has written it since it was read. */
    function save(read: RunState, next: RunState, effect: () => void): void {
      if (!broken && run.version !== read.version) return
      ensure(broken || OPEN.has(run.status), `${run.status} is an end`)
      effect()
      run = { ...next, version: run.version + 1 }
      leaseUntil = sim.now() + LEASE_MS
      tell(`${run.status} ${run.version}`)
    }

    function step(read: RunState): void {
      const [command, ...rest] = read.remaining?.kind === 'commands' ? read.remaining.commands : []
      if (!command) return
      const tool = Number(command.tool)
      const action = { name: command.tool, effect: 'UPDATE' } as Parameters<typeof settleAction>[1]
      const remaining = { kind: 'commands', commands: rest } as const
      const how = sim.commit(() => {
        if (waits[tool]) {
          const id = `p${points + 1}`
          const held = settleAction(read, action, { kind: 'held', args: {}, policies: [], auditEventId: null, checkpoint: { id } } as never)
          save(read, { ...held, remaining }, () => { points += 1; point = { id, tool } })
        } else {
          const settled = { ...settleAction(read, action, { kind: 'done', args: {}, output: {}, policies: [], auditEventId: '' } as never), remaining }
          save(read, rest.length === 0 ? completeRun(settled, new Date(sim.now())) : settled, () => { done[tool] = (done[tool] ?? 0) + 1 })
        }
      })
      if (how === 'heard' && run.status === 'processing') drive()
    }

    function drive(): void {
      const read = run
      if (read.status === 'processing' && !random.chance(0.1)) sim.later(random.between(1, 2 * LEASE_MS), () => { step(read) })
    }

    function decide(verdict: Verdict): void {
      const [mine, read] = [point, run]
      if (!mine || read.status !== 'awaiting_approval') return
      const how = sim.commit(() => {
        if (point?.id !== mine.id) return
        const next = afterDecision(read, { checkpoint: { id: mine.id }, verdict, output: {} } as never, new Date(sim.now()))
        save(read, next, () => {
          point = null
          if (verdict === 'approved') done[mine.tool] = (done[mine.tool] ?? 0) + 1
        })
      })
      if (how === 'heard') drive()
    }

    function edit(): void {
      const [mine, read] = [point, run]
      if (!mine || read.status !== 'awaiting_approval') return
      const to = { id: `p${points += 1}`, tool: mine.tool }
      sim.commit(() => { save(read, afterReplacement(read, { from: { id: mine.id }, to: { id: to.id, args: {} }, because: random.chance(0.5) ? 'edited' : 'stale', note: null } as never), () => { point = to }) })
    }

    sim.later(0, drive)
    for (let n = 1; n <= 24; n += 1) {
      const at = n * LEASE_MS
      sim.later(at, () => { if (run.status === 'processing' && leaseUntil <= sim.now()) drive() })
      sim.later(at + random.between(0, LEASE_MS), () => { if (random.chance(0.25)) edit(); else decide(random.chance(0.85) ? 'approved' : (['rejected', 'cancelled', 'expired'] as const)[random.between(0, 3)] ?? 'rejected') })
    }
    for (let n = 1; n <= 40; n += 1) sim.later((50 + 4 * n) * LEASE_MS, () => { if (run.status === 'processing') drive(); else decide('approved') })

    return {
      always() {
        ensure(done.every((count) => count <= 1), `a call was done twice: ${done.join()}`)
        ensure(done.every((count, index) => count === 0 || done.slice(0, index).every((earlier) => earlier === 1)), `a call was done before its turn: ${done.join()}`)
        const waiting = run.actions.filter(({ status }) => status === 'awaiting_approval')
        ensure(waiting.length === (run.status === 'awaiting_approval' ? 1 : 0), `${run.status} with ${waiting.length} waiting`)
        ensure(run.status !== 'awaiting_approval' || waiting[0]?.checkpoint_id === point?.id, 'it waits at a checkpoint that is over')
      },
      end() {
        ensure(!OPEN.has(run.status), `it never ended: ${run.status}`)
        ensure(run.status !== 'completed' || done.every((count) => count === 1), 'it is told as completed, and something was not done')
        ensure(run.status === 'completed' || done.includes(0), `everything was done, and it ended as ${run.status}`)
      },
    }
  },
}
