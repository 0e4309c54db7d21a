import type { AnyAction } from '../../platform/action.ts'
import type { Platform } from '../../platform/ctx.ts'
import type { Domain } from '../../platform/domain.ts'
import type { Anchorer } from './anchors/anchorer.ts'
import { auditJobs } from './jobs.ts'
import { setRetention } from './retention/set-retention.ts'
import { auditRoutes } from './routes.ts'

export const audit = ({ platform, anchorer }: { platform: Platform; anchorer: Anchorer }): Domain => ({
  name: 'audit', tables: ['audit_events', 'audit_heads', 'audit_keys', 'audit_retention', 'audit_nodes', 'audit_anchors', 'audit_pending'], uses: [],
  actions: [setRetention] as unknown as AnyAction[], routes: auditRoutes(anchorer), jobs: auditJobs(platform, anchorer),
})
