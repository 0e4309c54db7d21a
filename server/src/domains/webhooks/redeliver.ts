import type { z } from 'zod'
import { defineAction, type Action } from '../../platform/action.ts'
import { NotFound } from '../../platform/problems.ts'
import { DeliveryKey, DeliveryView } from './contract.ts'
import { EndpointDisabled, NotSettled } from './errors.ts'
import type { Means } from './means.ts'
import { presentDelivery } from './present.ts'
import { findWebhook, redeliver as makeDue } from './queries.ts'
import { WEBHOOK_WORDS } from './words.ts'

/** Delivers again what has ended, under the same id: a receiver that took it does nothing again. */
export const redeliver = ({ courier }: Pick<Means, 'courier'>): Action<z.output<typeof DeliveryKey>, z.input<typeof DeliveryView>> => defineAction({
  name: 'webhooks.redeliver', effect: 'SEND', keys: false, input: DeliveryKey, output: DeliveryView, words: WEBHOOK_WORDS,
  title: { en: 'Deliver to a webhook again', fr: 'Livrer à nouveau à un webhook' },
  summary: ({ webhook_id, delivery_id }, titleOf) => ({ en: `Deliver ${delivery_id} to ${titleOf(webhook_id)} again`, fr: `Livrer à nouveau ${delivery_id} à ${titleOf(webhook_id)}` }),
  touches: ({ webhook_id, delivery_id }) => [{ type: 'webhook', id: webhook_id }, { type: 'webhook_delivery', id: delivery_id }],
  about: ({ id }) => ({ type: 'webhook_delivery', id }),
  async run(tx, { webhook_id, delivery_id }) {
    const webhook = await findWebhook(tx.db, tx.identityId, webhook_id).executeTakeFirst()
    if (webhook?.status !== 'enabled') throw EndpointDisabled()
    const row = await makeDue(tx.db, tx.identityId, delivery_id, tx.now())
    if (!row) throw NotSettled()
    if (row.webhook_id !== webhook_id) throw NotFound()
    tx.afterCommit(() => { courier.wake() })
    return presentDelivery(row)
  },
})
