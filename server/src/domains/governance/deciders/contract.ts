import { z } from 'zod'
import { pageInput } from '../../../platform/http/page.ts'

const Time = z.iso.datetime()

export const CreateDelegation = z.strictObject({
  to_email: z.string().trim().min(3).max(320).optional(),
  to_user_id: z.uuid().optional(),
  from: z.iso.datetime().optional().describe('When it begins; now when left out.'),
  until: z.iso.datetime().describe('When it ends, at most 90 days after it begins.'),
})
export const DelegationKey = z.strictObject({ delegation_id: z.uuid() })
export const ListDelegations = z.strictObject({ ...pageInput })

/** The right to decide in somebody's place, for a time: for the identity that gave it, and at the seats of its person. */
export const Delegation = z.object({
  id: z.uuid(), identity_id: z.uuid(), from_user_id: z.uuid(), to_user_id: z.uuid(), from: Time, until: Time, created_at: Time, revoked_at: Time.nullable(), version: z.int(),
})

export const RECOMMENDATIONS = ['approve', 'reject', 'unsure'] as const
export const GiveAdvice = z.strictObject({ checkpoint_id: z.uuid(), recommends: z.enum(RECOMMENDATIONS), text: z.string().trim().min(1).max(2_000) })

/** What an agent thinks of a checkpoint. It never counts. */
export const Advice = z.object({
  id: z.uuid(), checkpoint_id: z.uuid(), from: z.object({ kind: z.string(), id: z.string() }), recommends: z.enum(RECOMMENDATIONS), text: z.string(), at: Time, counts: z.literal(false),
})

export const Vote = z.object({ user_id: z.uuid(), in_place_of: z.uuid().nullable(), verdict: z.enum(['approved', 'rejected', 'cancelled']), note: z.string().nullable(), at: Time })
