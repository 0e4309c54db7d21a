import type { Platform } from '../../platform/ctx.ts'
import type { Domain } from '../../platform/domain.ts'
import { swarmJobs } from './jobs.ts'
import { routes } from './routes.ts'

export const swarm = (platform: Platform): Domain => ({
  name: 'swarm', tables: ['sceau_sessions'], uses: ['atom'], reads: ['agents', 'spheres', 'fence', 'fence_pauses', 'atom_agents'], actions: [], routes, jobs: swarmJobs(platform),
})
