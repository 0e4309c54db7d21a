import type { z } from 'zod'
import { defineAction, type Action } from '../../platform/action.ts'
import { newId } from '../../platform/ids.ts'
import { DeliveryView, WebhookKey } from './contract.ts'
import { bodyOf } from './delivery/delivery-body.ts'
import { EndpointDisabled } from './errors.ts'
import type { Means } from './means.ts'
import { presentDelivery } from './present.ts'
import { findWebhook, insertDeliveries } from './queries.ts'
import { WEBHOOK_WORDS } from './words.ts'

/** Sends an endpoint a message that says nothing, to see whether it answers. */
export const pingWebhook = ({ courier }: Pick<Means, 'courier'>): Action<z.output<typeof WebhookKey>, z.input<typeof DeliveryView>> => defineAction({
  name: 'webhooks.ping', effect: 'SEND', keys: false, input: WebhookKey, output: DeliveryView, words: WEBHOOK_WORDS,
  title: { en: 'Try a webhook', fr: 'Essayer un webhook' },
  summary: ({ webhook_id }, titleOf) => ({ en: `Send a test to ${titleOf(webhook_id)}`, fr: `Envoyer un essai à ${titleOf(webhook_id)}` }),
  touches: ({ webhook_id }) => [{ type: 'webhook', id: webhook_id }],
  about: ({ id }) => ({ type: 'webhook_delivery', id }),
  async run(tx, { webhook_id }) {
    const webhook = await findWebhook(tx.db, tx.identityId, webhook_id).executeTakeFirst()
    if (webhook?.status !== 'enabled') throw EndpointDisabled()
    const at = tx.now()
    const row = await insertDeliveries(tx.db, [{ id: newId(), webhookId: webhook_id, identityId: tx.identityId, eventId: newId(), eventName: 'webhook.ping', body: bodyOf({ name: 'webhook.ping', at, data: { webhook_id } }), at }]).executeTakeFirstOrThrow()
    tx.afterCommit(() => { courier.wake() })
    return presentDelivery(row)
  },
})
