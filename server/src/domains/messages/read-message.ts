import { defineAction } from '../../platform/action.ts'
import { emit } from '../../platform/events/emit.ts'
import { NotFound } from '../../platform/problems.ts'
import { Message, MessageKey } from './contract.ts'
import { MessageRead } from './events.ts'
import { presentMessage } from './present.ts'
import { findMessage, markRead } from './queries.ts'
import { MESSAGE_WORDS } from './words.ts'

/** Marks a message as read; the first time counts. */
export const readMessage = defineAction({
  name: 'messages.read', effect: 'UPDATE', untrusted: true, input: MessageKey, output: Message, words: MESSAGE_WORDS,
  title: { en: 'Mark a message as read', fr: 'Marquer un message comme lu' },
  summary: ({ message_id }) => ({ en: `Mark message ${message_id} as read`, fr: `Marquer le message ${message_id} comme lu` }),
  touches: ({ message_id }) => [{ type: 'message', id: message_id }],
  async run(tx, { message_id }) {
    const marked = await markRead(tx.db, tx.identityId, message_id, tx.now())
    if (marked) emit(tx, MessageRead, { message_id })
    const row = await findMessage(tx.db, tx.identityId, message_id)
    if (!row) throw NotFound()
    return presentMessage(row)
  },
})
