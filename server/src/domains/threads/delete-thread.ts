import { defineAction } from '../../platform/action.ts'
import { emit } from '../../platform/events/emit.ts'
import { Binned } from '../../platform/problems.ts'
import { Thread, ThreadKey } from './contract.ts'
import { ThreadDeleted } from './events.ts'
import { presentThread } from './present.ts'
import { binThread } from './queries.ts'
import { THREAD_WORDS } from './words.ts'

/** Moves a thread with its whole log to the bin, from where its owner can restore it for 30 days. */
export const deleteThread = defineAction({
  name: 'threads.delete', effect: 'DELETE', input: ThreadKey, output: Thread, words: THREAD_WORDS,
  title: { en: 'Delete a thread', fr: 'Supprimer un fil' },
  summary: ({ thread_id }, titleOf) => ({ en: `Delete the thread “${titleOf(thread_id)}”`, fr: `Supprimer le fil « ${titleOf(thread_id)} »` }),
  touches: ({ thread_id }) => [{ type: 'thread', id: thread_id }],
  async run(tx, { thread_id }) {
    const row = await binThread(tx.db, tx.identityId, thread_id, tx.now())
    if (!row) throw Binned()
    emit(tx, ThreadDeleted, { thread_id: row.id, sphere_id: row.sphere_id })
    return presentThread(row)
  },
})
