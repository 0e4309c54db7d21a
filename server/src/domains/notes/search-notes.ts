import { defineAction } from '../../platform/action.ts'
import { FoundNotes, SearchNotes } from './contract.ts'
import { presentNote } from './present.ts'
import { listNotes } from './queries.ts'
import { NOTE_WORDS } from './words.ts'

const FOUND_MAX = 20

/** The newest notes whose title or body holds the text; of the sphere that the call works in, when it names one. */
export const searchNotes = defineAction({
  name: 'notes.search', effect: 'READ', input: SearchNotes, output: FoundNotes, words: NOTE_WORDS,
  title: { en: 'Search notes', fr: 'Chercher des notes' },
  summary: ({ query }) => ({ en: `Search notes for “${query ?? ''}”`, fr: `Chercher « ${query ?? ''} » dans les notes` }),
  async run(tx, { query }) {
    const rows = await listNotes(tx.db, tx.identityId, { query, sphereId: tx.sphereId, binned: false, limit: FOUND_MAX })
    return { items: rows.slice(0, FOUND_MAX).map(presentNote) }
  },
})
