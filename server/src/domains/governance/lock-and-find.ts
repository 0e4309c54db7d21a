import type { Ref } from '../../platform/action.ts'
import type { Tx } from '../../platform/db/store.ts'
import { findOwners, lockOwned, type Owned } from './queries.ts'

/**
 * Owners and versions of the rows that a call names, its own ones locked first: two statements in one round trip, so that
 * the second sees what a change before it committed, and no change comes between what was read and what is done.
 */
export async function lockAndFind(tx: Tx, touches: Ref[]): Promise<Owned[]> {
  if (touches.length === 0) return []
  const [types, ids] = [touches.map(({ type }) => type), touches.map(({ id }) => id)]
  const [locked, owners] = await Promise.all([tx.send(lockOwned(types, ids)), tx.send(findOwners(types, ids).compile(tx.db))])
  return owners.map((owner) => {
    const touched = touches[owner.position - 1]
    return { ...owner, state: locked.find(({ type, id }) => type === touched?.type && id === touched.id)?.state ?? null }
  })
}
