import { defineAction } from '../../platform/action.ts'
import { emit } from '../../platform/events/emit.ts'
import { NotFound } from '../../platform/problems.ts'
import { WebhookKey, WebhookView } from './contract.ts'
import { WebhookDisabled } from './events.ts'
import { presentWebhook } from './present.ts'
import { disableWebhook as switchOff, findWebhook } from './queries.ts'
import { WEBHOOK_WORDS } from './words.ts'

/** Lets nothing out any more until it is enabled. */
export const disableWebhook = defineAction({
  name: 'webhooks.disable', effect: 'UPDATE', reversible: false, keys: false, input: WebhookKey, output: WebhookView, words: WEBHOOK_WORDS,
  title: { en: 'Disable a webhook', fr: 'Désactiver un webhook' },
  summary: ({ webhook_id }, titleOf) => ({ en: `Send no more events to ${titleOf(webhook_id)}`, fr: `Ne plus envoyer d’événements à ${titleOf(webhook_id)}` }),
  touches: ({ webhook_id }) => [{ type: 'webhook', id: webhook_id }],
  async run(tx, { webhook_id }) {
    const [row] = await tx.send(switchOff(tx.db, tx.identityId, webhook_id, { because: 'person', at: tx.now() }))
    if (row) emit(tx, WebhookDisabled, { webhook_id: row.id, because: 'person' })
    const found = row ?? await findWebhook(tx.db, tx.identityId, webhook_id).executeTakeFirst()
    if (!found) throw NotFound()
    return presentWebhook(found)
  },
})
