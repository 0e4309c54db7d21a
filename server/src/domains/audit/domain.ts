import type { Domain } from '../../platform/domain.ts'
import { routes } from './routes.ts'

export const audit: Domain = { name: 'audit', tables: ['audit_events', 'audit_heads', 'audit_keys', 'audit_retention', 'audit_nodes', 'audit_anchors', 'audit_pending'], uses: [], actions: [], routes }
