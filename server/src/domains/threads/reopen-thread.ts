import { defineAction } from '../../platform/action.ts'
import { changeStatus } from './append-event.ts'
import { Thread, ThreadKey } from './contract.ts'
import { presentThread } from './present.ts'
import { THREAD_WORDS } from './words.ts'

/** Opens an archived thread again. */
export const reopenThread = defineAction({
  name: 'threads.reopen', effect: 'UPDATE', input: ThreadKey, output: Thread, words: THREAD_WORDS,
  title: { en: 'Reopen a thread', fr: 'Rouvrir un fil' },
  summary: ({ thread_id }, titleOf) => ({ en: `Reopen the thread “${titleOf(thread_id)}”`, fr: `Rouvrir le fil « ${titleOf(thread_id)} »` }),
  touches: ({ thread_id }) => [{ type: 'thread', id: thread_id }],
  run: async (tx, { thread_id }) => presentThread(await changeStatus(tx, thread_id, 'active')),
})
