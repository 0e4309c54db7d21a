import type { Domain } from '../../platform/domain.ts'
import { novaJobs } from './jobs.ts'
import type { Nova } from './nova.ts'
import { novaRoutes } from './routes.ts'

export const novaDomain = (nova: Nova): Domain => ({
  name: 'nova', tables: ['nova_runs'], uses: ['audit', 'budgets', 'governance', 'spheres', 'threads', 'payments'], actions: [], routes: novaRoutes(nova), jobs: novaJobs(nova),
})
