import type { AnyAction } from '../../platform/action.ts'
import { page, toPage } from '../../platform/http/page.ts'
import { read, sessionRoute, write, type Route } from '../../platform/http/route.ts'
import { refuseMissing } from '../governance/refuse-missing.ts'
import { DeliveryView, ListDeliveries, ListWebhooks, ShownSecret, WebhookKey, WebhookView } from './contract.ts'
import { createWebhook } from './create-webhook.ts'
import { deleteWebhook } from './delete-webhook.ts'
import { disableWebhook } from './disable-webhook.ts'
import { enableWebhook } from './enable-webhook.ts'
import type { Means } from './means.ts'
import { pingWebhook } from './ping-webhook.ts'
import { presentDelivery, presentWebhook } from './present.ts'
import { findWebhook, listDeliveries, listWebhooks } from './queries.ts'
import { redeliver } from './redeliver.ts'
import { rotateSecret } from './rotate-secret.ts'
import { showSecret } from './show-secret.ts'
import { updateWebhook } from './update-webhook.ts'

const reads: Route[] = [
  read('GET /webhooks', {
    summary: 'List webhooks, newest first', input: ListWebhooks, output: page(WebhookView),
    run: async (ctx, q) => toPage(
      await ctx.tx.send(listWebhooks(ctx.db, ctx.identityId, { limit: q.limit, before: ctx.platform.cursors.decode(q.cursor) })),
      { limit: q.limit, cursors: ctx.platform.cursors, keyOf: (row) => row.id, present: presentWebhook },
    ),
  }),
  read('GET /webhooks/:webhook_id', {
    summary: 'Get a webhook', input: WebhookKey, output: WebhookView, problems: ['not_found', 'identity_boundary'],
    run: async (ctx, { webhook_id }) => presentWebhook(await findWebhook(ctx.db, ctx.identityId, webhook_id).executeTakeFirst() ?? await refuseMissing(ctx, { type: 'webhook', id: webhook_id })),
  }),
  read('GET /webhooks/:webhook_id/deliveries', {
    summary: 'List what was delivered to a webhook and what came of it, newest first', input: ListDeliveries, output: page(DeliveryView), problems: ['not_found', 'identity_boundary'],
    run: async (ctx, { webhook_id, ...q }) => {
      if (!await findWebhook(ctx.db, ctx.identityId, webhook_id).executeTakeFirst()) await refuseMissing(ctx, { type: 'webhook', id: webhook_id })
      const rows = await ctx.tx.send(listDeliveries(ctx.db, ctx.identityId, { webhookId: webhook_id, status: q.status, limit: q.limit, before: ctx.platform.cursors.decode(q.cursor) }))
      return toPage(rows, { limit: q.limit, cursors: ctx.platform.cursors, keyOf: (row) => row.id, present: presentDelivery })
    },
  }),
]

export function webhookRoutes(means: Means): { actions: AnyAction[]; routes: Route[] } {
  const [create, update, enable, rotate, ping, again] = [createWebhook(means), updateWebhook(means), enableWebhook(means), rotateSecret(means), pingWebhook(means), redeliver(means)]
  return {
    actions: [create, update, enable, disableWebhook, rotate, deleteWebhook, ping, again] as unknown as AnyAction[],
    routes: [
      ...reads,
      write('POST /webhooks', create, { status: 201, problems: ['unsafe_url', 'unsafe_header', 'conflict'] }),
      write('PATCH /webhooks/:webhook_id', update, { problems: ['unsafe_url', 'unsafe_header'] }),
      write('DELETE /webhooks/:webhook_id', deleteWebhook),
      write('POST /webhooks/:webhook_id/enable', enable),
      write('POST /webhooks/:webhook_id/disable', disableWebhook),
      write('POST /webhooks/:webhook_id/rotate', rotate),
      write('POST /webhooks/:webhook_id/ping', ping, { problems: ['conflict'] }),
      write('POST /webhooks/:webhook_id/deliveries/:delivery_id/redeliver', again, { problems: ['conflict'] }),
      sessionRoute('POST /webhooks/:webhook_id/secret', {
        summary: 'Show the secret of a webhook: once', input: WebhookKey, output: ShownSecret, problems: ['not_found', 'identity_boundary', 'gone', 'step_up_required'],
        run: (ctx, { webhook_id }) => showSecret(means.secrets, ctx, webhook_id),
      }),
    ],
  }
}
