import { setImmediate as breathe } from 'node:timers/promises'
import type { Store } from '../../../platform/db/store.ts'
import type { IdentityId } from '../../../platform/ids.ts'
import { GENESIS, type ChainState } from '../chain.ts'
import { listLinks, readEnds, type LinkRow } from '../queries.ts'

/** Links that are held in memory at once. Checking them takes about 10 ms, after which other requests have their turn. */
const BATCH = 500

export type Ends = { head: ChainState; last: number }

/** Where a chain ends: by its head, and by the links that are there. */
export const endsOf = (store: Store, identityId: IdentityId): Promise<Ends> => store.within({ identityId }, async (tx) => {
  const [ends] = await tx.send(readEnds(identityId).compile(tx.db))
  return { head: { seq: Number(ends?.head_seq ?? 0), hash: ends?.head_hash ?? GENESIS }, last: Number(ends?.last_seq ?? 0) }
})

/**
 * Every link from the first to `last`, in batches. Each batch is a transaction of its own, so that a slow reader holds
 * no connection; links never change, so that together they are still one picture of the chain.
 */
export async function* walkChain(store: Store, identityId: IdentityId, last: number): AsyncGenerator<LinkRow[]> {
  for (let after = 0; after < last;) {
    const batch = await store.within({ identityId }, (tx) => tx.send<LinkRow>(listLinks(tx.db, identityId, { after, upTo: last, limit: BATCH })))
    if (batch.length === 0) return
    yield batch
    after = Number(batch.at(-1)?.seq)
    await breathe()
  }
}
