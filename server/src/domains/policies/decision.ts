import type { Requirement } from './requirement.ts'

export type CheckpointType = 'destructive_action' | 'execution_approval' | 'cross_sphere' | 'scope_elevation' | 'identity_boundary'

/** What the policy says of a call, with the ids of the policies that decided and of the laws that they keep. */
export type Decision =
  | { verdict: 'allow'; policies: string[]; laws: string[] }
  | { verdict: 'deny'; code: 'policy_denied' | 'cross_sphere'; policies: string[]; laws: string[] }
  | { verdict: 'hold'; type: CheckpointType; policies: string[]; laws: string[]; requirement: Requirement }

const TYPES = new Map<string, CheckpointType>([['DELETE', 'destructive_action'], ['TRANSFER', 'cross_sphere'], ['GRANT', 'scope_elevation']])

/** The type of the checkpoint at which a call of this effect class waits. */
export const checkpointTypeOf = (effect: string): CheckpointType => TYPES.get(effect) ?? 'execution_approval'
