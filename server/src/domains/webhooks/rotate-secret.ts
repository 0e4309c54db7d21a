import type { z } from 'zod'
import { defineAction, type Action } from '../../platform/action.ts'
import { emit } from '../../platform/events/emit.ts'
import { NotFound } from '../../platform/problems.ts'
import { WebhookKey, WebhookView } from './contract.ts'
import { WebhookRotated } from './events.ts'
import type { Means } from './means.ts'
import { presentWebhook } from './present.ts'
import { rotateSecret as replaceSecret } from './queries.ts'
import { WEBHOOK_WORDS } from './words.ts'

const OVERLAP_MS = 24 * 3_600_000

/** Gives an endpoint a new secret. The one before signs beside it for 24 hours, so that the receiver can change over. */
export const rotateSecret = ({ secrets }: Pick<Means, 'secrets'>): Action<z.output<typeof WebhookKey>, z.input<typeof WebhookView>> => defineAction({
  name: 'webhooks.rotate', effect: 'GRANT', keys: false, input: WebhookKey, output: WebhookView, words: WEBHOOK_WORDS,
  title: { en: 'Give a webhook a new secret', fr: 'Donner un nouveau secret à un webhook' },
  summary: ({ webhook_id }, titleOf) => ({ en: `Give the webhook ${titleOf(webhook_id)} a new secret`, fr: `Donner un nouveau secret au webhook ${titleOf(webhook_id)}` }),
  touches: ({ webhook_id }) => [{ type: 'webhook', id: webhook_id }],
  async run(tx, { webhook_id }) {
    const at = tx.now()
    const row = await replaceSecret(tx.db, tx.identityId, webhook_id, { secret: secrets.close(webhook_id, secrets.make()), oldUntil: new Date(at.getTime() + OVERLAP_MS), at })
    if (!row) throw NotFound()
    emit(tx, WebhookRotated, { webhook_id: row.id })
    return presentWebhook(row)
  },
})
