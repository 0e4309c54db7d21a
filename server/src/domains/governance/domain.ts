import type { AnyAction } from '../../platform/action.ts'
import type { Domain } from '../../platform/domain.ts'
import { createDelegation } from './deciders/create-delegation.ts'
import { giveAdvice } from './deciders/give-advice.ts'
import { revokeDelegation } from './deciders/revoke-delegation.ts'
import { requestElevation, revokeElevation } from './elevations/request-elevation.ts'
import { liftPause } from './floods/lift-pause.ts'
import type { Gate } from './gate.ts'
import { governanceJobs } from './jobs.ts'
import type { RequireSeal } from './policy/instance-routes.ts'
import { policyRoutes } from './policy/routes.ts'
import { governanceRoutes } from './routes.ts'

export function governance(gate: Gate, requireSeal: RequireSeal): Domain {
  const delegate = createDelegation(gate)
  return {
    name: 'governance', uses: ['audit', 'policies', 'budgets'], reads: ['sessions', 'users', 'identities', 'nova_runs', 'agents', 'atom_agents', 'budgets', 'api_keys'],
    tables: ['checkpoints', 'fence', 'fence_pauses', 'dispersal_codes', 'idempotency_keys', 'checkpoint_deciders', 'checkpoint_votes', 'checkpoint_advice', 'delegations', 'actor_pauses', 'elevations'],
    actions: [delegate, revokeDelegation, giveAdvice, requestElevation, revokeElevation, liftPause] as unknown as AnyAction[],
    routes: [...governanceRoutes(gate, delegate), ...policyRoutes(gate, requireSeal)], jobs: governanceJobs(gate),
  }
}
