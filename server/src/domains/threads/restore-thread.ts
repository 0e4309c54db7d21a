import { defineAction } from '../../platform/action.ts'
import { emit } from '../../platform/events/emit.ts'
import { NotBinned } from '../../platform/problems.ts'
import { Thread, ThreadKey } from './contract.ts'
import { ThreadRestored } from './events.ts'
import { presentThread } from './present.ts'
import { restoreThread as takeFromBin } from './queries.ts'
import { THREAD_WORDS } from './words.ts'

/** Takes a thread back out of the bin, active or archived as it was. */
export const restoreThread = defineAction({
  name: 'threads.restore', effect: 'UPDATE', input: ThreadKey, output: Thread, words: THREAD_WORDS,
  title: { en: 'Restore a thread from the bin', fr: 'Restaurer un fil de la corbeille' },
  summary: ({ thread_id }, titleOf) => ({ en: `Restore the thread “${titleOf(thread_id)}”`, fr: `Restaurer le fil « ${titleOf(thread_id)} »` }),
  touches: ({ thread_id }) => [{ type: 'thread', id: thread_id }],
  async run(tx, { thread_id }) {
    const row = await takeFromBin(tx.db, tx.identityId, thread_id, tx.now())
    if (!row) throw NotBinned()
    emit(tx, ThreadRestored, { thread_id: row.id, sphere_id: row.sphere_id })
    return presentThread(row)
  },
})
