import { z } from 'zod'
import { pageInput } from '../../platform/http/page.ts'

export const ENDPOINTS_MAX = 20

const Url = z.string().min(1).max(4_000)
const EventPattern = z.string().min(1).max(100).regex(/^(?:\*|[a-z0-9_]+)(?:[.:](?:\*|[a-z0-9_]+))*$/, 'expected a pattern of event names, such as checkpoint.*')
const EventPatterns = z.array(EventPattern).min(1).max(20)
const Description = z.string().trim().max(300)
const HeaderList = z.array(z.strictObject({ name: z.string().max(200), value: z.string().max(2_000) })).max(10)

export const CreateWebhook = z.strictObject({ url: Url, events: EventPatterns, description: Description.optional(), headers: HeaderList.optional() })
export const UpdateWebhook = z.strictObject({ webhook_id: z.uuid(), url: Url.optional(), events: EventPatterns.optional(), description: Description.optional(), headers: HeaderList.optional() })
export const WebhookKey = z.strictObject({ webhook_id: z.uuid() })
export const DeliveryKey = z.strictObject({ webhook_id: z.uuid(), delivery_id: z.uuid() })
export const ListWebhooks = z.strictObject(pageInput)
export const ListDeliveries = z.strictObject({ webhook_id: z.uuid(), ...pageInput, status: z.enum(['waiting', 'sending', 'delivered', 'failed']).optional() })

export const WebhookView = z.object({
  id: z.uuid(), url: z.string(), description: z.string(), events: z.array(z.string()), headers: z.array(z.object({ name: z.string(), value: z.string() })),
  status: z.enum(['enabled', 'disabled']), disabled_because: z.enum(['person', 'failures']).nullable(), failures: z.int(),
  secret_shown_at: z.iso.datetime().nullable(), old_secret_until: z.iso.datetime().nullable(), version: z.int(), created_at: z.iso.datetime(), updated_at: z.iso.datetime(),
})

export const DeletedWebhook = z.object({ id: z.uuid() })

/** Shown once: whoever loses it asks for a new one. */
export const ShownSecret = z.object({ webhook_id: z.uuid(), secret: z.string() })

export const DeliveryView = z.object({
  id: z.uuid(), webhook_id: z.uuid(), event_id: z.uuid(), type: z.string(), status: z.enum(['waiting', 'sending', 'delivered', 'failed']), attempts: z.int(),
  next_attempt_at: z.iso.datetime().nullable(), error: z.string().nullable(),
  answer: z.object({ status: z.int(), text: z.string() }).nullable(), duration_ms: z.int().nullable(),
  created_at: z.iso.datetime(), settled_at: z.iso.datetime().nullable(),
})
