import { defineEvent } from '../../platform/events/emit.ts'

type Told = { webhook_id: string }

// Heard on the channel of the user, which every event of a user has.
const channels = (): string[] => []

export const WebhookCreated = defineEvent<Told>({ name: 'webhook.created', channels })
export const WebhookUpdated = defineEvent<Told>({ name: 'webhook.updated', channels })
export const WebhookRotated = defineEvent<Told>({ name: 'webhook.rotated', channels })
export const WebhookDeleted = defineEvent<Told>({ name: 'webhook.deleted', channels })
export const WebhookDisabled = defineEvent<Told & { because: 'person' | 'failures' }>({ name: 'webhook.disabled', channels })
