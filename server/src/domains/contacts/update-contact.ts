import { defineAction } from '../../platform/action.ts'
import { emit } from '../../platform/events/emit.ts'
import { Binned } from '../../platform/problems.ts'
import { Contact, UpdateContact } from './contract.ts'
import { ContactUpdated } from './events.ts'
import { presentContact } from './present.ts'
import { updateContact as changeContact } from './queries.ts'
import { CONTACT_WORDS } from './words.ts'

/** Changes a contact's name or e-mail; null takes the e-mail away. Throws Binned when it lies in the bin. */
export const updateContact = defineAction({
  name: 'contacts.update', effect: 'UPDATE', input: UpdateContact, output: Contact, words: CONTACT_WORDS,
  title: { en: 'Change a contact', fr: 'Modifier un contact' },
  summary: ({ contact_id }, titleOf) => ({ en: `Change the contact “${titleOf(contact_id)}”`, fr: `Modifier le contact « ${titleOf(contact_id)} »` }),
  touches: ({ contact_id }) => [{ type: 'contact', id: contact_id }],
  async run(tx, { contact_id, name, email }) {
    const row = await changeContact(tx.db, tx.identityId, contact_id, { name, email, at: tx.now() })
    if (!row) throw Binned()
    emit(tx, ContactUpdated, { contact_id: row.id })
    return presentContact(row)
  },
})
