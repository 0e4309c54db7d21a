import type { Tx } from '../../platform/db/store.ts'
import { findIdentity } from './queries.ts'

/** One of the person's own identities, also an archived one; undefined for anybody else's. */
export async function findOwnIdentity(tx: Tx, userId: string, id: string): Promise<{ id: string; name: string; archived_at: Date | null } | undefined> {
  const [row] = await tx.send(findIdentity(tx.db, userId, id))
  return row
}
