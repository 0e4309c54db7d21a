import type { EffectTx } from '../../platform/ctx.ts'
import { asOrganisations, ensureRole } from './membership.ts'
import { findOrganisationOf } from './queries.ts'
import { MANAGERS } from './roles.ts'

/**
 * What an organisation's auditors read is not its member's alone to destroy: of an identity that belongs to one, the acting
 * person must be an owner or admin there, held to the commit. Throws RoleLacking.
 */
export async function ensureMayDestroy(tx: EffectTx, identityId: string): Promise<void> {
  const [identity] = await asOrganisations(tx, findOrganisationOf(tx.db, identityId))
  if (identity?.organisation_id) await ensureRole(tx, identity.organisation_id, MANAGERS)
}
