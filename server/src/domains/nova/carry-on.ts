import { Problem } from '../../platform/errors.ts'
import type { Caller } from '../../platform/ctx.ts'
import { Conflict, NotConfigured } from '../../platform/problems.ts'
import type { AnyAction } from '../../platform/action.ts'
import type { Performed } from '../governance/gate.ts'
import { UnknownTool } from '../governance/errors.ts'
import { isStop } from '../governance/fence/errors.ts'
import { perform } from '../governance/perform.ts'
import { driveAlone } from './run/drive-alone.ts'
import { NOVA_ACTOR, type Nova } from './nova.ts'
import { saidIn } from './run/said-in.ts'
import { saveRun, saveRunAlone } from './run/save-run.ts'
import { untrustedOf } from './run/untrusted-of.ts'
import { completeRun, endRun, settleAction } from './run/settle-action.ts'
import type { Command, RunState } from './run/run-state.ts'

/** Where a run stands after it was carried as far as it goes: ended, or waiting at a checkpoint. */
export type Carried = { run: RunState; held: Extract<Performed, { kind: 'held' }> | null; refused: Problem | null }

/**
 * Carries a run of several calls on, one after the other, each through the gate and each in a commit of its own that also
 * keeps what remains: after a restart the run goes on where it was, and no call is made twice. The first refusal ends it.
 */
export const carryOn = (nova: Nova, caller: Caller, started: RunState): Promise<Carried> => driveAlone(nova, started, () => takeSteps(nova, caller, started))

async function takeSteps(nova: Nova, caller: Caller, started: RunState): Promise<Carried> {
  let run = started
  while (run.status === 'processing' && run.remaining?.kind === 'commands' && run.remaining.commands.length > 0) {
    const step = await takeStep(nova, caller, run)
    if (step.held || step.refused) return step
    run = step.run
  }
  return { run, held: null, refused: null }
}

async function takeStep(nova: Nova, caller: Caller, run: RunState): Promise<Carried> {
  const [command, ...rest] = run.remaining?.kind === 'commands' ? run.remaining.commands : []
  try {
    return await performNext(nova, { caller, run, command: command as Command, rest })
  } catch (error) {
    if (!(error instanceof Problem) || isPassing(error)) throw error
    const failed = endRun(run, error.status === 403 ? 'denied' : 'failed', { code: error.code, detail: error.detail() }, nova.gate.platform.clock.now())
    await saveRunAlone(nova, failed, { first: false })
    return { run: failed, held: null, refused: error }
  }
}

/** What passes by itself leaves the run where it is: whoever takes it up later goes on with it. */
const isPassing = ({ status, code }: Problem): boolean => status === 503 && code !== NotConfigured.kind.code && !isStop({ code })

type Next = { caller: Caller; run: RunState; command: Command; rest: Command[] }

async function performNext(nova: Nova, { caller, run, command, rest }: Next): Promise<Carried> {
  const action = nova.gate.actions.get(command.tool)
  if (!action) throw UnknownTool({ tool: command.tool })
  let settled = run
  const outcome = await perform(nova.gate, {
    action, given: command.args, caller: { ...caller, actor: NOVA_ACTOR }, via: 'nova', sphereId: run.sphereId, requestId: run.requestId, runId: run.id, begun: true, said: saidIn(run),
    threadId: run.threadId, untrusted: untrustedOf(run, nova.gate.actions),
    close: (tx, ended) => {
      if (ended.kind !== 'replayed') settled = saveRun(tx, settleStep(run, { action, ended, rest, now: tx.now() }), { first: false })
    },
  })
  return { run: settled, held: outcome.kind === 'held' ? outcome : null, refused: null }
}

type Step = { action: AnyAction; ended: Exclude<Performed, { kind: 'replayed' }>; rest: Command[]; now: Date }

export const WAITS_ELSEWHERE = { en: 'One of these actions waits for your approval already, in another run. Decide that first; the rest of this sentence was not done.', fr: 'Une de ces actions attend déjà votre approbation, dans une autre exécution. Décidez d’abord ; le reste de cette phrase n’a pas été fait.' }

/** The run after one more step. What another run waits for already is decided there: this run cannot wait for it too. */
function settleStep(run: RunState, { action, ended, rest, now }: Step): RunState {
  const next: RunState = { ...settleAction(run, action, ended), lanes: stepLanes(run, ended.kind), remaining: { kind: 'commands', commands: rest } }
  if (ended.kind === 'held' && ended.checkpoint.run_id !== run.id) return endRun({ ...run, lanes: run.lanes.map((lane) => ('EFG'.includes(lane.lane) && lane.status === 'pending' ? { ...lane, status: 'skipped' } : lane)) }, 'failed', { code: Conflict.kind.code, detail: WAITS_ELSEWHERE }, now)
  return ended.kind === 'done' && rest.length === 0 ? completeRun(next, now) : next
}

/** A run of several calls passes the lanes D to G once for each: they show where it stands. */
const stepLanes = (run: RunState, kind: 'done' | 'held'): RunState['lanes'] => run.lanes.map((lane) => {
  if (lane.lane === 'E') return { ...lane, status: kind === 'held' ? 'waiting' : lane.status === 'pending' ? 'skipped' : lane.status }
  return 'DFG'.includes(lane.lane) && (kind === 'done' || lane.lane === 'D') ? { ...lane, status: 'completed' } : lane
})
