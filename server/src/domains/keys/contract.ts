import { z } from 'zod'
import { pageInput } from '../../platform/http/page.ts'
import { SphereInput } from '../spheres/contract.ts'

/** A key lasts a year at most. */
export const KEY_DAYS_MAX = 365

const Scope = z.string().min(4).max(100).regex(/^(read|[a-z]+\.([a-z_]+|\*))$/, { error: 'the name of an action, such as notes.create, or notes.*, notes.read, read' })

export const CreateKey = z.strictObject({
  name: z.string().trim().min(1).max(100),
  scopes: z.array(Scope).min(1).max(50),
  spheres: z.array(SphereInput).min(1).max(9).optional(),
  /** Credits that it may spend in a month; left out: as many as its identity has. */
  credits: z.int().min(0).max(1_000_000_000_000).optional(),
  expires_in_days: z.int().min(1).max(KEY_DAYS_MAX).default(90),
})

/** A key as it is listed. `prefix` and `last4` are null until its token was taken. */
export const ApiKey = z.object({
  id: z.uuid(), name: z.string(), scopes: z.array(z.string()), spheres: z.array(z.int()).nullable(), prefix: z.string().nullable(), last4: z.string().nullable(), version: z.int(),
  created_at: z.iso.datetime(), expires_at: z.iso.datetime(), last_used_at: z.iso.datetime().nullable(), revoked_at: z.iso.datetime().nullable(),
})

/** The token, this once. */
export const RevealedKey = ApiKey.extend({ token: z.string() })

export const KeyKey = z.strictObject({ key_id: z.uuid() })
export const ListKeys = z.strictObject({ ...pageInput, revoked: z.enum(['true', 'false']).default('false') })
