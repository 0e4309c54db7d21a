import type { Domain } from '../../platform/domain.ts'
import type { Gate } from './gate.ts'
import { governanceJobs } from './jobs.ts'
import { governanceRoutes } from './routes.ts'

export const governance = (gate: Gate): Domain => ({
  name: 'governance', tables: ['checkpoints', 'fence', 'fence_pauses', 'dispersal_codes', 'idempotency_keys'], uses: ['audit', 'policies'], reads: ['sessions', 'users', 'identities', 'agents', 'atom_agents'], actions: [], routes: governanceRoutes(gate),
  jobs: governanceJobs(gate),
})
