import type { Ref } from '../../platform/action.ts'
import type { Tx } from '../../platform/db/store.ts'
import type { IdentityId } from '../../platform/ids.ts'
import { NotFound } from '../../platform/problems.ts'
import { IdentityBoundary } from './errors.ts'
import { findOwners } from './queries.ts'

/** Throws unless every named row exists (404) and is the identity's own (403). */
export async function ensureOwn(tx: Tx, identityId: IdentityId, resources: Ref[]): Promise<void> {
  if (resources.length === 0) return
  const owners = await tx.send(findOwners(resources.map((r) => r.type), resources.map((r) => r.id)).compile(tx.db))
  for (const [index, resource] of resources.entries()) {
    const owner = owners.find((o) => o.position === index + 1)
    if (!owner) throw NotFound()
    if (owner.identity_id !== identityId) throw IdentityBoundary({ resource })
  }
}
