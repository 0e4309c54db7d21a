import { z } from 'zod'

const Time = z.iso.datetime()

export const SecurityStatus = z.object({ state: z.enum(['nominal', 'elevated', 'critical', 'dispersed']), score: z.number(), frequency: z.int(), violations: z.int(), since: Time, last_check: Time })

export const VerifySignature = z.strictObject({
  signature: z.strictObject({ timestamp: z.iso.datetime({ offset: true }), frequency: z.number(), duration_ms: z.number(), harmony_level: z.number() }),
})
export const SignatureVerdict = z.object({ valid: z.boolean(), harmony: z.number(), confidence: z.number() })

export const Violation = z.object({
  id: z.uuid(), kind: z.string(), severity: z.string(), answer: z.string(), at: Time, given_at: Time.nullable(), until: Time.nullable(), lifted_at: Time.nullable(),
})

export const Reset = z.strictObject({ reason: z.string().trim().min(1).max(300) })
export const ResetDone = z.object({ state: z.literal('nominal'), since: Time })
