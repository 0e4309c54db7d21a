import type { Domain } from '../../platform/domain.ts'
import type { Gate } from './gate.ts'
import { governanceJobs } from './jobs.ts'
import type { RequireSeal } from './policy/instance-routes.ts'
import { policyRoutes } from './policy/routes.ts'
import { governanceRoutes } from './routes.ts'

export const governance = (gate: Gate, requireSeal: RequireSeal): Domain => ({
  name: 'governance', tables: ['checkpoints', 'fence', 'fence_pauses', 'dispersal_codes', 'idempotency_keys'], uses: ['audit', 'policies', 'budgets'],
  reads: ['sessions', 'users', 'identities', 'agents', 'atom_agents', 'budgets', 'api_keys', 'nova_runs'], actions: [], routes: [...governanceRoutes(gate), ...policyRoutes(gate, requireSeal)],
  jobs: governanceJobs(gate),
})
