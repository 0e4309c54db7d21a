import type { AnyAction } from '../../platform/action.ts'
import type { Platform } from '../../platform/ctx.ts'
import type { Domain } from '../../platform/domain.ts'
import type { Engine } from './engine/engine.ts'
import { grantActions } from './grants/grant-actions.ts'
import { policyJobs } from './jobs.ts'
import { policyWrites } from './routes.ts'
import { ruleActions, type EnsureSomebody } from './rules/rule-actions.ts'

export const policies = ({ platform, engine, ensureSomebody }: { platform: Platform; engine: Engine; ensureSomebody: EnsureSomebody }): Domain => {
  const rules = ruleActions({ engine, ensureSomebody })
  const grants = grantActions(engine)
  return {
    name: 'policies', tables: ['governance_rules', 'policy_versions', 'standing_grants', 'policy_decisions'], uses: ['audit'],
    actions: [...Object.values(rules), ...Object.values(grants)] as unknown as AnyAction[], routes: policyWrites(rules, grants), jobs: policyJobs(platform),
  }
}
