import { z } from 'zod'
import { pageInput } from '../../platform/http/page.ts'
import { KIND_NAMES } from './kinds.ts'

const Bilingual = z.object({ en: z.string(), fr: z.string() })

export const NotificationView = z.object({
  id: z.uuid(), kind: z.string(), title: z.string(), body: z.string(), title_text: Bilingual, body_text: Bilingual, link: z.string().nullable(),
  ref: z.object({ type: z.string(), id: z.uuid() }).nullable(), identity_id: z.uuid().nullable(), created_at: z.iso.datetime(), read_at: z.iso.datetime().nullable(),
})

export const ListNotifications = z.strictObject({ ...pageInput, unread: z.enum(['true', 'false']).default('false'), kind: z.enum(KIND_NAMES).optional() })
export const NotificationKey = z.strictObject({ notification_id: z.uuid() })
export const Nothing = z.strictObject({})
export const UnreadCount = z.object({ unread: z.int(), /** True: there are at least so many. */ more: z.boolean() })
export const ReadAll = z.object({ read: z.int() })

const Ways = z.object({ in_app: z.boolean(), email: z.boolean(), webhook: z.boolean() })
const SomeWays = z.strictObject({ in_app: z.boolean().optional(), email: z.boolean().optional(), webhook: z.boolean().optional() })

export const PreferencesView = z.object({ language: z.enum(['en', 'fr']), kinds: z.array(Ways.extend({ kind: z.enum(KIND_NAMES), title: z.string() })) })
export const ChangePreferences = z.strictObject({ language: z.enum(['en', 'fr']).optional(), kinds: z.array(SomeWays.extend({ kind: z.enum(KIND_NAMES) })).max(KIND_NAMES.length).optional() })
