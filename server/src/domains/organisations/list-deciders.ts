import type { Tx } from '../../platform/db/store.ts'
import type { IdentityId, UserId } from '../../platform/ids.ts'
import type { Role } from '../policies/requirement.ts'
import { asOrganisations } from './membership.ts'
import { listDecidersOf } from './queries.ts'
import { decidersFrom } from './roles.ts'

/**
 * Who may decide for an identity, at most 1,000: the members of its organisation with at least that role (owner, admin,
 * member; an auditor never decides), or its own person where no role is asked for or it belongs to no organisation.
 */
export async function listDeciders(tx: Tx, { identityId, role }: { identityId: IdentityId; role: Role | null }): Promise<UserId[]> {
  const rows = await asOrganisations(tx, listDecidersOf(identityId, role === null ? [] : decidersFrom(role)))
  return rows.map(({ user_id }) => user_id as UserId)
}
