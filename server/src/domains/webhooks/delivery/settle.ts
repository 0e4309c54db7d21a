import type { Platform } from '../../../platform/ctx.ts'
import type { WebhookAnswer } from '../../../adapters/webhooks/post-webhook.ts'
import { emit } from '../../../platform/events/emit.ts'
import { newId, type IdentityId, type UserId } from '../../../platform/ids.ts'
import { record } from '../../audit/record.ts'
import { WebhookDisabled } from '../events.ts'
import { countFailures, disableWebhook, settleDelivery, type DueRow, type Outcome } from '../queries.ts'
import { ATTEMPTS_MAX, retryDelayMs } from './retry-delay.ts'

export const FAILURES_MAX = 20

/** What an attempt leaves behind. One that a stop ended did not count, and is due again at once. */
export function outcomeOf(answer: WebhookAnswer, { attempt, now, chance, durationMs }: { attempt: number; now: Date; chance: number; durationMs: number }): Outcome {
  const told = { error: answer.fault, responseStatus: answer.status, responseText: answer.status === null ? null : answer.text, durationMs: Math.round(durationMs) }
  if (answer.delivered) return { ...told, status: 'delivered', attempts: attempt, nextAttemptAt: now, settledAt: now }
  if (answer.fault === 'stopped') return { ...told, status: 'waiting', attempts: attempt - 1, nextAttemptAt: now, settledAt: null }
  if (attempt >= ATTEMPTS_MAX) return { ...told, status: 'failed', attempts: attempt, nextAttemptAt: now, settledAt: now }
  return { ...told, status: 'waiting', attempts: attempt, nextAttemptAt: new Date(now.getTime() + retryDelayMs(attempt, chance)), settledAt: null }
}

/** Writes down what became of an attempt and, in the same commit, disables an endpoint that failed too often in a row. */
export async function settle({ store, clock }: Platform, row: DueRow, outcome: Outcome): Promise<void> {
  await store.within({ service: 'webhooks' }, async (tx) => {
    const [settled] = await tx.send(settleDelivery(tx.db, row, outcome))
    if (!settled || outcome.error === 'stopped') return
    const [counted] = await tx.send(countFailures(tx.db, row.webhook_id, outcome.status !== 'delivered'))
    if (!counted || counted.failures < FAILURES_MAX || counted.status !== 'enabled') return
    const now = clock.now()
    await tx.send(disableWebhook(tx.db, row.identity_id, row.webhook_id, { because: 'failures', at: now }))
    const theirs = { ...tx, identityId: row.identity_id as IdentityId, userId: row.user_id as UserId, now: () => now }
    emit(theirs, WebhookDisabled, { webhook_id: row.webhook_id, because: 'failures' })
    record(tx, { ...theirs, actor: { kind: 'system', id: 'webhooks' }, via: 'system', requestId: newId() }, {
      action: 'webhooks.disabled', outcome: 'done', resource: { type: 'webhook', id: row.webhook_id }, details: { failures: counted.failures },
    })
  })
}
