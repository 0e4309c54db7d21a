import type { Domain } from '../../platform/domain.ts'
import type { Safeguard } from './create-safeguard.ts'
import { safeguardJobs } from './jobs.ts'
import { safeguardRoutes } from './routes.ts'

export const safeguardDomain = (safeguard: Safeguard): Domain => ({
  name: 'safeguard', tables: ['safeguard', 'safeguard_sightings', 'safeguard_answers'], uses: ['audit', 'governance', 'atom', 'swarm'], actions: [],
  routes: safeguardRoutes(safeguard.platform), jobs: safeguardJobs(safeguard),
})
