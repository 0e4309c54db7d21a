import type { CallerCtx } from '../../platform/ctx.ts'
import type { Language } from '../../platform/text.ts'
import type { IdempotencyKey } from '../../platform/http/idempotency.ts'
import type { WireAnswer } from '../../platform/http/mount.ts'
import { renderProblem } from '../../platform/http/problem.ts'
import type { WriteRoute } from '../../platform/http/route.ts'
import { checkpointRequired } from './checkpoints/checkpoint-required.ts'
import type { Gate, Performed } from './gate.ts'
import { perform } from './perform.ts'

/** A person's own write over REST, through the gate: the action's output, or 423 where even a person must approve. */
export async function writeThrough(gate: Gate, route: WriteRoute, ctx: CallerCtx, given: { input: unknown; idempotency: IdempotencyKey | undefined }): Promise<WireAnswer> {
  const answer = (outcome: Performed): WireAnswer => answerOf(outcome, route, ctx, ctx.language)
  const outcome = await perform(gate, {
    action: route.action, given: given.input, caller: ctx.caller, via: ctx.caller.key ? 'api_key' : 'rest', sphereId: sphereOf(ctx.caller), requestId: ctx.requestId, runId: null,
    idempotency: given.idempotency, answer,
  })
  return answer(outcome)
}

/** A key that may not work in the personal sphere puts what names no sphere into the first of its own. */
const sphereOf = ({ spheres }: CallerCtx['caller']): number | null => (spheres && spheres.length > 0 && !spheres.includes(1) ? spheres[0] ?? null : null)

function answerOf(outcome: Performed, route: WriteRoute, ctx: CallerCtx, language: Language): WireAnswer {
  if (outcome.kind === 'done') return { status: route.status, headers: {}, body: outcome.output }
  if (outcome.kind === 'held') {
    const problem = checkpointRequired(outcome.checkpoint, { language, now: ctx.now(), runId: null, policies: outcome.policies })
    return { status: problem.status, headers: problem.headers, body: renderProblem(problem, { id: ctx.requestId, headers: { 'accept-language': language } }) }
  }
  if (!outcome.answer) throw new Error('A write is answered in its own commit')
  return { ...outcome.answer, headers: { ...outcome.answer.headers, 'idempotency-replayed': 'true' } }
}
