import type { Actor } from '../../../platform/ctx.ts'
import { Dispersed, Held, Paused, type Stopped } from './errors.ts'
import type { Stop, Stops } from './queries.ts'

/** Work that somebody does for a person. */
export type Work = {
  actor: Actor
  /** A step of something that was let in before: a hold lets it end. */
  begun: boolean
  /** The spheres that it works in and whose rows it touches. */
  spheres: Array<number | null>
}

const toldOf = ({ by, reason, since }: Stop): Stopped => ({ who: by, reason, since: new Date(since).toISOString() })

/** What a person does with their own hands meets the stop (dormant) and nothing less. */
const isAgentWork = ({ kind }: Actor): boolean => kind !== 'person' && kind !== 'system'

/**
 * The strengths below the stop, for one actor's work: a dispersed agent does nothing; a total dispersal and a hold let
 * nothing new begin; a pause keeps its agent, automation, identity or sphere from everything. Throws the first that applies.
 */
export function ensureNotStopped(stops: Stops, { actor, begun, spheres }: Work): void {
  if (!isAgentWork(actor)) return
  const { dispersal, held } = stops
  if (stops.is_dispersed || (dispersal?.level === 'total' && (actor.kind === 'agent' || !begun))) throw Dispersed(dispersal ? { ...toldOf(dispersal), level: dispersal.level } : UNTOLD)
  if (held && !begun) throw Held(toldOf(held))
  const pause = (stops.pauses ?? []).find(({ scope, target, is_home: isHome }) => scope !== 'sphere' || isHome || spheres.includes(Number(target)))
  if (pause) throw Paused({ ...toldOf(pause), scope: pause.scope, pauseId: pause.id })
}

/** An agent whose row says so while no dispersal stands: nothing is known, so nothing is let through. */
const UNTOLD = { who: 'unknown', reason: null, since: new Date(0).toISOString(), level: 'unknown' }
