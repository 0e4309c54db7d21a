import type { EffectTx } from '../../platform/ctx.ts'
import { isUuid } from '../../platform/ids.ts'
import { findContact, listContactsNamed } from './queries.ts'

export type NamedContact = { id: string; name: string; email: string | null; binned_at: Date | null }

/** Whom a text names among the identity's own contacts: the one of that id, even in the bin, else all of exactly that name. */
export async function findNamedContacts(tx: EffectTx, text: string, limit: number): Promise<NamedContact[]> {
  if (!isUuid(text)) return listContactsNamed(tx.db, tx.identityId, text, limit)
  const contact = await findContact(tx.db, tx.identityId, text)
  return contact ? [contact] : []
}
