import type { AnyAction } from '../../platform/action.ts'
import type { Domain } from '../../platform/domain.ts'
import { createContact } from './create-contact.ts'
import { deleteContact } from './delete-contact.ts'
import { restoreContact } from './restore-contact.ts'
import { routes } from './routes.ts'
import { searchContacts } from './search-contacts.ts'
import { updateContact } from './update-contact.ts'

export const contacts: Domain = {
  name: 'contacts', tables: ['contacts'], uses: ['governance'],
  actions: [createContact, updateContact, deleteContact, restoreContact, searchContacts] as unknown as AnyAction[],
  routes,
}
