import { z } from 'zod'
import type { CallerCtx } from '../../../platform/ctx.ts'
import { sessionRoute, type Route } from '../../../platform/http/route.ts'
import { Settled } from '../contract.ts'
import type { Gate } from '../gate.ts'
import { decideMany, type Batch, type Item } from './batch.ts'
import { DECIDED } from './decision-routes.ts'
import { expireOwnCheckpoints } from './expire-checkpoints.ts'
import { presentSettled } from './present.ts'

const BATCH_MAX = 100

const batch = {
  ids: z.array(z.uuid()).min(1).max(BATCH_MAX).refine((ids) => new Set(ids).size === ids.length, 'each id once').describe('Every checkpoint by its id; there is no “all”.'),
  mode: z.enum(['all_or_nothing', 'each']).default('all_or_nothing'),
}
const ApproveMany = z.strictObject({ ...batch, note: z.string().max(2_000).optional() })
const RejectMany = z.strictObject({ ...batch, reason: z.string().trim().min(1).max(2_000) })
const Decisions = z.object({ items: z.array(z.object({ id: z.uuid(), result: Settled.nullable(), problem: z.looseObject({ code: z.string(), status: z.int() }).nullable() })) })

const show = (ctx: CallerCtx, items: Item[]): z.input<typeof Decisions> => ({
  items: items.map(({ id, settled, problem }) => ({ id, result: settled && presentSettled(settled, ctx.language, ctx.now()), problem: problem as { code: string; status: number } | null })),
})

const many = async (gate: Gate, ctx: CallerCtx, given: Batch): Promise<z.input<typeof Decisions>> => show(ctx, await decideMany(gate, ctx, given))

export const batchRoutes = (gate: Gate): Route[] => [
  sessionRoute('POST /governance/checkpoints/batch/approve', {
    summary: 'Approve many, all or nothing in one commit, or each for itself', input: ApproveMany, output: Decisions, problems: [...DECIDED, 'batch_refused'],
    run: (ctx, { ids, mode, note }) => many(gate, ctx, { ids, mode, verdict: 'approved', note: note ?? null }),
  }),
  sessionRoute('POST /governance/checkpoints/batch/reject', {
    summary: 'Reject many, all or nothing in one commit, or each for itself', input: RejectMany, output: Decisions, problems: [...DECIDED, 'batch_refused'],
    run: (ctx, { ids, mode, reason }) => many(gate, ctx, { ids, mode, verdict: 'rejected', note: reason }),
  }),
  sessionRoute('POST /governance/checkpoints/cleanup/expired', {
    summary: 'End now what has waited too long; the clock does it every minute', output: z.object({ expired: z.int() }),
    run: async (ctx) => ({ expired: await expireOwnCheckpoints(gate, ctx) }),
  }),
]
