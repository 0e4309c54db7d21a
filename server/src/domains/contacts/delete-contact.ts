import { defineAction } from '../../platform/action.ts'
import { emit } from '../../platform/events/emit.ts'
import { Binned } from '../../platform/problems.ts'
import { Contact, ContactKey } from './contract.ts'
import { ContactDeleted } from './events.ts'
import { presentContact } from './present.ts'
import { binContact } from './queries.ts'
import { CONTACT_WORDS } from './words.ts'

/** Moves a contact to the bin, from where its owner can restore it for 30 days. */
export const deleteContact = defineAction({
  name: 'contacts.delete', effect: 'DELETE', input: ContactKey, output: Contact, words: CONTACT_WORDS,
  title: { en: 'Delete a contact', fr: 'Supprimer un contact' },
  summary: ({ contact_id }, titleOf) => ({ en: `Delete the contact “${titleOf(contact_id)}”`, fr: `Supprimer le contact « ${titleOf(contact_id)} »` }),
  touches: ({ contact_id }) => [{ type: 'contact', id: contact_id }],
  async run(tx, { contact_id }) {
    const row = await binContact(tx.db, tx.identityId, contact_id, tx.now())
    if (!row) throw Binned()
    emit(tx, ContactDeleted, { contact_id: row.id })
    return presentContact(row)
  },
})
