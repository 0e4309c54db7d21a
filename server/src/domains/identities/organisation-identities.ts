import { sendAsService } from '../../platform/db/as-service.ts'
import type { EffectTx } from '../../platform/ctx.ts'
import { newId } from '../../platform/ids.ts'
import { NameTaken, TooManyIdentities } from './errors.ts'
import type { IdentityKind } from './identity-kinds.ts'
import { archiveOfMember, countIdentities, giveIdentity, insertIdentity, listOfOrganisation, type IdentityRow } from './queries.ts'

// Identities are seen by their user alone; what an organisation does with its own runs as its service, after the role was checked.
const SERVICE = 'organisations'

/** Opens an identity of the acting person that belongs to an organisation. Throws NameTaken or TooManyIdentities. */
export async function openOrganisationIdentity(tx: EffectTx, given: { organisationId: string; type: IdentityKind; name: string; limit: number }): Promise<IdentityRow> {
  const [counted] = await tx.send(countIdentities(tx.db, tx.userId))
  if (Number(counted?.count) >= given.limit) throw TooManyIdentities(given.limit)
  const [row] = await tx.send(insertIdentity(tx.db, { id: newId(), userId: tx.userId, type: given.type, name: given.name, isDefault: false, at: tx.now(), organisationId: given.organisationId }))
  if (!row) throw NameTaken()
  return row
}

/** Puts away the identities that a member has in an organisation; their ids. */
export async function archiveMemberIdentities(tx: EffectTx, of: { organisationId: string; userId: string }): Promise<string[]> {
  return (await sendAsService(tx, SERVICE, archiveOfMember(tx.db, { ...of, at: tx.now() }))).map(({ id }) => id)
}

/** Hands an organisation's identity to another member, active; undefined when it is no identity of the organisation. */
export async function handOverIdentity(tx: EffectTx, of: { organisationId: string; identityId: string; userId: string }): Promise<IdentityRow | undefined> {
  const [row] = await sendAsService(tx, SERVICE, giveIdentity(tx.db, { ...of, at: tx.now() }))
  return row
}

/** The identities of an organisation, oldest first, one more than `limit`. */
export const listOrganisationIdentities = (tx: Parameters<typeof sendAsService>[0], of: { organisationId: string; after?: string | undefined; limit: number }): Promise<IdentityRow[]> =>
  sendAsService(tx, SERVICE, listOfOrganisation(tx.db, of))
