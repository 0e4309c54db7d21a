import type { z } from 'zod'
import type { ReadCtx } from '../../../platform/ctx.ts'
import { CHECKPOINT_STATUSES } from '../contract.ts'
import type { Analytics, GovernanceMetrics, Stats } from './contract.ts'
import { countBy, countByStatus, countPauses, measure, type Slice } from './queries.ts'

const DAY_MS = 24 * 3_600_000

const windowOf = (ctx: ReadCtx, days: number): { since: Date; at: Date } => ({ at: ctx.now(), since: new Date(ctx.now().getTime() - days * DAY_MS) })

export async function readStats(ctx: ReadCtx, { days }: { days: number }): Promise<z.input<typeof Stats>> {
  const span = windowOf(ctx, days)
  const counts = await ctx.tx.send(countByStatus(ctx.identityId, span).compile(ctx.db))
  const sum = (of: typeof counts): number => of.reduce((all, { count }) => all + count, 0)
  const byStatus = Object.fromEntries(CHECKPOINT_STATUSES.map((status) => [status, sum(counts.filter((one) => one.status === status))]))
  return { since: span.since.toISOString(), days, total: sum(counts), by_status: byStatus as z.input<typeof Stats>['by_status'], by_type: counts as z.input<typeof Stats>['by_type'] }
}

const rounded = (seconds: number | null): number | null => (seconds === null ? null : Math.round(seconds * 1_000) / 1_000)

export async function readMetrics(ctx: ReadCtx, { days }: { days: number }): Promise<z.input<typeof GovernanceMetrics>> {
  const span = windowOf(ctx, days)
  const [[timings], pauses] = await Promise.all([ctx.tx.send(measure(ctx.identityId, span).compile(ctx.db)), ctx.tx.send(countPauses(ctx.db, ctx.identityId, span.since))])
  if (!timings) throw new Error('An aggregate without a row')
  const pausesOf = (reason: string): number => Number(pauses.find((one) => one.reason === reason)?.count ?? 0)
  return {
    since: span.since.toISOString(), days, waiting: timings.waiting, oldest_waiting_since: timings.oldest_waiting?.toISOString() ?? null,
    decided: timings.decided, median_seconds_to_decision: rounded(timings.median_seconds), p95_seconds_to_decision: rounded(timings.p95_seconds),
    expired: timings.expired, expiry_rate: timings.ended === 0 ? null : rounded(timings.expired / timings.ended), escalated: timings.escalated, floods: pausesOf('flood'), blocks: pausesOf('blocked'),
  }
}

export async function readAnalytics(ctx: ReadCtx, { days }: { days: number }): Promise<z.input<typeof Analytics>> {
  const span = windowOf(ctx, days)
  const of = (by: 'day' | 'tool' | 'actor'): Promise<Slice[]> => ctx.tx.send(countBy(ctx.identityId, by, span).compile(ctx.db))
  const [byDay, byTool, byActor] = await Promise.all([of('day'), of('tool'), of('actor')])
  return { since: span.since.toISOString(), days, by_day: byDay, by_tool: byTool, by_actor: byActor } as z.input<typeof Analytics>
}
