import type { CallerCtx } from '../../platform/ctx.ts'
import { Problem } from '../../platform/errors.ts'
import type { IdempotencyKey } from '../../platform/http/idempotency.ts'
import type { WireAnswer } from '../../platform/http/mount.ts'
import type { AnyAction } from '../../platform/action.ts'
import type { Performed } from '../governance/gate.ts'
import { perform } from '../governance/perform.ts'
import { answerOf } from './answer.ts'
import type { Begun } from './begin-run.ts'
import { NOVA_ACTOR, type Nova } from './nova.ts'
import { saidIn } from './run/said-in.ts'
import { saveRun, saveRunAlone } from './run/save-run.ts'
import { completeRun, endRun, settleAction } from './run/settle-action.ts'
import type { RunState } from './run/run-state.ts'

/** A run of one call: effect, record, event, run and stored answer are one commit (three round trips, see perform). */
export async function performOne(nova: Nova, ctx: CallerCtx, { begun, idempotency }: { begun: Begun; idempotency: IdempotencyKey | undefined }): Promise<WireAnswer> {
  const [command] = begun.commands
  const action = command && nova.gate.actions.get(command.tool)
  if (!command || !action) throw new Error('A run of one call has one call')
  let settled = begun.run
  try {
    const outcome = await perform(nova.gate, {
      action, given: command.args, caller: { ...ctx.caller, actor: NOVA_ACTOR }, via: 'nova', sphereId: begun.run.sphereId, requestId: ctx.requestId, runId: begun.run.id, threadId: begun.run.threadId, said: saidIn(begun.run),
      onLane: (lane) => begun.timer.end(lane, lane === 'E' ? 'waiting' : 'completed'),
      idempotency,
      close: (tx, ended) => {
        settled = settleOnly(begun, action, ended, tx.now())
        if (isOwn(settled, ended)) saveRun(tx, settled, { first: true })
      },
      answer: (ended) => answerOf(settled, ended, ctx),
    })
    return answerOf(settled, outcome, ctx)
  } catch (error) {
    throw await keepRefusal(nova, begun.run, error)
  }
}

/** The same request again waits at the checkpoint of the run before: that run goes on, this one is not kept. */
const isOwn = (run: RunState, outcome: Performed): boolean => outcome.kind !== 'held' || outcome.checkpoint.run_id === run.id

function settleOnly({ run, timer }: Begun, action: AnyAction, outcome: Performed, now: Date): RunState {
  if (outcome.kind === 'replayed') return run
  if (outcome.kind === 'done') timer.end('E', 'skipped')
  timer.end('G', outcome.kind === 'done' ? 'completed' : 'pending')
  const next = settleAction(run, action, outcome)
  return outcome.kind === 'held' ? next : completeRun(next, now)
}

const DENIALS = new Set(['identity_boundary', 'policy_denied', 'cross_sphere'])

/** A call that the gate refused or that failed leaves its run, so that its owner can look it up. */
async function keepRefusal(nova: Nova, run: RunState, error: unknown): Promise<unknown> {
  if (!(error instanceof Problem) || error.status === 401 || error.status >= 500 || error.code === 'idempotency_mismatch') return error
  await saveRunAlone(nova, endRun(run, DENIALS.has(error.code) ? 'denied' : 'failed', { code: error.code, detail: error.detail() }, nova.gate.platform.clock.now()), { first: true })
  return error
}
