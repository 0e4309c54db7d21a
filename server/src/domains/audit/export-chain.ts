import type { Store } from '../../platform/db/store.ts'
import type { IdentityId } from '../../platform/ids.ts'
import { headerLine, linkLine } from './export-format.ts'
import { endsOf, walkChain } from './walk-chain.ts'

/** A chain as JSON lines: a header, then one link a line, oldest first. A broken chain comes out as it is stored. */
export async function* exportChain(store: Store, identityId: IdentityId, exportedAt: Date): AsyncGenerator<string> {
  const { head, last } = await endsOf(store, identityId)
  yield headerLine({ identity_id: identityId, exported_at: exportedAt.toISOString(), events: head.seq, head: head.hash })
  for await (const batch of walkChain(store, identityId, last)) {
    yield batch.map(({ seq, body, prev_hash, hash }) => linkLine({ seq: Number(seq), event: body, prev_hash, hash })).join('')
  }
}
