import { page, toPage } from '../../../platform/http/page.ts'
import { read, write, type Route } from '../../../platform/http/route.ts'
import { liftPause, ListPauses, Pause, presentPause } from './lift-pause.ts'
import { listPauses } from './queries.ts'

export const floodRoutes: Route[] = [
  read('GET /governance/pauses', {
    summary: 'List agents that were paused for this identity, newest first', input: ListPauses, output: page(Pause),
    run: async (ctx, q) => toPage(
      await listPauses(ctx.db, ctx.identityId, { before: ctx.platform.cursors.decode(q.cursor), limit: q.limit }).execute(),
      { limit: q.limit, cursors: ctx.platform.cursors, keyOf: ({ id }) => id, present: presentPause },
    ),
  }),
  write('DELETE /governance/pauses/:actor_pause_id', liftPause, { tag: 'governance' }),
]
