import type { Domain } from '../../platform/domain.ts'
import { routes } from './routes.ts'

export const agents: Domain = { name: 'agents', tables: ['agents'], uses: ['spheres'], reads: ['spheres', 'atom_agents'], actions: [], routes }
