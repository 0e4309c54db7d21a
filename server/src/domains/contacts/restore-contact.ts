import { defineAction } from '../../platform/action.ts'
import { emit } from '../../platform/events/emit.ts'
import { NotBinned } from '../../platform/problems.ts'
import { Contact, ContactKey } from './contract.ts'
import { ContactRestored } from './events.ts'
import { presentContact } from './present.ts'
import { restoreContact as takeFromBin } from './queries.ts'
import { CONTACT_WORDS } from './words.ts'

/** Takes a contact back out of the bin. */
export const restoreContact = defineAction({
  name: 'contacts.restore', effect: 'UPDATE', input: ContactKey, output: Contact, words: CONTACT_WORDS,
  title: { en: 'Restore a contact from the bin', fr: 'Restaurer un contact de la corbeille' },
  summary: ({ contact_id }, titleOf) => ({ en: `Restore the contact “${titleOf(contact_id)}”`, fr: `Restaurer le contact « ${titleOf(contact_id)} »` }),
  touches: ({ contact_id }) => [{ type: 'contact', id: contact_id }],
  async run(tx, { contact_id }) {
    const row = await takeFromBin(tx.db, tx.identityId, contact_id, tx.now())
    if (!row) throw NotBinned()
    emit(tx, ContactRestored, { contact_id: row.id })
    return presentContact(row)
  },
})
