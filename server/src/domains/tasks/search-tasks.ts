import { defineAction } from '../../platform/action.ts'
import { FoundTasks, SearchTasks } from './contract.ts'
import { presentTask } from './present.ts'
import { listTasks } from './queries.ts'
import { TASK_WORDS } from './words.ts'

const FOUND_MAX = 20

/** The newest tasks whose title holds the text; of the sphere that the call works in, when it names one. */
export const searchTasks = defineAction({
  name: 'tasks.search', effect: 'READ', input: SearchTasks, output: FoundTasks, words: TASK_WORDS,
  title: { en: 'Search tasks', fr: 'Chercher des tâches' },
  summary: ({ query }) => ({ en: `Search tasks for “${query ?? ''}”`, fr: `Chercher « ${query ?? ''} » dans les tâches` }),
  async run(tx, { query, status }) {
    const rows = await listTasks(tx.db, tx.identityId, { query, status, sphereId: tx.sphereId, binned: false, limit: FOUND_MAX })
    return { items: rows.slice(0, FOUND_MAX).map(presentTask) }
  },
})
