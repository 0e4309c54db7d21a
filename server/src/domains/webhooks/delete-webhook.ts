import { defineAction } from '../../platform/action.ts'
import { emit } from '../../platform/events/emit.ts'
import { NotFound } from '../../platform/problems.ts'
import { DeletedWebhook, WebhookKey } from './contract.ts'
import { WebhookDeleted } from './events.ts'
import { deleteWebhook as remove } from './queries.ts'
import { WEBHOOK_WORDS } from './words.ts'

/** Removes an endpoint with its secret and its deliveries, for good. */
export const deleteWebhook = defineAction({
  name: 'webhooks.delete', effect: 'DELETE', keys: false, input: WebhookKey, output: DeletedWebhook, words: WEBHOOK_WORDS,
  title: { en: 'Delete a webhook', fr: 'Supprimer un webhook' },
  summary: ({ webhook_id }, titleOf) => ({ en: `Delete the webhook ${titleOf(webhook_id)} and its deliveries`, fr: `Supprimer le webhook ${titleOf(webhook_id)} et ses livraisons` }),
  touches: ({ webhook_id }) => [{ type: 'webhook', id: webhook_id }],
  async run(tx, { webhook_id }) {
    const row = await remove(tx.db, tx.identityId, webhook_id)
    if (!row) throw NotFound()
    emit(tx, WebhookDeleted, { webhook_id: row.id })
    return { id: row.id }
  },
})
