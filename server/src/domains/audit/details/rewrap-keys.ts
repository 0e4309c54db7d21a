import type { Platform } from '../../../platform/ctx.ts'
import { wrapsFor } from './detail-keys.ts'
import { listForeign, replaceWrapped } from './queries.ts'

const BATCH = 200
const FIRST = '00000000-0000-0000-0000-000000000000'

/** After a change of JWT_SECRET: wraps anew what lies under the one before, so that it can be removed; how many. */
export async function rewrapKeys({ store, secrets }: Pick<Platform, 'store' | 'secrets'>, signal: AbortSignal): Promise<number> {
  if (!secrets.previous) return 0
  let renewed = 0
  for (let after: string | undefined = FIRST; after !== undefined && !signal.aborted;) {
    const from: string = after
    after = await store.within({ service: 'rewrap' }, async (tx) => {
      const rows = await tx.send(listForeign(tx.db, { after: from, own: tx.vault.id, limit: BATCH }))
      for (const { id, identity_id: identityId, wrapped } of rows) {
        const key = tx.vault.unwrap(wrapped, wrapsFor(identityId, id))
        if (!key) continue
        // Its day may have a key under the present secret already: this one only opens what it sealed.
        await tx.send(replaceWrapped(tx.db, { id, wrapped: tx.vault.wrap(key, wrapsFor(identityId, id)), by: `${tx.vault.id} ${id}` }))
        renewed += 1
      }
      return rows.length < BATCH ? undefined : rows.at(-1)?.id
    })
  }
  return renewed
}
