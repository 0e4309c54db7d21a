import { page, toPage } from '../../../platform/http/page.ts'
import { read, write, type Route } from '../../../platform/http/route.ts'
import { Delegation, ListDelegations } from './contract.ts'
import type { createDelegation } from './create-delegation.ts'
import { giveAdvice } from './give-advice.ts'
import { presentDelegation } from './present.ts'
import { listDelegations } from './queries.ts'
import { revokeDelegation } from './revoke-delegation.ts'

export const deciderRoutes = (create: ReturnType<typeof createDelegation>): Route[] => [
  write('POST /governance/delegations', create, { tag: 'governance', problems: ['checkpoint_required', 'delegation_cycle'] }),
  write('DELETE /governance/delegations/:delegation_id', revokeDelegation, { tag: 'governance' }),
  read('GET /governance/delegations', {
    summary: 'List delegations that this identity gave and that you were given, newest first', input: ListDelegations, output: page(Delegation),
    run: async (ctx, q) => toPage(
      await listDelegations(ctx.db, { identityId: ctx.identityId, userId: ctx.caller.key ? null : ctx.caller.userId, before: ctx.platform.cursors.decode(q.cursor), limit: q.limit }).execute(),
      { limit: q.limit, cursors: ctx.platform.cursors, keyOf: ({ id }) => id, present: presentDelegation },
    ),
  }),
  write('POST /governance/checkpoints/:checkpoint_id/advice', giveAdvice, { tag: 'governance', status: 201, problems: ['advice_only'] }),
]
