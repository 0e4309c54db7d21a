import { z } from 'zod'
import type { CallerCtx } from '../../../platform/ctx.ts'
import { sessionRoute, type Route } from '../../../platform/http/route.ts'
import { Checkpoint, CheckpointKey, CreateCheckpoint, Settled } from '../contract.ts'
import type { Gate } from '../gate.ts'
import { askFirst } from './ask-first.ts'
import { approve, cancel, reject, type Decision, type Settled as SettledState } from './decide-checkpoint.ts'
import { block } from './block.ts'
import { escalate } from './escalate.ts'
import { presentCheckpoint, presentFor, presentSettled } from './present.ts'
import { seenOf, SeenHash } from './seen.ts'

const Note = z.string().max(2_000)
const Reason = z.string().trim().min(1).max(2_000)
const ApproveCheckpoint = CheckpointKey.extend({ note: Note.optional(), shown_hash: SeenHash })
const RejectCheckpoint = CheckpointKey.extend({ reason: Reason })
const DecideCheckpoint = CheckpointKey.extend({ decision: z.enum(['approve', 'reject']), note: Note.optional(), shown_hash: SeenHash })
export const DECIDED = ['not_found', 'identity_boundary', 'four_eyes', 'not_a_decider', 'no_robot_approves', 'step_up_required', 'conflict', 'gone', 'stale', 'precondition_failed', 'dormant']

export const decisionOf = (ctx: CallerCtx, id: string, note: string | null | undefined): Decision =>
  ({ caller: ctx.caller, requestId: ctx.requestId, language: ctx.language, id, note: note ?? null })

const answer = (ctx: CallerCtx, settled: SettledState): z.input<typeof Settled> => presentSettled(settled, ctx.language, ctx.now())

/** Decisions are POSTs of a live session (invariant 9); they are not actions, so that nothing but a person can make one. */
export const decisionRoutes = (gate: Gate): Route[] => [
  sessionRoute('POST /governance/checkpoints', {
    summary: 'Put an action before yourself: it waits for your approval even where policy would allow it', input: CreateCheckpoint, output: Checkpoint, status: 201,
    problems: ['unknown_tool', 'not_found', 'identity_boundary', 'policy_denied', 'dormant'],
    run: async (ctx, input) => presentCheckpoint(await askFirst(gate, ctx, input), ctx.language, ctx.now()),
  }),
  sessionRoute('POST /governance/checkpoints/:checkpoint_id/decision', {
    summary: 'Decide: approve or reject', input: DecideCheckpoint, output: Settled, problems: DECIDED,
    run: async (ctx, { checkpoint_id, decision, note, ...input }, { request }) => answer(ctx, await (decision === 'approve' ? approve : reject)(gate, { ...decisionOf(ctx, checkpoint_id, note), ...seenOf(request, input) })),
  }),
  sessionRoute('POST /governance/checkpoints/:checkpoint_id/approve', {
    summary: 'Approve: the action is done now, exactly as it was shown, exactly once; where several must approve, by the last of them', input: ApproveCheckpoint, output: Settled, problems: DECIDED,
    run: async (ctx, { checkpoint_id, note, ...input }, { request }) => answer(ctx, await approve(gate, { ...decisionOf(ctx, checkpoint_id, note), ...seenOf(request, input) })),
  }),
  sessionRoute('POST /governance/checkpoints/:checkpoint_id/reject', {
    summary: 'Reject for good', input: RejectCheckpoint, output: Settled, problems: DECIDED,
    run: async (ctx, { checkpoint_id, reason }, { request }) => answer(ctx, await reject(gate, { ...decisionOf(ctx, checkpoint_id, reason), ...seenOf(request, {}) })),
  }),
  sessionRoute('POST /governance/checkpoints/:checkpoint_id/block', {
    summary: 'Reject, and pause who asked until you lift it', input: RejectCheckpoint, output: Settled, problems: DECIDED,
    run: async (ctx, { checkpoint_id, reason }) => answer(ctx, await block(gate, decisionOf(ctx, checkpoint_id, reason))),
  }),
  sessionRoute('POST /governance/checkpoints/:checkpoint_id/escalate', {
    summary: 'Tell the deciders again, and the next role above them', input: CheckpointKey, output: Checkpoint, problems: ['not_found', 'identity_boundary', 'conflict', 'gone', 'dormant'],
    run: async (ctx, { checkpoint_id }) => presentFor(await escalate(gate, ctx, checkpoint_id), { language: ctx.language, now: ctx.now(), userId: ctx.caller.userId }),
  }),
  sessionRoute('DELETE /governance/checkpoints/:checkpoint_id', {
    summary: 'Cancel: take the request back', input: CheckpointKey, output: Settled, problems: DECIDED,
    run: async (ctx, { checkpoint_id }) => answer(ctx, await cancel(gate, decisionOf(ctx, checkpoint_id, null))),
  }),
]
