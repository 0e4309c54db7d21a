import type { z } from 'zod'
import { defineAction, type Action } from '../../platform/action.ts'
import { emit } from '../../platform/events/emit.ts'
import { NotFound } from '../../platform/problems.ts'
import { UpdateWebhook, WebhookView } from './contract.ts'
import { regexOfAll } from './create-webhook.ts'
import { checkEndpoint } from './endpoint-rule.ts'
import { WebhookUpdated } from './events.ts'
import type { Means } from './means.ts'
import { presentWebhook } from './present.ts'
import { changeWebhook } from './queries.ts'
import { WEBHOOK_WORDS } from './words.ts'

/** Changes where an endpoint is, or what it hears. */
export const updateWebhook = ({ rule }: Pick<Means, 'rule'>): Action<z.output<typeof UpdateWebhook>, z.input<typeof WebhookView>> => defineAction({
  name: 'webhooks.update', effect: 'GRANT', keys: false, input: UpdateWebhook, output: WebhookView, words: WEBHOOK_WORDS,
  title: { en: 'Change a webhook', fr: 'Modifier un webhook' },
  summary: ({ webhook_id, url, events }, titleOf) => {
    const from = titleOf(webhook_id)
    const what = events ? ` ${events.join(', ')}` : ''
    return { en: `Change the webhook ${from}: send its events${what} to ${url ?? from}`, fr: `Modifier le webhook ${from} : envoyer ses événements${what} à ${url ?? from}` }
  },
  resolve: (_tx, input) => Promise.resolve(checkEndpoint(rule, input)),
  check: async (_tx, input) => { checkEndpoint(rule, input) },
  touches: ({ webhook_id }) => [{ type: 'webhook', id: webhook_id }],
  async run(tx, { webhook_id, events, ...changes }) {
    const row = await changeWebhook(tx.db, tx.identityId, webhook_id, { ...changes, events, regex: events && regexOfAll(events), at: tx.now() })
    if (!row) throw NotFound()
    emit(tx, WebhookUpdated, { webhook_id: row.id })
    return presentWebhook(row)
  },
})
