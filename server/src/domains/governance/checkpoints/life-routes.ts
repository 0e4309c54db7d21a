import { z } from 'zod'
import { page, pageInput, toPage } from '../../../platform/http/page.ts'
import { read, sessionRoute, type Route } from '../../../platform/http/route.ts'
import { Checkpoint, CheckpointKey, EFFECT_STATES, Settled } from '../contract.ts'
import { answerEffect } from '../effects/answer-effect.ts'
import { listEffects } from '../effects/queries.ts'
import type { Gate } from '../gate.ts'
import { editCheckpoint } from './edit-checkpoint.ts'
import { presentCheckpoint, presentSettled } from './present.ts'
import { seenOf, SeenHash } from './seen.ts'

const EditCheckpoint = CheckpointKey.extend({
  args: z.record(z.string().max(100), z.unknown()).describe('The arguments as they shall be; the tool stays the same.'),
  note: z.string().max(2_000).optional().describe('Why; the agent that asked sees it.'),
  approve: z.boolean().default(false).describe('Approve what was made of it at once.'),
  shown_hash: SeenHash,
})
const AnswerEffect = CheckpointKey.extend({ outcome: z.enum(['happened', 'did_not_happen', 'repeat']) })
const Answered = z.object({ checkpoint: Checkpoint, /** What `repeat` put before you. */ anew: Checkpoint.nullable() })
const ListEffects = z.strictObject({ ...pageInput, state: z.enum(EFFECT_STATES).default('unknown') })

/** What can happen to one checkpoint beyond yes and no. */
export const lifeRoutes = (gate: Gate): Route[] => [
  read('GET /governance/effects', {
    summary: 'Approved effects in a state, newest first: those of which nobody can say what they did, unless another state is asked for', input: ListEffects, output: page(Checkpoint),
    run: async (ctx, q) => toPage(
      await listEffects(ctx.db, ctx.identityId, { ...q, before: ctx.platform.cursors.decode(q.cursor) }).execute(),
      { limit: q.limit, cursors: ctx.platform.cursors, keyOf: (row) => row.id, present: (row) => presentCheckpoint(row, ctx.language, ctx.now()) },
    ),
  }),
  sessionRoute('POST /governance/checkpoints/:checkpoint_id/edit', {
    summary: 'Edit: put the same tool with other arguments in its place, through schema, boundary and policy again', input: EditCheckpoint, output: Settled, status: 201,
    problems: ['not_found', 'identity_boundary', 'conflict', 'gone', 'stale', 'waits_already', 'policy_denied', 'precondition_failed', 'step_up_required', 'dormant'],
    run: async (ctx, input, { request }) => {
      return presentSettled(await editCheckpoint(gate, { caller: ctx.caller, requestId: ctx.requestId, language: ctx.language, id: input.checkpoint_id, note: input.note ?? null, args: input.args, approve: input.approve, ...seenOf(request, input) }), ctx.language, ctx.now())
    },
  }),
  sessionRoute('POST /governance/checkpoints/:checkpoint_id/effect', {
    summary: 'Say what became of an effect that is unknown; `repeat` asks anew, and never repeats by itself', input: AnswerEffect, output: Answered,
    problems: ['not_found', 'identity_boundary', 'conflict', 'waits_already', 'stale', 'policy_denied', 'dormant'],
    run: async (ctx, { checkpoint_id, outcome }) => {
      const { checkpoint, anew } = await answerEffect(gate, { caller: ctx.caller, requestId: ctx.requestId, id: checkpoint_id, outcome })
      const present = (row: typeof checkpoint) => presentCheckpoint(row, ctx.language, ctx.now())
      return { checkpoint: present(checkpoint), anew: anew && present(anew) }
    },
  }),
]
