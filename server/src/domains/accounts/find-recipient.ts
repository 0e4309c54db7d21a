import { sendAsService } from '../../platform/db/as-service.ts'
import type { Tx } from '../../platform/db/store.ts'
import type { IdentityId, UserId } from '../../platform/ids.ts'
import { findReceiver, findSender as findName } from './queries.ts'

/** A person of this instance, and the identity that their messages come to. */
export type Recipient = { userId: UserId; identityId: IdentityId }

/** Who here has that address, by its key; undefined for nobody. Their row is read with a service's rights and not shown. */
export async function findRecipient(tx: Tx, emailKey: string): Promise<Recipient | undefined> {
  const [row] = await sendAsService(tx, 'delivery', findReceiver(tx.db, emailKey))
  return row && { userId: row.user_id as UserId, identityId: row.identity_id as IdentityId }
}

/** A person's name and address: the acting one's own, or anyone's for a service of ours that carries their mail. */
export async function findSender(tx: Tx, userId: string): Promise<{ name: string; email: string } | undefined> {
  const [row] = await tx.send(findName(tx.db, userId))
  return row
}
