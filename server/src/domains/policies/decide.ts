import type { Effect } from '../../platform/action.ts'
import type { Actor, Via } from '../../platform/ctx.ts'
import { OWN_APPROVAL, type Requirement } from './requirement.ts'

/** What the policy looks at: who, what class of effect, and whether the call leaves its sphere. */
export type Question = { actor: Actor['kind']; via: Via; effect: Effect | (string & {}); leavesSphere: boolean }

export type CheckpointType = 'destructive_action' | 'execution_approval' | 'cross_sphere' | 'scope_elevation' | 'identity_boundary'

export type Decision =
  | { verdict: 'allow'; policies: string[] }
  | { verdict: 'deny'; code: 'policy_denied' | 'cross_sphere'; policies: string[] }
  | { verdict: 'hold'; type: CheckpointType; policies: string[]; requirement: Requirement }

// Maps and sets, not objects: an effect called `toString` must find nothing.
const HOLDS = new Map<string, CheckpointType>([
  ['DELETE', 'destructive_action'], ['SEND', 'execution_approval'], ['TRANSFER', 'cross_sphere'],
  ['PAYMENT', 'execution_approval'], ['GRANT', 'scope_elevation'], ['EXECUTE', 'execution_approval'],
])
const HELD_EVEN_FOR_THE_PERSON = new Set(['TRANSFER', 'PAYMENT', 'GRANT'])
const FREE = new Set(['READ', 'CREATE', 'UPDATE'])

/**
 * The default policy (product.md, invariant 2). Holding is the default: only what can be undone inside the identity and
 * the sphere runs without asking; the person acting on their own things is that human; what is unknown is denied.
 */
export function decide({ actor, via, effect, leavesSphere }: Question): Decision {
  const type = HOLDS.get(effect)
  if (type === undefined && !FREE.has(effect)) return { verdict: 'deny', code: 'policy_denied', policies: ['unknown_effect'] }
  const direct = actor === 'person' && via === 'rest'
  if (!direct && leavesSphere && effect !== 'TRANSFER') return { verdict: 'deny', code: 'cross_sphere', policies: ['sphere_isolation'] }
  if (type === undefined) return { verdict: 'allow', policies: ['reversible_within_identity'] }
  if (direct && !HELD_EVEN_FOR_THE_PERSON.has(effect)) return { verdict: 'allow', policies: ['person_is_the_human'] }
  return { verdict: 'hold', type, policies: [`hold_${effect.toLowerCase()}`], requirement: OWN_APPROVAL }
}
