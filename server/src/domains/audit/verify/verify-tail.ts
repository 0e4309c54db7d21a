import type { Store } from '../../../platform/db/store.ts'
import type { IdentityId } from '../../../platform/ids.ts'
import { checkHead, checkLink, EMPTY, type ChainState } from '../chain.ts'
import { listLinks } from '../queries.ts'
import { endsOf } from './walk-chain.ts'

export type Tail = { valid: boolean; seq: number; head: string; checked: number }

/** Checks the last links of a chain against each other and against its head: what a start or a revival can wait for. */
export async function verifyTail(store: Store, identityId: IdentityId, count: number): Promise<Tail> {
  const { head, last } = await endsOf(store, identityId)
  const links = await store.within({ identityId }, (tx) => tx.send(listLinks(tx.db, identityId, { after: Math.max(0, last - count), upTo: last, limit: count })))
  const [first] = links
  let state: ChainState = first && Number(first.seq) > 1 ? { seq: Number(first.seq) - 1, hash: first.prev_hash } : EMPTY
  for (const { seq, body, prev_hash, hash } of links) {
    if (!checkLink(state, { seq: Number(seq), event: body, prev_hash, hash }).valid) return { valid: false, seq: Number(seq), head: head.hash, checked: links.length }
    state = { seq: Number(seq), hash }
  }
  return { valid: checkHead(state, head).valid, seq: head.seq, head: head.hash, checked: links.length }
}
