import type { CallerCtx } from '../../platform/ctx.ts'
import type { WireAnswer } from '../../platform/http/mount.ts'
import { renderProblem } from '../../platform/http/problem.ts'
import { checkpointRequired } from '../governance/checkpoints/checkpoint-required.ts'
import type { Performed } from '../governance/gate.ts'
import { presentRun } from './present.ts'
import type { RunState } from './run/run-state.ts'

/** What `POST /nova/query` answers: the run, or 423 with the checkpoint at which it waits. */
export function answerOf(run: RunState, outcome: Performed, ctx: CallerCtx): WireAnswer {
  if (outcome.kind === 'held') return answerHeld(outcome, outcome.checkpoint.run_id ?? run.id, ctx)
  if (outcome.kind === 'replayed') {
    if (!outcome.answer) throw new Error('The answer of a run of one call is kept in its own commit')
    return { ...outcome.answer, headers: { ...outcome.answer.headers, 'idempotency-replayed': 'true' } }
  }
  return { status: 200, headers: {}, body: presentRun(run, ctx.language) }
}

export function answerHeld({ checkpoint, policies }: Extract<Performed, { kind: 'held' }>, runId: string, ctx: CallerCtx): WireAnswer {
  const problem = checkpointRequired(checkpoint, { language: ctx.language, now: ctx.now(), runId, policies })
  return { status: problem.status, headers: problem.headers, body: renderProblem(problem, { id: ctx.requestId, headers: { 'accept-language': ctx.language } }) }
}
