import type { Caller } from '../../../platform/ctx.ts'
import { Problem } from '../../../platform/errors.ts'
import { InternalError } from '../../../platform/problems.ts'
import type { Carried } from '../carry-on.ts'
import { askClaude } from './ask-claude.ts'
import { conversationOf, messagesOf, nextCall, takeAnswer } from './conversation.ts'
import { endLanes } from './end-lanes.ts'
import { keep } from './keep.ts'
import { DRIVE_MAX_MS, limitReached } from './limits.ts'
import { makeCall } from './make-call.ts'
import { PROMPT_VERSION } from './system-prompt.ts'
import { driveAlone } from '../run/drive-alone.ts'
import { RunLimit } from '../errors.ts'
import type { Nova } from '../nova.ts'
import { isRunTaken } from '../run/save-run.ts'
import { endRun } from '../run/settle-action.ts'
import type { RunState } from '../run/run-state.ts'

/**
 * Carries a conversation with Claude on until it ends or waits at a checkpoint. The state is the run's row: every call that
 * the model makes is kept with its result in the commit of its effect, every answer before its calls are made. So after a
 * restart nothing is done twice; an answer of the model that was lost is asked for again.
 */
export const converse = (nova: Nova, caller: Caller, started: RunState): Promise<Carried> => driveAlone(nova, started, () => talk(nova, caller, started))

async function talk(nova: Nova, caller: Caller, started: RunState): Promise<Carried> {
  const until = new Date(nova.gate.platform.clock.now().getTime() + DRIVE_MAX_MS)
  let run = started
  while (run.status === 'processing') {
    const turn = await takeTurn(nova, { caller, run, until })
    if (turn.held || turn.refused) return turn
    run = turn.run
  }
  return { run, held: null, refused: null }
}

type Turn = { caller: Caller; run: RunState; until: Date }

async function takeTurn(nova: Nova, { caller, run, until }: Turn): Promise<Carried> {
  try {
    const position = nextCall(conversationOf(run))
    if (position >= 0) return await makeCall(nova, { caller, run, position })
    return { run: await hearClaude(nova, { caller, run, until }), held: null, refused: null }
  } catch (error) {
    if (isRunTaken(error)) throw error
    return stop(nova, { caller, run, error })
  }
}

async function hearClaude(nova: Nova, { caller, run, until }: Turn): Promise<RunState> {
  const { clock, settings } = nova.gate.platform
  const conversation = conversationOf(run)
  const messages = messagesOf(conversation)
  const limit = limitReached({ usage: run.usage, stepsTaken: conversation.stepsTaken, stepsMax: settings.NOVA_MAX_STEPS, now: clock.now(), until, messages })
  if (limit) throw RunLimit({ limit, runId: run.id })
  const since = performance.now()
  const step = await askClaude(nova, run, messages)
  const next = takeAnswer(thoughtFor(run, performance.now() - since), { messages, step, at: clock.now() })
  const { usage: { input_tokens, output_tokens }, status } = next
  return keep(nova, caller, next, status === 'completed' ? { action: 'nova.answered', outcome: 'done', details: { model: settings.NOVA_MODEL, prompt_version: PROMPT_VERSION, input_tokens, output_tokens } } : null)
}

/** What the model takes to think belongs to lane A: it is where the intent is read. */
const thoughtFor = (run: RunState, ms: number): RunState =>
  ({ ...run, lanes: run.lanes.map((lane) => (lane.lane === 'A' ? { ...lane, duration_ms: Math.round((lane.duration_ms + ms) * 100) / 100 } : lane)) })

/** Ends the run as failed; what was done before stays done and stays in it. A bug of ours flies on, so that it is seen. */
async function stop(nova: Nova, { caller, run, error }: { caller: Caller; run: RunState; error: unknown }): Promise<Carried> {
  const problem = error instanceof Problem ? error : InternalError()
  const ended = endRun({ ...run, lanes: endLanes(run.lanes) }, 'failed', { code: problem.code, detail: problem.detail() }, nova.gate.platform.clock.now())
  const kept = await keep(nova, caller, ended, { action: 'nova.stopped', outcome: 'failed', details: { code: problem.code } })
  if (error !== problem) throw error
  return { run: kept, held: null, refused: problem }
}
