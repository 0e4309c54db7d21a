import type { AnyAction } from '../../platform/action.ts'
import type { Domain } from '../../platform/domain.ts'
import { createDelegation } from './deciders/create-delegation.ts'
import { giveAdvice } from './deciders/give-advice.ts'
import { revokeDelegation } from './deciders/revoke-delegation.ts'
import { requestElevation, revokeElevation } from './elevations/request-elevation.ts'
import { liftPause } from './floods/lift-pause.ts'
import type { Gate } from './gate.ts'
import { governanceJobs } from './jobs.ts'
import { governanceRoutes } from './routes.ts'

export function governance(gate: Gate): Domain {
  const delegate = createDelegation(gate)
  return {
    name: 'governance', uses: ['audit', 'policies'], reads: ['sessions', 'users', 'identities', 'nova_runs', 'agents', 'atom_agents'],
    tables: ['checkpoints', 'fence', 'fence_pauses', 'dispersal_codes', 'idempotency_keys', 'checkpoint_deciders', 'checkpoint_votes', 'checkpoint_advice', 'delegations', 'actor_pauses', 'elevations'],
    actions: [delegate, revokeDelegation, giveAdvice, requestElevation, revokeElevation, liftPause] as unknown as AnyAction[],
    routes: governanceRoutes(gate, delegate), jobs: governanceJobs(gate),
  }
}
