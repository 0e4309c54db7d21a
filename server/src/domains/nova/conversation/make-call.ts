import type { AnyAction } from '../../../platform/action.ts'
import type { Caller } from '../../../platform/ctx.ts'
import { Problem } from '../../../platform/errors.ts'
import { Conflict, NotConfigured, ValidationError } from '../../../platform/problems.ts'
import { CrossSphere, IdentityBoundary, PolicyDenied, UnknownTool } from '../../governance/errors.ts'
import type { Performed } from '../../governance/gate.ts'
import { perform } from '../../governance/perform.ts'
import type { Carried } from '../carry-on.ts'
import { NOVA_ACTOR, type Nova } from '../nova.ts'
import { timeLanes, type ActionState, type RunState } from '../run/run-state.ts'
import { saidIn } from '../run/said-in.ts'
import { saveRun } from '../run/save-run.ts'
import { untrustedOf } from '../run/untrusted-of.ts'
import { settleAction } from '../run/settle-action.ts'
import { conversationOf, noteOutput, noteWaiting } from './conversation.ts'
import { keep } from './keep.ts'
import { doneOutput, refusedOutput, RESULT_MAX_CHARS } from './tool-output.ts'

type Turn = { caller: Caller; run: RunState; position: number }
type Settled = Exclude<Performed, { kind: 'replayed' }>

/**
 * Makes one call of the model through the gate. What it did, and what the model will be told, are one commit, so no call is
 * made twice. What the gate refuses is told to the model by code and sentence, and recorded; what stops the run is thrown.
 */
export async function makeCall(nova: Nova, turn: Turn): Promise<Carried> {
  try {
    return await passGate(nova, turn)
  } catch (error) {
    if (!(error instanceof Problem) || !mayBeTold(error)) throw error
    return { run: await noteRefusal(nova, turn, error), held: null, refused: null }
  }
}

/** What the model can learn from. A session that ended, a stop or a fault of ours is not for the model to work around. */
const mayBeTold = ({ status, code }: Problem): boolean => (status < 500 && status !== 401) || code === NotConfigured.kind.code

async function passGate(nova: Nova, { caller, run, position }: Turn): Promise<Carried> {
  const { tool, args, fault } = callAt(run, position)
  const action = nova.gate.actions.get(tool)
  if (!action) throw UnknownTool({ tool })
  if (fault !== null) throw ValidationError({ errors: [{ path: 'args', message: fault }] })
  const lanes = structuredClone(run.lanes)
  const timer = timeLanes(lanes)
  let settled = run
  const outcome = await perform(nova.gate, {
    action, given: args, caller: { ...caller, actor: NOVA_ACTOR }, via: 'nova', sphereId: run.sphereId, requestId: run.requestId, runId: run.id, begun: true, said: saidIn(run),
    threadId: run.threadId, untrusted: untrustedOf(run, nova.gate.actions),
    onLane: (lane) => { timer.end(lane, lane === 'E' ? 'waiting' : 'completed') },
    close: (tx, ended) => {
      if (ended.kind !== 'replayed') settled = saveRun(tx, settleCall({ ...run, lanes: structuredClone(lanes) }, { position, action, ended }), { first: false })
    },
  })
  return { run: settled, held: settled.status === 'awaiting_approval' && outcome.kind === 'held' ? outcome : null, refused: null }
}

function settleCall(run: RunState, { position, action, ended }: { position: number; action: AnyAction; ended: Settled }): RunState {
  if (ended.kind === 'done') return noteOutput(settleAction(run, action, ended), position, doneOutput(ended.output, { approved: false }))
  if (ended.checkpoint.run_id === run.id) return noteWaiting(settleAction(run, action, ended), position, ended.checkpoint.id)
  // The very same action waits already, for another run: that one goes on when the person decides, this one only hears of it.
  const error = { code: Conflict.kind.code, detail: ALREADY_WAITS }
  const known: ActionState = { tool: action.name, args: ended.args, effect: action.effect, status: 'failed', result: null, checkpoint_id: ended.checkpoint.id, error }
  return noteOutput({ ...run, actions: [...run.actions, known] }, position, refusedOutput(error, run.language))
}

const ALREADY_WAITS = {
  en: 'That very action already waits for the person’s approval since an earlier request.',
  fr: 'Cette même action attend déjà l’approbation de la personne depuis une demande précédente.',
}

/** Codes that the gate has put into the record itself. */
const RECORDED = new Set([IdentityBoundary, PolicyDenied, CrossSphere].map(({ kind }) => kind.code))

function noteRefusal(nova: Nova, { caller, run, position }: Turn, problem: Problem): Promise<RunState> {
  const { tool, args } = callAt(run, position)
  const error = { code: problem.code, detail: problem.detail() }
  const effect = nova.gate.actions.get(tool)?.effect ?? 'UNKNOWN'
  const refused: ActionState = {
    tool, args: JSON.stringify(args).length > RESULT_MAX_CHARS ? {} : args, effect, status: problem.status === 403 ? 'denied' : 'failed', result: null, checkpoint_id: null, error,
  }
  const next = noteOutput({ ...run, actions: [...run.actions, refused] }, position, refusedOutput(error, run.language))
  return keep(nova, caller, next, RECORDED.has(problem.code) ? null : { action: 'nova.refused', outcome: 'denied', effect, details: { tool, code: problem.code } })
}

function callAt(run: RunState, position: number) {
  const call = conversationOf(run).calls[position]
  if (!call) throw new TypeError('The model made no such call')
  return call
}
