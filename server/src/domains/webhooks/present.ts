import type { z } from 'zod'
import type { DeliveryView, WebhookView } from './contract.ts'
import type { DeliveryRow, HeaderRow, WebhookRow } from './queries.ts'

export const presentWebhook = (row: WebhookRow): z.input<typeof WebhookView> => ({
  id: row.id, url: row.url, description: row.description, events: row.events, headers: row.headers as HeaderRow[], status: row.status as 'enabled' | 'disabled',
  disabled_because: row.disabled_because as 'person' | 'failures' | null, failures: row.failures, secret_shown_at: row.secret_shown_at?.toISOString() ?? null,
  old_secret_until: row.old_secret_until?.toISOString() ?? null, version: row.version, created_at: row.created_at.toISOString(), updated_at: row.updated_at.toISOString(),
})

export const presentDelivery = (row: DeliveryRow): z.input<typeof DeliveryView> => ({
  id: row.id, webhook_id: row.webhook_id, event_id: row.event_id, type: row.event_name, status: row.status as DeliveryStatus, attempts: row.attempts,
  next_attempt_at: row.status === 'waiting' ? row.next_attempt_at.toISOString() : null, error: row.error,
  answer: row.response_status === null ? null : { status: row.response_status, text: row.response_text ?? '' }, duration_ms: row.response_ms,
  created_at: row.created_at.toISOString(), settled_at: row.settled_at?.toISOString() ?? null,
})

type DeliveryStatus = z.input<typeof DeliveryView>['status']
