import { defineAction } from '../../platform/action.ts'
import { appendEvent } from './append-event.ts'
import { Thread, UpdateThread } from './contract.ts'
import { presentThread } from './present.ts'
import { THREAD_WORDS } from './words.ts'

/** Renames an active thread; its log keeps every name it had. */
export const updateThread = defineAction({
  name: 'threads.update', effect: 'UPDATE', input: UpdateThread, output: Thread, words: THREAD_WORDS,
  title: { en: 'Rename a thread', fr: 'Renommer un fil' },
  summary: ({ thread_id, title }, titleOf) => ({ en: `Rename the thread “${titleOf(thread_id)}” to “${title}”`, fr: `Renommer le fil « ${titleOf(thread_id)} » en « ${title} »` }),
  touches: ({ thread_id }) => [{ type: 'thread', id: thread_id }],
  async run(tx, { thread_id, title, expected_seq }) {
    const { thread } = await appendEvent(tx, { threadId: thread_id, type: 'thread.updated', data: { title } }, { from: 'active', title, expectedSeq: expected_seq })
    return presentThread(thread)
  },
})
