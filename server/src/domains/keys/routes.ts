import { page, toPage } from '../../platform/http/page.ts'
import { read, sessionRoute, write, type Route } from '../../platform/http/route.ts'
import { refuseMissing } from '../governance/refuse-missing.ts'
import { ApiKey, KeyKey, ListKeys, RevealedKey } from './contract.ts'
import type { createKey } from './create-key.ts'
import { presentKey } from './present.ts'
import { findKey, listKeys } from './queries.ts'
import { revealKey } from './reveal-key.ts'
import type { revokeKey } from './revoke-key.ts'

type Changes = { create: ReturnType<typeof createKey>; revoke: ReturnType<typeof revokeKey> }

export const keyRoutes = ({ create, revoke }: Changes): Route[] => [
  write('POST /keys', create),
  sessionRoute('POST /keys/:key_id/token', {
    summary: 'Take the token of a key: it is shown this once', input: KeyKey, output: RevealedKey, problems: ['not_found', 'gone', 'dormant', 'step_up_required'],
    run: (ctx, { key_id }) => revealKey(ctx, key_id),
  }),
  write('DELETE /keys/:key_id', revoke, { problems: ['gone'] }),
  read('GET /keys', {
    summary: 'List the API keys of the identity, newest first', input: ListKeys, output: page(ApiKey),
    run: async ({ tx, db, identityId, platform: { cursors } }, q) => toPage(
      await tx.send(listKeys(db, identityId, { revoked: q.revoked === 'true', before: cursors.decode(q.cursor), limit: q.limit })),
      { limit: q.limit, cursors, keyOf: (row) => row.id, present: presentKey },
    ),
  }),
  read('GET /keys/:key_id', {
    summary: 'Get an API key', input: KeyKey, output: ApiKey, problems: ['not_found', 'identity_boundary'],
    run: async (ctx, { key_id }) => presentKey((await ctx.tx.send(findKey(ctx.db, ctx.identityId, key_id)))[0] ?? await refuseMissing(ctx, { type: 'api_key', id: key_id })),
  }),
]
