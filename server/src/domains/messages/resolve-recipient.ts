import type { EffectTx } from '../../platform/ctx.ts'
import { isUuid } from '../../platform/ids.ts'
import { Binned } from '../../platform/problems.ts'
import { findRecipient } from '../accounts/find-recipient.ts'
import { findNamedContacts } from '../contacts/find-named-contacts.ts'
import { Ambiguous } from '../governance/errors.ts'
import type { SendInput } from './contract.ts'
import { NobodyCalled, NoWayOut, OtherAddress, WithoutAddress } from './errors.ts'
import { keyOf, mailAddress } from './mail-address.ts'

const CANDIDATES_MAX = 10

/**
 * Fixes whom a message goes to: `to` becomes the address that the approver sees and the hash binds, `contact_id` the
 * contact that it was read from. Throws Ambiguous when several contacts have that name.
 */
export async function resolveRecipient(tx: EffectTx, input: SendInput): Promise<SendInput> {
  const { to, contact_id } = input
  const given = mailAddress(to)
  if (given) return { ...input, to: given.address }
  const found = await findNamedContacts(tx, to, CANDIDATES_MAX)
  if (found.length > 1) throw Ambiguous({ candidates: found.map(({ id, name }) => ({ id, type: 'contact', title: name })) })
  const [contact] = found
  // An id that is none of ours goes on to the boundary check, which tells another's contact from one that exists nowhere.
  if (!contact && isUuid(to)) return { ...input, contact_id: to }
  if (!contact) throw NobodyCalled({ to })
  if (contact.binned_at) throw Binned()
  if (contact_id !== undefined && contact_id !== contact.id) throw OtherAddress({ name: contact.name })
  const address = contact.email === null ? undefined : mailAddress(contact.email)
  if (!address) throw WithoutAddress({ name: contact.name })
  return { ...input, to: address.address, contact_id: contact.id }
}

/** Refuses what cannot arrive: a contact in the bin, an address that is no longer the contact's, an e-mail without a mail server. */
export async function checkRecipient(tx: EffectTx, { to, contact_id }: SendInput): Promise<void> {
  if (contact_id !== undefined) {
    const [contact] = await findNamedContacts(tx, contact_id, 1)
    if (contact?.binned_at) throw Binned()
    if (contact && mailAddress(contact.email ?? '')?.address !== to) throw OtherAddress({ name: contact.name })
  }
  if (!tx.settings.SMTP_URL && !await findRecipient(tx, keyOf(to))) throw NoWayOut()
}
