import { z } from 'zod'

const Time = z.iso.datetime()
const Reason = z.string().trim().max(300)
const SphereName = z.union([z.string().min(1).max(40), z.int()]).transform(String)

export const STRENGTHS = ['none', 'hold', 'disperse', 'kill'] as const

const State = z.object({ strength: z.enum(['hold', 'disperse', 'kill']), by: z.string(), reason: z.string().nullable(), since: Time, level: z.enum(['partial', 'sectoral', 'total']).optional() })

export const Status = z.object({
  status: z.enum(['operational', 'dormant']), frequency: z.int(), agents_active: z.int(), kill_switch: z.boolean(),
  target: z.int(), dormant_frequency: z.int(),
  strength: z.enum(STRENGTHS).describe('The strongest of what stands; `states` lists all of it.'),
  by: z.string().describe('Who, as a role: architect, operator, safeguard, system.'), since: Time, reason: z.string().nullable(),
  dispersed: z.int(), agents: z.object({ total: z.int(), active: z.int(), dormant: z.int(), dispersed: z.int() }),
  states: z.array(State), pauses: z.object({ agent: z.int(), automation: z.int(), identity: z.int(), sphere: z.int() }),
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

/** A sphere that cannot be read is refused, not left out: without one everything is revived. */
export const Revive = Stop.extend({ acknowledge: z.boolean().optional().catch(undefined), sphere: SphereName.optional() })

export const Integrity = z.object({
  unsettled: z.array(z.object({ kind: z.enum(['checkpoint', 'outbox']), id: z.uuid(), state: z.string(), what: z.string(), at: Time.nullable() })).describe('Effects of which it is not known whether they happened; at most 100 of each kind.'),
  record: z.object({ valid: z.boolean(), head: z.string(), links: z.int(), checked: z.int() }).describe('The end of the instance’s chain.'),
  waiting: z.object({ checkpoints: z.int(), outbox: z.int() }),
})
export const Revived = z.object({ status: z.literal('operational'), frequency: z.int(), integrity: Integrity })

export const HoldWork = z.object({ reason: Reason.min(1).optional() })
export const WorkHeld = z.object({ status: z.enum(['held', 'resumed']), since: Time.nullable() })

export const Code = z.object({ code: z.string().describe('Shown once; for X-Confirmation-Code.'), expires_at: Time })
const NUMBERS: Record<string, string> = { 1: 'partial', 2: 'sectoral', 3: 'total' }
/** In the query or in the body. */
export const Disperse = z.object({
  level: z.union([z.string(), z.int()]).transform((level) => NUMBERS[String(level)] ?? level).pipe(z.enum(['partial', 'sectoral', 'total'])).describe('partial (1), sectoral (2) or total (3).'),
  reason: Reason.min(1), sphere: SphereName.optional().describe('Of a sectoral dispersal; without it, half of the fleet.'),
})
export const DisperseGiven = z.object({ level: z.string().max(20).optional(), reason: z.string().max(300).optional(), sphere: z.string().max(40).optional() }).describe('The same members may come in a JSON body.')
export const DispersedFleet = z.object({ dispersed_count: z.int(), remaining_count: z.int(), timestamp: Time })

export const PAUSE_SCOPES = ['agent', 'automation', 'identity', 'sphere'] as const
export const SetPause = z.strictObject({
  scope: z.enum(PAUSE_SCOPES), id: z.union([z.string().min(1).max(50), z.int()]).transform(String).describe('Code of an agent, id of an automation or an identity, id or code of a sphere.'), reason: Reason.min(1),
})
export const Pause = z.object({ id: z.uuid(), scope: z.enum(PAUSE_SCOPES), target: z.string(), for: z.enum(['one', 'all']).describe('One identity, or every one.'), by: z.string(), reason: z.string(), since: Time })
