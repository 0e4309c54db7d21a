import type { Tx } from '../../../platform/db/store.ts'
import { findGrant, listGrants, type GrantRow } from '../queries.ts'

/** Standing grants of an identity, newest first, one more than `limit`. */
export const findGrants = (tx: Tx, identityId: string, page: Parameters<typeof listGrants>[2]): Promise<GrantRow[]> => tx.send(listGrants(tx.db, identityId, page))

export const findOneGrant = async (tx: Tx, identityId: string, id: string): Promise<GrantRow | undefined> => (await tx.send(findGrant(tx.db, identityId, id)))[0]
