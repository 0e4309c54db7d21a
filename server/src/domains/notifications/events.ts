import { defineEvent } from '../../platform/events/emit.ts'

/**
 * Heard on the channel of the user; it belongs to the account, so a socket hears it under any identity of theirs.
 * `identity_id`: the identity it is about; `webhook`: whether the person wants this kind at their webhooks.
 */
export const NotificationCreated = defineEvent<{ notification_id: string; kind: string; identity_id: string | null; ref_type: string | null; ref_id: string | null; in_app: boolean; webhook: boolean }>({ name: 'notification.created', channels: () => [] })
