import { z } from 'zod'
import { pageInput } from '../../platform/http/page.ts'
import { IDENTITY_KINDS } from './identity-kinds.ts'

export const IdentityName = z.string().trim().min(1).max(100)

/** An identity as sign-in answers show it. */
export const IdentityBrief = z.object({ id: z.uuid(), type: z.enum(IDENTITY_KINDS), name: z.string() })

export const Identity = IdentityBrief.extend({
  is_default: z.boolean(), version: z.int(),
  created_at: z.iso.datetime(), updated_at: z.iso.datetime(), archived_at: z.iso.datetime().nullable(),
})

/** An identity in a list or alone; `current` is the one that the request acts as. */
export const ListedIdentity = Identity.extend({ current: z.boolean() })

export const CreateIdentity = z.strictObject({ type: z.enum(IDENTITY_KINDS), name: IdentityName })
export const UpdateIdentity = z.strictObject({ identity_id: z.uuid(), name: IdentityName })
export const IdentityKey = z.strictObject({ identity_id: z.uuid() })
export const ListIdentities = z.strictObject({ ...pageInput, archived: z.enum(['true', 'false']).default('false') })

export const IdentityKindList = z.object({
  items: z.array(z.object({ type: z.enum(IDENTITY_KINDS), name: z.string(), name_text: z.object({ en: z.string(), fr: z.string() }) })),
  next_cursor: z.null(),
})
