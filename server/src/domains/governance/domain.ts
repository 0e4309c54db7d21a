import type { Domain } from '../../platform/domain.ts'
import type { Gate } from './gate.ts'
import { governanceJobs } from './jobs.ts'
import { governanceRoutes } from './routes.ts'

export const governance = (gate: Gate): Domain => ({
  name: 'governance', tables: ['checkpoints', 'fence', 'fence_pauses', 'dispersal_codes', 'idempotency_keys'], uses: ['audit', 'policies', 'budgets'],
  reads: ['sessions', 'users', 'identities', 'agents', 'atom_agents', 'budgets', 'api_keys', 'nova_runs'], actions: [], routes: governanceRoutes(gate),
  jobs: governanceJobs(gate),
})
