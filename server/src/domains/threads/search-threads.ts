import { defineAction } from '../../platform/action.ts'
import { FoundThreads, SearchThreads } from './contract.ts'
import { presentThread } from './present.ts'
import { listThreads } from './queries.ts'
import { THREAD_WORDS } from './words.ts'

const FOUND_MAX = 20

/** The newest threads whose title holds the text; of the sphere that the call works in, when it names one. */
export const searchThreads = defineAction({
  name: 'threads.search', effect: 'READ', input: SearchThreads, output: FoundThreads, words: THREAD_WORDS,
  title: { en: 'Search threads', fr: 'Chercher des fils' },
  summary: ({ query }) => ({ en: `Search threads for “${query ?? ''}”`, fr: `Chercher « ${query ?? ''} » dans les fils` }),
  async run(tx, { query }) {
    const rows = await listThreads(tx.db, tx.identityId, { query, sphereId: tx.sphereId, binned: false, limit: FOUND_MAX })
    return { items: rows.slice(0, FOUND_MAX).map(presentThread) }
  },
})
