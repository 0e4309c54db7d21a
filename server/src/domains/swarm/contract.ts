import { z } from 'zod'

const Time = z.iso.datetime()
const Secret = z.string().regex(/^[\w-]{43}$/)
const Frequency = z.int()

export const SceauBegun = z.object({ attempt: Secret, began_at: Time, needed_ms: z.int(), expires_at: Time })

/** What a client says of duration and frequency is taken in and not believed: the server measures. */
export const ActivateSceau = z.strictObject({ attempt: Secret, duration_ms: z.number().optional(), frequency_reached: z.number().optional() })
export const SceauActivated = z.object({ success: z.literal(true), session_id: Secret, frequency: Frequency, duration_ms: z.int(), expires_at: Time })

const Sphere = z.object({ count: z.int(), active: z.int() })

export const SwarmActivated = z.object({ agent_count: z.int(), spheres: z.array(z.string()), frequency: Frequency, ws_url: z.string() })
export const SwarmStatus = z.object({
  active: z.boolean(), agent_count: z.int(), frequency: Frequency, target: Frequency,
  harmony: z.number().min(0).max(1).describe('Share of the fleet that may act now; a display value.'),
  spheres: z.record(z.string(), Sphere),
})

export const FrequencyNow = z.object({ frequency: Frequency, target: Frequency, dormant_frequency: Frequency, harmony: z.number(), phase: z.int(), epoch: Time, period_ms: z.int() })

export const SceauHeader = z.object({ 'X-Sceau-Session': z.string() })
