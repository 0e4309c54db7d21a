import { defineEvent } from '../../../platform/events/emit.ts'

export const EmailVerified = defineEvent<{ user_id: string }>({ name: 'user.email_verified', channels: () => [] })
export const EmailChanged = defineEvent<{ user_id: string }>({ name: 'user.email_changed', channels: () => [] })
