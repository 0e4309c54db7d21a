import type { z } from 'zod'
import { defineAction, type Action } from '../../platform/action.ts'
import { emit } from '../../platform/events/emit.ts'
import { regexOf } from '../../platform/events/pattern.ts'
import { newId } from '../../platform/ids.ts'
import { CreateWebhook, ENDPOINTS_MAX, WebhookView } from './contract.ts'
import { checkEndpoint } from './endpoint-rule.ts'
import { TooManyEndpoints } from './errors.ts'
import { WebhookCreated } from './events.ts'
import type { Means } from './means.ts'
import { presentWebhook } from './present.ts'
import { countWebhooks, insertWebhook } from './queries.ts'
import { WEBHOOK_WORDS } from './words.ts'

/** One expression for all patterns of an endpoint. */
export const regexOfAll = (events: string[]): string => events.map((pattern) => `(?:${regexOf(pattern)})`).join('|')

/** Opens a way out for events of this identity. Its secret is made here and shown to a session afterwards (show-secret.ts). */
export const createWebhook = ({ rule, secrets }: Pick<Means, 'rule' | 'secrets'>): Action<z.output<typeof CreateWebhook>, z.input<typeof WebhookView>> => defineAction({
  name: 'webhooks.create', effect: 'GRANT', keys: false, input: CreateWebhook, output: WebhookView, words: WEBHOOK_WORDS,
  title: { en: 'Create a webhook', fr: 'Créer un webhook' },
  summary: ({ url, events }) => ({ en: `Send the events ${events.join(', ')} of this identity to ${url}`, fr: `Envoyer les événements ${events.join(', ')} de cette identité à ${url}` }),
  resolve: (_tx, input) => Promise.resolve(checkEndpoint(rule, input)),
  async check(tx, input) {
    checkEndpoint(rule, input)
    const [counted] = await tx.send(countWebhooks(tx.db, tx.identityId))
    if (Number(counted?.count ?? 0) >= ENDPOINTS_MAX) throw TooManyEndpoints()
  },
  about: ({ id }) => ({ type: 'webhook', id }),
  async run(tx, { url, events, description, headers }) {
    const id = newId()
    const row = await insertWebhook(tx.db, {
      id, identityId: tx.identityId, userId: tx.userId, url, description: description ?? '', events, regex: regexOfAll(events), headers: headers ?? [], secret: secrets.close(id, secrets.make()), at: tx.now(),
    })
    emit(tx, WebhookCreated, { webhook_id: row.id })
    return presentWebhook(row)
  },
})
