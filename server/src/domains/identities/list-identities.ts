import type { z } from 'zod'
import type { ReadCtx } from '../../platform/ctx.ts'
import { toPage } from '../../platform/http/page.ts'
import type { ListedIdentity, ListIdentities } from './contract.ts'
import { presentListed } from './present.ts'
import { listIdentities as findPage } from './queries.ts'

/** The caller's own identities, oldest first: the default one leads. */
export async function listIdentities(ctx: ReadCtx, q: z.output<typeof ListIdentities>): Promise<{ items: Array<z.input<typeof ListedIdentity>>; next_cursor: string | null }> {
  const { cursors } = ctx.platform
  const rows = await ctx.tx.send(findPage(ctx.db, ctx.caller.userId, { archived: q.archived === 'true', after: cursors.decode(q.cursor), limit: q.limit }))
  return toPage(rows, { limit: q.limit, cursors, keyOf: (row) => row.id, present: (row) => presentListed(row, ctx.identityId) })
}
