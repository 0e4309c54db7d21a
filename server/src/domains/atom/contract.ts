import { z } from 'zod'

const Time = z.iso.datetime()
const Reason = z.string().trim().max(300)

export const Status = z.object({
  status: z.enum(['operational', 'dormant']), frequency: z.int(), agents_active: z.int(), kill_switch: z.boolean(),
  target: z.int(), dormant_frequency: z.int(), since: Time, reason: z.string().nullable(),
})

/** A client animates the pulse itself: at `t` the phase is 40° × floor((t − epoch) / period_ms), modulo 360. */
export const Heartbeat = z.object({ frequency: z.int(), phase: z.int(), timestamp: Time, epoch: Time, period_ms: z.int() })

/** `frequency` is any number here, because what is no resonance is `invalid_frequency`, not `validation_error`. */
export const Resonance = z.strictObject({
  frequency: z.number(), phase: z.number().min(0).max(360).default(0),
  agent_id: z.string().min(1).max(50).optional().describe('Code of an agent; without one it is the signal of the caller.'),
})
export const ResonanceUpdated = z.object({ status: z.literal('resonance_updated'), frequency: z.int() })

/** Whatever else comes with it is ignored: nothing in a body may keep the architect from stopping the system. */
export const Stop = z.object({ reason: Reason.optional().catch(undefined) })
export const Stopped = z.object({ status: z.literal('dormant'), frequency: z.int() })
export const Revived = z.object({ status: z.literal('operational'), frequency: z.int() })
