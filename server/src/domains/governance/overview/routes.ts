import { page, toPage } from '../../../platform/http/page.ts'
import { read, sessionRoute, type Route } from '../../../platform/http/route.ts'
import { presentCheckpoint } from '../checkpoints/present.ts'
import { Checkpoint } from '../contract.ts'
import { refuseMissing } from '../refuse-missing.ts'
import { findOwners } from '../queries.ts'
import { Analytics, GovernanceMetrics, ListBacklog, ResolveBacklog, Signal, Stats, ThreadKey, Window } from './contract.ts'
import { readAnalytics, readMetrics, readStats } from './figures.ts'
import { listBacklog } from './queries.ts'
import { resolveBacklog } from './resolve-backlog.ts'
import { readSignals } from './signals.ts'

const stats = { summary: 'Count checkpoints by status and type', input: Window, output: Stats, run: readStats }

export const overviewRoutes: Route[] = [
  read('GET /governance/checkpoints/stats', stats),
  read('GET /governance/metrics', { summary: 'Measure decisions: how long they take, how many expire', input: Window, output: GovernanceMetrics, run: readMetrics }),
  read('GET /governance/analytics', { summary: 'Count checkpoints by day, tool and kind of actor', input: Window, output: Analytics, run: readAnalytics }),
  read('GET /governance/signals', { summary: 'List what a person should look at now', output: page(Signal), run: async (ctx) => ({ items: await readSignals(ctx, null), next_cursor: null }) }),
  read('GET /governance/signals/:thread_id', {
    summary: 'List what the runs of a thread wait for', input: ThreadKey, output: page(Signal), problems: ['not_found', 'identity_boundary'],
    run: async (ctx, { thread_id }) => {
      const [owner] = await ctx.tx.send(findOwners(['thread'], [thread_id]).compile(ctx.db))
      if (owner?.identity_id !== ctx.identityId) await refuseMissing(ctx, { type: 'thread', id: thread_id })
      return { items: await readSignals(ctx, thread_id), next_cursor: null }
    },
  }),
  read('GET /governance/backlog', {
    summary: 'List what ended without a decision, or with an effect that nobody knows, and was not seen to', input: ListBacklog, output: page(Checkpoint),
    run: async (ctx, q) => toPage(
      await listBacklog(ctx.db, ctx.identityId, { before: ctx.platform.cursors.decode(q.cursor), limit: q.limit }).execute(),
      { limit: q.limit, cursors: ctx.platform.cursors, keyOf: ({ id }) => id, present: (row) => presentCheckpoint(row, ctx.language, ctx.now()) },
    ),
  }),
  sessionRoute('POST /governance/backlog/:checkpoint_id/resolve', {
    summary: 'Say that an expired checkpoint was seen to', input: ResolveBacklog, output: Checkpoint, problems: ['not_found', 'identity_boundary', 'conflict', 'no_robot_approves'],
    run: async (ctx, { checkpoint_id, note }) => presentCheckpoint(await resolveBacklog(ctx, checkpoint_id, note ?? null), ctx.language, ctx.now()),
  }),
]
