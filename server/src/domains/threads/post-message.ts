import { defineAction } from '../../platform/action.ts'
import { appendEvent } from './append-event.ts'
import { Message, PostMessage } from './contract.ts'
import { presentMessage } from './present.ts'
import { THREAD_WORDS } from './words.ts'

/** Adds a message to an active thread. Throws ThreadArchived, Binned, or Conflict when something newer than `expected_seq` is there. */
export const postMessage = defineAction({
  name: 'threads.post', effect: 'CREATE', input: PostMessage, output: Message, words: THREAD_WORDS,
  title: { en: 'Post in a thread', fr: 'Publier dans un fil' },
  summary: ({ thread_id }, titleOf) => ({ en: `Post in the thread “${titleOf(thread_id)}”`, fr: `Publier dans le fil « ${titleOf(thread_id)} »` }),
  touches: ({ thread_id }) => [{ type: 'thread', id: thread_id }],
  async run(tx, { thread_id, text, expected_seq }) {
    const { id, seq, role, at } = await appendEvent(tx, { threadId: thread_id, type: 'message.posted', data: { text } }, { from: 'active', expectedSeq: expected_seq })
    return presentMessage({ id, thread_id, seq, role, data: { text }, at })
  },
})
