import { Problem } from '../../platform/errors.ts'
import type { Caller } from '../../platform/ctx.ts'
import { NotConfigured } from '../../platform/problems.ts'
import type { Performed } from '../governance/gate.ts'
import { UnknownTool } from '../governance/errors.ts'
import { perform } from '../governance/perform.ts'
import { driveAlone } from './drive-alone.ts'
import { NOVA_ACTOR, type Nova } from './nova.ts'
import { saveRun, saveRunAlone } from './save-run.ts'
import { completeRun, endRun, settleAction } from './settle-action.ts'
import type { Command, RunState } from './run-state.ts'

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
const isPassing = ({ status, code }: Problem): boolean => status === 503 && code !== NotConfigured.kind.code

type Next = { caller: Caller; run: RunState; command: Command; rest: Command[] }

async function performNext(nova: Nova, { caller, run, command, rest }: Next): Promise<Carried> {
  const action = nova.gate.actions.get(command.tool)
  if (!action) throw UnknownTool({ tool: command.tool })
  let settled = run
  const outcome = await perform(nova.gate, {
    action, given: command.args, caller: { ...caller, actor: NOVA_ACTOR }, via: 'nova', sphereId: run.sphereId, requestId: run.requestId, runId: run.id,
    close: (tx, ended) => {
      if (ended.kind === 'replayed') return
      const next: RunState = { ...settleAction(run, action, ended), remaining: { kind: 'commands', commands: rest } }
      settled = saveRun(tx, ended.kind === 'done' && rest.length === 0 ? completeRun(next, tx.now()) : next, { first: false })
    },
  })
  return { run: settled, held: outcome.kind === 'held' ? outcome : null, refused: null }
}
