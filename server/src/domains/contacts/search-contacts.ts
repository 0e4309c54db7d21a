import { defineAction } from '../../platform/action.ts'
import { FoundContacts, SearchContacts } from './contract.ts'
import { presentContact } from './present.ts'
import { listContacts } from './queries.ts'
import { CONTACT_WORDS } from './words.ts'

const FOUND_MAX = 20

/** The newest contacts whose name or e-mail holds the text. Contacts belong to no sphere, so the call's sphere changes nothing. */
export const searchContacts = defineAction({
  name: 'contacts.search', effect: 'READ', input: SearchContacts, output: FoundContacts, words: CONTACT_WORDS,
  title: { en: 'Search contacts', fr: 'Chercher des contacts' },
  summary: ({ query }) => ({ en: `Search contacts for “${query ?? ''}”`, fr: `Chercher « ${query ?? ''} » dans les contacts` }),
  async run(tx, { query }) {
    const rows = await listContacts(tx.db, tx.identityId, { query, binned: false, limit: FOUND_MAX })
    return { items: rows.slice(0, FOUND_MAX).map(presentContact) }
  },
})
