import type { z } from 'zod'
import { defineAction, type Action } from '../../platform/action.ts'
import { emit } from '../../platform/events/emit.ts'
import { NotFound } from '../../platform/problems.ts'
import { WebhookKey, WebhookView } from './contract.ts'
import { WebhookUpdated } from './events.ts'
import type { Means } from './means.ts'
import { presentWebhook } from './present.ts'
import { enableWebhook as switchOn } from './queries.ts'
import { WEBHOOK_WORDS } from './words.ts'

/** Lets events out again; what waited since it was disabled leaves too. */
export const enableWebhook = ({ courier }: Pick<Means, 'courier'>): Action<z.output<typeof WebhookKey>, z.input<typeof WebhookView>> => defineAction({
  name: 'webhooks.enable', effect: 'GRANT', keys: false, input: WebhookKey, output: WebhookView, words: WEBHOOK_WORDS,
  title: { en: 'Enable a webhook', fr: 'Activer un webhook' },
  summary: ({ webhook_id }, titleOf) => ({ en: `Send events to ${titleOf(webhook_id)} again`, fr: `Envoyer à nouveau des événements à ${titleOf(webhook_id)}` }),
  touches: ({ webhook_id }) => [{ type: 'webhook', id: webhook_id }],
  async run(tx, { webhook_id }) {
    const row = await switchOn(tx.db, tx.identityId, webhook_id, tx.now())
    if (!row) throw NotFound()
    emit(tx, WebhookUpdated, { webhook_id: row.id })
    tx.afterCommit(() => { courier.wake() })
    return presentWebhook(row)
  },
})
