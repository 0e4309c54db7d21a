import type { Tx } from '../../platform/db/store.ts'
import type { IdentityId, UserId } from '../../platform/ids.ts'
import { insertIdentity, type IdentityRow } from './queries.ts'

/** Gives a new person the identity that they begin with: a personal one under their name, which is never archived. */
export async function openDefaultIdentity(tx: Tx, given: { id: IdentityId; userId: UserId; name: string; at: Date }): Promise<IdentityRow> {
  const [row] = await tx.send(insertIdentity(tx.db, { ...given, type: 'personal', isDefault: true }))
  if (!row) throw new Error('A new person has an identity already')
  return row
}
