import { z } from 'zod'
import { page, toPage } from '../../platform/http/page.ts'
import { idempotencyKeyOf } from '../../platform/http/idempotency.ts'
import { read, sessionRoute, type Route } from '../../platform/http/route.ts'
import { refuseMissing } from '../governance/refuse-missing.ts'
import { ListRuns, Query, Run, RunKey, Tool } from './contract.ts'
import { listTools } from './list-tools.ts'
import type { Nova } from './nova.ts'
import { presentRun, runOfRow } from './present.ts'
import { findRun, listRuns } from './queries.ts'
import { query } from './query.ts'

const ASKED = ['checkpoint_required', 'identity_boundary', 'policy_denied', 'cross_sphere', 'not_found', 'ambiguous', 'unclear', 'not_understood', 'not_a_command', 'unknown_tool', 'empty_query', 'idempotency_mismatch', 'conflict', 'not_configured', 'dormant', 'provider_error', 'provider_timeout', 'run_limit', 'budget_exceeded', 'insufficient_scope']

export const novaRoutes = (nova: Nova): Route[] => [
  sessionRoute('POST /nova/query', {
    summary: 'Tell Nova to do something, in plain French or English or as a tool call', input: Query, output: Run, problems: ASKED, keys: 'nova.query',
    run: async (ctx, input, { request, reply }) => {
      const answer = await query(nova, ctx, { input, idempotency: idempotencyKeyOf(request, 'POST /nova/query', input) })
      reply.code(answer.status).headers(answer.headers)
      if (answer.status < 400) return answer.body as z.input<typeof Run>
      void reply.type('application/problem+json; charset=utf-8').send(JSON.stringify(answer.body))
      return answer.body as z.input<typeof Run>
    },
  }),
  read('GET /nova/runs', {
    summary: 'List runs, newest first', tag: 'nova', input: ListRuns, output: page(Run),
    run: async (ctx, q) => toPage(
      await listRuns(ctx.db, ctx.identityId, { status: q.status, threadId: q.thread_id, before: ctx.platform.cursors.decode(q.cursor), limit: q.limit }).execute(),
      { limit: q.limit, cursors: ctx.platform.cursors, keyOf: (row) => row.id, present: (row) => presentRun(runOfRow(row), ctx.language) },
    ),
  }),
  read('GET /nova/runs/:run_id', {
    summary: 'Get a run', tag: 'nova', input: RunKey, output: Run, problems: ['not_found', 'identity_boundary'],
    run: async (ctx, { run_id }) => presentRun(runOfRow(await findRun(ctx.db, ctx.identityId, run_id).executeTakeFirst() ?? await refuseMissing(ctx, { type: 'run', id: run_id })), ctx.language),
  }),
  sessionRoute('GET /nova/tools', {
    keys: 'read',
    summary: 'The tools: effect class, whether they wait for approval, JSON Schema of their arguments', output: z.object({ items: z.array(Tool), next_cursor: z.null() }),
    run: async (ctx) => ({ items: await listTools(nova, ctx.caller, ctx.language), next_cursor: null }),
  }),
]
