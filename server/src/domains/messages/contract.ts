import { z } from 'zod'
import { pageInput } from '../../platform/http/page.ts'

const LINE = /^[^\p{Cc}\u2028\u2029]*$/u

export const MESSAGE_STATUSES = ['received', 'delivered', 'waiting', 'sending', 'sent', 'failed', 'unknown'] as const

export const Message = z.object({
  id: z.uuid(),
  direction: z.enum(['in', 'out']),
  /** `instance`: from person to person here; `email`: through the mail server. */
  channel: z.enum(['instance', 'email']),
  /** Whom it goes to, or who wrote it. */
  peer: z.object({ name: z.string().nullable(), address: z.string() }),
  subject: z.string().nullable(),
  body: z.string(),
  /** An e-mail is `sent` once a mail server took it; `unknown` when the line broke and nobody can say: it is not sent again. */
  status: z.enum(MESSAGE_STATUSES),
  /** A short technical code of why it is not sent yet, or never; null when nothing went wrong. */
  status_reason: z.string().nullable(),
  created_at: z.iso.datetime(),
  read_at: z.iso.datetime().nullable(),
})

export const SendMessage = z.strictObject({
  to: z.string().trim().min(1).max(254).regex(LINE, 'one line').describe('A contact’s id or exact name, or an e-mail address.'),
  contact_id: z.uuid().optional().describe('The contact whose address `to` is; filled in where `to` names a contact.'),
  subject: z.string().trim().min(1).max(300).regex(LINE, 'one line').optional(),
  body: z.string().max(100_000).regex(/\S/, 'not empty'),
})
export type SendInput = z.output<typeof SendMessage>

export const MessageKey = z.strictObject({ message_id: z.uuid() })
export const ListMessages = z.strictObject({ ...pageInput, direction: z.enum(['in', 'out']).optional() })
