import { z } from 'zod'
import { pageInput } from '../../../platform/http/page.ts'

const MINUTES_MAX = 480
export const ELEVATION_STATUSES = ['pending', 'approved', 'denied', 'expired', 'cancelled', 'revoked'] as const

export const RequestElevation = z.strictObject({
  scope: z.string().regex(/^[a-z_]{1,50}\.(?:[a-z_]{1,50}|\*)$/, 'must be an action such as messages.send, or messages.*').describe('The action that may be done without asking, or all of one noun.'),
  reason: z.string().trim().min(1).max(500),
  minutes: z.int().min(1).max(MINUTES_MAX),
  for: z.strictObject({ kind: z.enum(['nova', 'agent', 'automation', 'api_key']), id: z.string().min(1).max(100) }).optional().describe('Who gets the right: who asks, or Nova when a person asks.'),
})

export const ListElevations = z.strictObject({ ...pageInput, status: z.enum(ELEVATION_STATUSES).optional() })

/** A right for a time, as its request stands. Its id is that of the checkpoint at which it is decided. */
export const Elevation = z.object({
  id: z.uuid(), status: z.enum(ELEVATION_STATUSES), scope: z.string(), reason: z.string(), minutes: z.int(),
  actor: z.object({ kind: z.string(), id: z.string() }), created_at: z.iso.datetime(), starts_at: z.iso.datetime().nullable(), ends_at: z.iso.datetime().nullable(),
})

export const Elevated = z.object({ checkpoint_id: z.uuid(), scope: z.string(), actor: z.object({ kind: z.string(), id: z.string() }), starts_at: z.iso.datetime(), ends_at: z.iso.datetime() })
