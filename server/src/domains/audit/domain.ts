import type { AnyAction } from '../../platform/action.ts'
import type { Platform } from '../../platform/ctx.ts'
import type { Domain } from '../../platform/domain.ts'
import type { Anchorer } from './anchors/anchorer.ts'
import { auditJobs } from './jobs.ts'
import { setRetention, type EnsureMayDestroy } from './retention/set-retention.ts'
import { auditRoutes } from './routes.ts'

export const audit = ({ platform, anchorer, ensureMayDestroy }: { platform: Platform; anchorer: Anchorer; ensureMayDestroy: EnsureMayDestroy }): Domain => {
  const retain = setRetention(ensureMayDestroy)
  return {
    name: 'audit', tables: ['audit_events', 'audit_heads', 'audit_keys', 'audit_retention', 'audit_nodes', 'audit_anchors', 'audit_pending'], uses: [],
    actions: [retain] as unknown as AnyAction[], routes: auditRoutes(anchorer, retain), jobs: auditJobs(platform, anchorer),
  }
}
