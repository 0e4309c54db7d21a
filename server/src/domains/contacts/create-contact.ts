import { defineAction } from '../../platform/action.ts'
import { emit } from '../../platform/events/emit.ts'
import { newId } from '../../platform/ids.ts'
import { Contact, CreateContact } from './contract.ts'
import { ContactCreated } from './events.ts'
import { presentContact } from './present.ts'
import { insertContact } from './queries.ts'
import { CONTACT_WORDS } from './words.ts'

/** Adds a person to the identity's address book. */
export const createContact = defineAction({
  name: 'contacts.create', effect: 'CREATE', input: CreateContact, output: Contact, words: CONTACT_WORDS,
  title: { en: 'Add a contact', fr: 'Ajouter un contact' },
  summary: ({ name }) => ({ en: `Add the contact “${name}”`, fr: `Ajouter le contact « ${name} »` }),
  about: ({ id }) => ({ type: 'contact', id }),
  async run(tx, { name, email }) {
    const row = await insertContact(tx.db, { id: newId(), identityId: tx.identityId, name, email: email ?? null, at: tx.now() })
    emit(tx, ContactCreated, { contact_id: row.id })
    return presentContact(row)
  },
})
