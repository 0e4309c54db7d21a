import { canonical } from '../../platform/canonical.ts'
import type { Store } from '../../platform/db/store.ts'
import type { IdentityId } from '../../platform/ids.ts'
import type { LinkRow } from './queries.ts'
import { endsOf, walkChain } from './walk-chain.ts'

export const EXPORT_FORMAT = 'chenu.audit.v1'

/**
 * A chain as JSON lines: a header, then one link a line, oldest first. Every line is RFC 8785 text, so that the bytes
 * after `"event":` are the very bytes that were hashed, and any JSON library reads them as an object.
 */
export async function* exportChain(store: Store, identityId: IdentityId, exportedAt: Date): AsyncGenerator<string> {
  const { head, last } = await endsOf(store, identityId)
  yield `${canonical({ format: EXPORT_FORMAT, identity_id: identityId, exported_at: exportedAt.toISOString(), events: head.seq, head: head.hash })}\n`
  for await (const batch of walkChain(store, identityId, last)) yield batch.map(lineOf).join('')
}

const lineOf = ({ body, hash, prev_hash, seq }: LinkRow): string => `{"event":${body},"hash":"${hash}","prev_hash":"${prev_hash}","seq":${seq}}\n`
