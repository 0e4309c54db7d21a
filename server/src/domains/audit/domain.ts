import type { Domain } from '../../platform/domain.ts'
import { routes } from './routes.ts'

export const audit: Domain = { name: 'audit', tables: ['audit_events', 'audit_heads'], uses: [], actions: [], routes }
