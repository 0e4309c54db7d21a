import type { Tx } from '../../../platform/db/store.ts'
import type { Decision } from '../../policies/decision.ts'
import type { Call } from '../gate.ts'
import { covers, isElevatable } from './covers.ts'
import { findElevations } from './queries.ts'

type Ruled = Exclude<Decision, { verdict: 'deny' }>
type Asking = Pick<Call, 'action' | 'caller'>

/** The elevation under which a call may pass; nothing is asked for a person, nor for what is always asked about. Goes out with BEGIN. */
export async function readElevation(tx: Tx, { action, caller: { actor, identityId } }: Asking, now: Date): Promise<string | undefined> {
  if (actor.kind === 'person' || !isElevatable(action)) return undefined
  const inForce = await tx.send(findElevations({ identityId, ...actor }, now))
  return inForce.find(({ scope }) => covers(scope, action.name))?.checkpoint_id
}

/** What an elevation lifts: the holds of the rules that come with the product, and the floor where they are retired. */
const LIFTABLE = new Set(['hold_send', 'hold_execute', 'hold_irreversible', 'floor_send', 'floor_execute'])

/**
 * Lets a call pass that would have waited for the yes of its person alone: that yes was given for a time. What a rule that
 * somebody wrote holds waits all the same, as under a standing grant, and so does what goes to many, what the caller itself
 * wants asked, and what texts of others led to.
 */
export function liftHold(decision: Ruled, { action, ask, instead, untrusted = [] }: Call, elevation: string | undefined): Ruled {
  if (elevation === undefined || ask || action.alwaysAsks || instead || untrusted.length > 0 || decision.verdict !== 'hold') return decision
  if (decision.policies.some((id) => !LIFTABLE.has(id))) return decision
  return { verdict: 'allow', policies: [...decision.policies, `elevation:${elevation}`], laws: decision.laws }
}
