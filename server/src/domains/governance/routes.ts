import { z } from 'zod'
import { page, pageInput, toPage } from '../../platform/http/page.ts'
import { read, sessionRoute, type Route } from '../../platform/http/route.ts'
import { askFirst } from './checkpoints/ask-first.ts'
import { approve, cancel, reject } from './checkpoints/decide-checkpoint.ts'
import { lifeRoutes } from './checkpoints/life-routes.ts'
import { seenOf, SeenHash } from './checkpoints/seen.ts'
import { Checkpoint, CHECKPOINT_STATUSES, CHECKPOINT_TYPES, CheckpointKey, CreateCheckpoint, Settled } from './contract.ts'
import { frozenClock } from './fence/frozen-clock.ts'
import type { Gate } from './gate.ts'
import { etagOf, presentCheckpoint, presentOutcome } from './checkpoints/present.ts'
import { findCheckpoint, listCheckpoints } from './queries.ts'
import { refuseMissing } from './refuse-missing.ts'

const ListCheckpoints = z.strictObject({ ...pageInput, status: z.enum(CHECKPOINT_STATUSES).optional(), type: z.enum(CHECKPOINT_TYPES).optional() })
const ApproveCheckpoint = CheckpointKey.extend({ note: z.string().max(2_000).optional(), shown_hash: SeenHash })
const RejectCheckpoint = CheckpointKey.extend({ reason: z.string().trim().min(1).max(2_000) })
const DECIDED = ['not_found', 'identity_boundary', 'conflict', 'gone', 'stale', 'precondition_failed', 'dormant']

const reads: Route[] = [
  read('GET /governance/checkpoints', {
    summary: 'List checkpoints, newest first', input: ListCheckpoints, output: page(Checkpoint),
    run: async (ctx, q) => {
      const now = await frozenClock(ctx.tx, ctx.now())
      const rows = await listCheckpoints(ctx.db, ctx.identityId, { ...q, before: ctx.platform.cursors.decode(q.cursor), now }).execute()
      return toPage(rows, { limit: q.limit, cursors: ctx.platform.cursors, keyOf: (row) => row.id, present: (row) => presentCheckpoint(row, ctx.language, now) })
    },
  }),
  read('GET /governance/checkpoints/:checkpoint_id', {
    summary: 'Get a checkpoint: what it would do, and its state', input: CheckpointKey, output: Checkpoint, problems: ['not_found', 'identity_boundary'], etag: etagOf,
    run: async (ctx, { checkpoint_id }) => presentCheckpoint(
      await findCheckpoint(ctx.db, ctx.identityId, checkpoint_id).executeTakeFirst() ?? await refuseMissing(ctx, { type: 'checkpoint', id: checkpoint_id }), ctx.language, await frozenClock(ctx.tx, ctx.now())),
  }),
]

/** Decisions are POSTs of a live session (invariant 9); they are not actions, so that nothing but a person can make one. */
const decisions = (gate: Gate): Route[] => [
  sessionRoute('POST /governance/checkpoints', {
    summary: 'Put an action before yourself: it waits for your approval even where policy would allow it', input: CreateCheckpoint, output: Checkpoint, status: 201,
    problems: ['unknown_tool', 'not_found', 'identity_boundary', 'policy_denied', 'dormant'],
    run: async (ctx, input) => presentCheckpoint(await askFirst(gate, ctx, input), ctx.language, ctx.now()),
  }),
  sessionRoute('POST /governance/checkpoints/:checkpoint_id/approve', {
    summary: 'Approve: the action is done now, exactly as it was shown, exactly once', input: ApproveCheckpoint, output: Settled, problems: DECIDED,
    run: async (ctx, { checkpoint_id, note, ...input }, { request }) => {
      const { checkpoint, run, decided } = await approve(gate, { caller: ctx.caller, requestId: ctx.requestId, language: ctx.language, id: checkpoint_id, note: note ?? null, ...seenOf(request, input) })
      return { checkpoint: presentCheckpoint(checkpoint, ctx.language, ctx.now()), run, outcome: presentOutcome(decided, ctx.language) }
    },
  }),
  sessionRoute('POST /governance/checkpoints/:checkpoint_id/reject', {
    summary: 'Reject for good', input: RejectCheckpoint, output: Settled, problems: DECIDED,
    run: async (ctx, { checkpoint_id, reason }, { request }) => {
      const { checkpoint, run, decided } = await reject(gate, { caller: ctx.caller, requestId: ctx.requestId, language: ctx.language, id: checkpoint_id, note: reason, ...seenOf(request, {}) })
      return { checkpoint: presentCheckpoint(checkpoint, ctx.language, ctx.now()), run, outcome: presentOutcome(decided, ctx.language) }
    },
  }),
  sessionRoute('DELETE /governance/checkpoints/:checkpoint_id', {
    summary: 'Cancel: take the request back', input: CheckpointKey, output: Settled, problems: DECIDED,
    run: async (ctx, { checkpoint_id }) => {
      const { checkpoint, run, decided } = await cancel(gate, { caller: ctx.caller, requestId: ctx.requestId, language: ctx.language, id: checkpoint_id, note: null })
      return { checkpoint: presentCheckpoint(checkpoint, ctx.language, ctx.now()), run, outcome: presentOutcome(decided, ctx.language) }
    },
  }),
]

export const governanceRoutes = (gate: Gate): Route[] => [...reads, ...lifeRoutes(gate), ...decisions(gate)]
