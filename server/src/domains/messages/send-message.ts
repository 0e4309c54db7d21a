import assert from 'node:assert/strict'
import type { z } from 'zod'
import { defineAction, type Action } from '../../platform/action.ts'
import type { EffectTx } from '../../platform/ctx.ts'
import { closeAsService } from '../../platform/db/as-service.ts'
import { emit } from '../../platform/events/emit.ts'
import { newId } from '../../platform/ids.ts'
import { findRecipient, findSender, type Recipient } from '../accounts/find-recipient.ts'
import { findNamedContacts } from '../contacts/find-named-contacts.ts'
import { intendEffect } from '../governance/effects/intend-effect.ts'
import { Message, SendMessage, type SendInput } from './contract.ts'
import { NoWayOut } from './errors.ts'
import { MessageQueued, MessageReceived, MessageSent } from './events.ts'
import { keyOf } from './mail-address.ts'
import { presentMessage } from './present.ts'
import { insertMessage, insertOutbox, type MessageRow } from './queries.ts'
import { checkRecipient, resolveRecipient } from './resolve-recipient.ts'
import { MESSAGE_WORDS } from './words.ts'

export type SendAction = Action<SendInput, z.input<typeof Message>>

/**
 * Sends a message: to a person of this instance at once, else as an e-mail that waits in the outbox from the same commit
 * on. `wakeOutbox` rings once that commit is durable.
 */
export const sendMessage = (wakeOutbox: () => void): SendAction => defineAction({
  name: 'messages.send', effect: 'SEND', input: SendMessage, output: Message, words: MESSAGE_WORDS,
  title: { en: 'Send a message', fr: 'Envoyer un message' },
  summary: ({ to, contact_id, subject }, titleOf) => {
    const whom = contact_id === undefined ? to : `${titleOf(contact_id)} <${to}>`
    const about = subject === undefined ? { en: 'a message', fr: 'un message' } : { en: `the message “${subject}”`, fr: `le message « ${subject} »` }
    return { en: `Send ${about.en} to ${whom}`, fr: `Envoyer ${about.fr} à ${whom}` }
  },
  resolve: resolveRecipient,
  check: checkRecipient,
  sensitivity: 'sensitive',
  facts: () => ({ recipients: 1 }),
  touches: ({ contact_id }) => (contact_id === undefined ? [] : [{ type: 'contact', id: contact_id }]),
  shows: ({ to, contact_id }, { titleOf }) => ({ recipients: [{ name: contact_id === undefined ? null : titleOf(contact_id), address: to }], count: 1 }),
  about: ({ id }) => ({ type: 'message', id }),
  async run(tx, input) {
    const name = await nameOf(tx, input)
    const recipient = await findRecipient(tx, keyOf(input.to))
    if (recipient) return presentMessage(await hand(tx, input, name, recipient))
    if (!tx.settings.SMTP_URL) throw NoWayOut()
    tx.afterCommit(wakeOutbox)
    return presentMessage(await post(tx, input, name))
  },
})

async function nameOf(tx: EffectTx, { contact_id }: SendInput): Promise<string | null> {
  if (contact_id === undefined) return null
  const [contact] = await findNamedContacts(tx, contact_id, 1)
  return contact?.name ?? null
}

/** Into the box of a person of this instance: their copy, and the event that tells them, are theirs. */
async function hand(tx: EffectTx, { to, subject, body }: SendInput, name: string | null, recipient: Recipient): Promise<MessageRow> {
  const sender = await findSender(tx, tx.userId)
  assert(sender, 'a person sees their own account')
  const shared = { channel: 'instance', subject: subject ?? null, body, outboxId: null, at: tx.now() } as const
  const copy = { ...shared, id: newId(), identityId: recipient.identityId, direction: 'in', peerName: sender.name, peerAddress: sender.email } as const
  const theirs = { ...tx, identityId: recipient.identityId, userId: recipient.userId }
  const row = await insertMessage(tx.db, { ...shared, id: newId(), identityId: tx.identityId, direction: 'out', peerName: name, peerAddress: to }).executeTakeFirstOrThrow()
  closeAsService(tx, 'delivery', () => {
    tx.atClose(() => insertMessage(tx.db, copy))
    emit(theirs, MessageReceived, { message_id: copy.id })
  })
  emit(tx, MessageSent, { message_id: row.id, channel: 'instance' })
  return { ...row, outbox_status: null, outbox_error: null }
}

/** Into the outbox; the payload names the message, whose text stays in one place. */
async function post(tx: EffectTx, { to, subject, body }: SendInput, name: string | null): Promise<MessageRow> {
  const outboxId = newId()
  const id = newId()
  intendEffect(tx)
  const row = await insertMessage(tx.db, { id, identityId: tx.identityId, direction: 'out', channel: 'email', peerName: name, peerAddress: to, subject: subject ?? null, body, outboxId, at: tx.now() }).executeTakeFirstOrThrow()
  tx.atClose(() => insertOutbox(tx.db, { id: outboxId, identityId: tx.identityId, payload: { message_id: id, user_id: tx.userId }, checkpointId: tx.checkpointId, at: tx.now() }))
  emit(tx, MessageQueued, { message_id: id })
  return { ...row, outbox_status: 'waiting', outbox_error: null }
}
