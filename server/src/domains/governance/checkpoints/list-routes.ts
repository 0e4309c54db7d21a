import { z } from 'zod'
import type { ReadCtx } from '../../../platform/ctx.ts'
import { page, pageInput, toPage } from '../../../platform/http/page.ts'
import { read, type Route } from '../../../platform/http/route.ts'
import { InsufficientScope } from '../../../platform/problems.ts'
import { Checkpoint, CHECKPOINT_STATUSES, CHECKPOINT_TYPES, CheckpointKey } from '../contract.ts'
import { Advice, Vote } from '../deciders/contract.ts'
import { presentAdvice, presentVote } from '../deciders/present.ts'
import { findStanding, findVisible, listAdvice, listToDecide, listVotes } from '../deciders/queries.ts'
import { listCheckpoints, type CheckpointRow } from '../queries.ts'
import { frozenClock } from '../fence/frozen-clock.ts'
import { refuseMissing } from '../refuse-missing.ts'
import { etagOf, presentFor } from './present.ts'

const ListCheckpoints = z.strictObject({
  ...pageInput, status: z.enum(CHECKPOINT_STATUSES).optional(), type: z.enum(CHECKPOINT_TYPES).optional(),
  to_decide: z.enum(['true', 'false']).default('false').describe('Those that wait for you, for whichever identity; not with status or type.'),
})
const ListHistory = z.strictObject({ ...pageInput, type: z.enum(CHECKPOINT_TYPES).optional() })

/** One checkpoint, with the votes that were cast and what agents advise; advice never counts. */
const CheckpointDetail = Checkpoint.extend({ votes: z.array(Vote), advice: z.array(Advice), may_decide: z.boolean() })

type Page = z.input<ReturnType<typeof page<typeof Checkpoint>>>

const show = (ctx: ReadCtx, row: CheckpointRow, now: Date): z.output<typeof Checkpoint> => presentFor(row, { language: ctx.language, now, userId: ctx.caller.userId })

const paged = (ctx: ReadCtx, rows: CheckpointRow[], { limit, now }: { limit: number; now: Date }): Page => toPage(rows, { limit, cursors: ctx.platform.cursors, keyOf: ({ id }) => id, present: (row) => show(ctx, row, now) })

async function listMine(ctx: ReadCtx, q: { limit: number; cursor?: string | undefined; status?: string | undefined; type?: string | undefined; ended?: boolean }): Promise<Page> {
  const now = await frozenClock(ctx.tx, ctx.now())
  return paged(ctx, await listCheckpoints(ctx.db, ctx.identityId, { ...q, before: ctx.platform.cursors.decode(q.cursor), now }).execute(), { limit: q.limit, now })
}

/** A person decides for other identities too. A key decides nothing, so it has no seat by which it could look into them. */
async function listForMe(ctx: ReadCtx, { limit, cursor }: { limit: number; cursor?: string | undefined }): Promise<Page> {
  if (ctx.caller.key) throw InsufficientScope({ scope: null })
  const now = await frozenClock(ctx.tx, ctx.now())
  return paged(ctx, await listToDecide(ctx.db, { at: now, before: ctx.platform.cursors.decode(cursor), most: limit + 1 }).execute(), { limit, now })
}

/** The identity's own, and those that the caller may decide now. */
async function getOne(ctx: ReadCtx, id: string): Promise<z.input<typeof CheckpointDetail>> {
  const [now, [row], [standing], votes, advice] = await Promise.all([
    frozenClock(ctx.tx, ctx.now()),
    ctx.tx.send(findVisible(ctx.db, id)), ctx.tx.send(findStanding(id, ctx.caller.userId, ctx.now()).compile(ctx.db)), ctx.tx.send(listVotes(ctx.db, id)), ctx.tx.send(listAdvice(ctx.db, id)),
  ])
  const seat = ctx.caller.key ? null : standing?.seat ?? null
  if (!row || (row.identity_id !== ctx.identityId && seat === null)) return refuseMissing(ctx, { type: 'checkpoint', id })
  return { ...show(ctx, row, now), votes: votes.map(presentVote), advice: advice.map(presentAdvice), may_decide: seat !== null && row.status === 'pending' && row.expires_at > now }
}

export const listRoutes: Route[] = [
  read('GET /governance/checkpoints', {
    summary: 'List checkpoints, newest first', input: ListCheckpoints, output: page(Checkpoint), run: (ctx, { to_decide, ...q }) => (to_decide === 'true' ? listForMe(ctx, q) : listMine(ctx, q)),
  }),
  read('GET /governance/checkpoints/pending', { summary: 'List what waits for you to decide, newest first', input: z.strictObject({ ...pageInput }), output: page(Checkpoint), run: listForMe }),
  read('GET /governance/checkpoints/history', { summary: 'List checkpoints that ended, newest first', input: ListHistory, output: page(Checkpoint), run: (ctx, q) => listMine(ctx, { ...q, ended: true }) }),
  read('GET /governance/checkpoints/:checkpoint_id', {
    summary: 'Get a checkpoint: what it would do, and its state', input: CheckpointKey, output: CheckpointDetail, problems: ['not_found', 'identity_boundary'], etag: etagOf, run: (ctx, { checkpoint_id }) => getOne(ctx, checkpoint_id),
  }),
]
