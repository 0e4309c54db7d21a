import type { Domain } from '../../platform/domain.ts'
import { routes } from './routes.ts'

export const spheresDomain: Domain = { name: 'spheres', tables: ['spheres'], uses: [], actions: [], routes }
