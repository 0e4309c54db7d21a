import { page } from '../../platform/http/page.ts'
import { read, write, type Route } from '../../platform/http/route.ts'
import { refuseMissing } from '../governance/refuse-missing.ts'
import { archiveIdentity } from './archive-identity.ts'
import { IdentityKey, IdentityKindList, ListedIdentity, ListIdentities } from './contract.ts'
import { createIdentity } from './create-identity.ts'
import { IDENTITY_KINDS, IDENTITY_KIND_NAMES } from './identity-kinds.ts'
import { listIdentities } from './list-identities.ts'
import { presentListed } from './present.ts'
import { findIdentity } from './queries.ts'
import { restoreIdentity } from './restore-identity.ts'
import { updateIdentity } from './update-identity.ts'

const list = { summary: 'List your identities, oldest first', input: ListIdentities, output: page(ListedIdentity), run: listIdentities }

export const routes: Route[] = [
  write('POST /identities', createIdentity),
  write('PATCH /identities/:identity_id', updateIdentity),
  write('DELETE /identities/:identity_id', archiveIdentity),
  write('POST /identities/:identity_id/restore', restoreIdentity),
  read('GET /identities', list),
  read('GET /auth/identities', list),
  read('GET /identities/types', {
    summary: 'List the kinds of identity', output: IdentityKindList,
    run: async ({ language }) => ({ items: IDENTITY_KINDS.map((type) => ({ type, name: IDENTITY_KIND_NAMES[type][language], name_text: IDENTITY_KIND_NAMES[type] })), next_cursor: null }),
  }),
  read('GET /identities/:identity_id', {
    summary: 'Get one of your identities', input: IdentityKey, output: ListedIdentity, problems: ['not_found', 'identity_boundary'],
    run: async (ctx, { identity_id }) => {
      const [row] = await ctx.tx.send(findIdentity(ctx.db, ctx.caller.userId, identity_id))
      return row ? presentListed(row, ctx.identityId) : refuseMissing(ctx, { type: 'identity', id: identity_id })
    },
  }),
]
