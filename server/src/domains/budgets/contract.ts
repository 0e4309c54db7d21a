import { z } from 'zod'
import { pageInput } from '../../platform/http/page.ts'

const Scope = z.enum(['identity', 'api_key'])

/** Credits that a month may cost at most. */
export const Credits = z.int().min(0).max(1_000_000_000_000)

/** One month of a budget, in credits. */
export const Budget = z.object({
  scope: Scope, scope_id: z.uuid(), period: z.string(), credits: z.int(), used: z.int(), reserved: z.int(), left: z.int(),
})

/** `key_id` names the API key where the scope is one. */
export const SetBudget = z.strictObject({ scope: Scope, key_id: z.uuid().optional(), credits: Credits })

export const ListBudgets = z.strictObject({ ...pageInput, period: z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/, { error: 'a month such as 2026-11' }).optional() })
