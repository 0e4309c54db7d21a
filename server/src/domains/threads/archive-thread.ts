import { defineAction } from '../../platform/action.ts'
import { changeStatus } from './append-event.ts'
import { Thread, ThreadKey } from './contract.ts'
import { presentThread } from './present.ts'
import { THREAD_WORDS } from './words.ts'

/** Closes a thread for new messages; `threads.reopen` undoes it. */
export const archiveThread = defineAction({
  name: 'threads.archive', effect: 'UPDATE', input: ThreadKey, output: Thread, words: THREAD_WORDS,
  title: { en: 'Archive a thread', fr: 'Archiver un fil' },
  summary: ({ thread_id }, titleOf) => ({ en: `Archive the thread “${titleOf(thread_id)}”`, fr: `Archiver le fil « ${titleOf(thread_id)} »` }),
  touches: ({ thread_id }) => [{ type: 'thread', id: thread_id }],
  run: async (tx, { thread_id }) => presentThread(await changeStatus(tx, thread_id, 'archived')),
})
