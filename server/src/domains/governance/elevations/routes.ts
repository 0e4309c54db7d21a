import { page, toPage } from '../../../platform/http/page.ts'
import { NotFound } from '../../../platform/problems.ts'
import type { CallerCtx } from '../../../platform/ctx.ts'
import { read, sessionRoute, write, type Route } from '../../../platform/http/route.ts'
import { approve, reject } from '../checkpoints/decide-checkpoint.ts'
import { DECIDED, decisionOf } from '../checkpoints/decision-routes.ts'
import { presentSettled } from '../checkpoints/present.ts'
import { CheckpointKey, Settled } from '../contract.ts'
import { findVisible } from '../deciders/queries.ts'
import type { Gate } from '../gate.ts'
import { Elevation, ListElevations } from './contract.ts'
import { presentRequest } from './present.ts'
import { listRequests } from './queries.ts'
import { requestElevation, revokeElevation } from './request-elevation.ts'

/** A checkpoint of another kind is none of these; one that is not there, or another's, is for the decision itself to refuse. */
async function ensureElevation({ platform, caller }: CallerCtx, id: string): Promise<void> {
  const [row] = await platform.store.within(caller, (tx) => tx.send(findVisible(tx.db, id)))
  if (row && row.tool !== requestElevation.name) throw NotFound()
}

const decided = (gate: Gate, verb: 'approve' | 'deny'): Route => sessionRoute(`POST /governance/elevations/:checkpoint_id/${verb}`, {
  summary: verb === 'approve' ? 'Give a right for a time' : 'Deny a right for a time', input: CheckpointKey, output: Settled, problems: DECIDED,
  run: async (ctx, { checkpoint_id }) => {
    await ensureElevation(ctx, checkpoint_id)
    return presentSettled(await (verb === 'approve' ? approve : reject)(gate, decisionOf(ctx, checkpoint_id, null)), ctx.language, ctx.now())
  },
})

export const elevationRoutes = (gate: Gate): Route[] => [
  write('POST /governance/elevations', requestElevation, { tag: 'governance', problems: ['checkpoint_required'] }),
  write('DELETE /governance/elevations/:checkpoint_id', revokeElevation, { tag: 'governance' }),
  decided(gate, 'approve'),
  decided(gate, 'deny'),
  read('GET /governance/elevations', {
    summary: 'List rights for a time and requests for them, newest first', input: ListElevations, output: page(Elevation),
    run: async (ctx, q) => toPage(
      await ctx.tx.send(listRequests(ctx.identityId, { status: q.status, before: ctx.platform.cursors.decode(q.cursor), limit: q.limit, at: ctx.now() }).compile(ctx.db)),
      { limit: q.limit, cursors: ctx.platform.cursors, keyOf: ({ id }) => id, present: presentRequest },
    ),
  }),
]
