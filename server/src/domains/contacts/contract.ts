import { z } from 'zod'
import { pageInput } from '../../platform/http/page.ts'

const Name = z.string().trim().min(1).max(200)
const Email = z.string().trim().max(254).pipe(z.email())
const Query = z.string().trim().max(300)

export const Contact = z.object({
  id: z.uuid(), name: z.string(), email: z.string().nullable(), version: z.int(),
  created_at: z.iso.datetime(), updated_at: z.iso.datetime(), binned_at: z.iso.datetime().nullable(),
})

export const CreateContact = z.strictObject({ name: Name, email: Email.nullish() })
export const UpdateContact = z.strictObject({ contact_id: z.uuid(), name: Name.optional(), email: Email.nullish() })
export const ContactKey = z.strictObject({ contact_id: z.uuid() })
export const SearchContacts = z.strictObject({ query: Query.optional() })
export const FoundContacts = z.object({ items: z.array(Contact) })
export const ListContacts = z.strictObject({ ...pageInput, query: Query.optional(), binned: z.enum(['true', 'false']).default('false') })
