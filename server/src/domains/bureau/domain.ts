import type { Domain } from '../../platform/domain.ts'
import { routes } from './routes.ts'

export const bureau: Domain = {
  name: 'bureau', tables: [], uses: ['spheres', 'hubs'], reads: ['notes', 'tasks', 'threads', 'agents', 'atom_agents'], actions: [], routes,
}
