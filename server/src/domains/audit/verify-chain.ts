import type { Store } from '../../platform/db/store.ts'
import type { IdentityId } from '../../platform/ids.ts'
import { checkHead, checkLink, EMPTY, isCanonical, type ChainState, type Verdict } from './chain.ts'
import { columnsAgree } from './columns-agree.ts'
import type { BrokenBecause } from './contract.ts'
import type { LinkRow } from './queries.ts'
import { endsOf, walkChain } from './walk-chain.ts'

export type Verified = { valid: boolean; events: number; head: string; first_broken?: { seq: number; because: BrokenBecause } }

/** Checks a whole chain as it is stored: every link, its searched columns, and its end against the head. */
export async function verifyChain(store: Store, identityId: IdentityId): Promise<Verified> {
  const { head, last } = await endsOf(store, identityId)
  let state: ChainState = EMPTY
  for await (const batch of walkChain(store, identityId, last)) {
    for (const row of batch) {
      const verdict = checkRow(state, row)
      if (!verdict.valid) return broken(state, verdict)
      state = { seq: Number(row.seq), hash: row.hash }
    }
  }
  const end = checkHead(state, head)
  return end.valid ? { valid: true, events: state.seq, head: state.hash } : broken(state, end)
}

const broken = (state: ChainState, { seq, because }: Verdict & { valid: false }): Verified =>
  ({ valid: false, events: state.seq, head: state.hash, first_broken: { seq, because } })

function checkRow(state: ChainState, row: LinkRow): Verdict {
  const seq = Number(row.seq)
  const verdict = checkLink(state, { seq, event: row.body, prev_hash: row.prev_hash, hash: row.hash })
  if (!verdict.valid) return verdict
  if (!isCanonical(row.body)) return { valid: false, seq, because: 'not_canonical' }
  return columnsAgree(row) ? { valid: true } : { valid: false, seq, because: 'column_mismatch' }
}
