import { write, type Route } from '../../platform/http/route.ts'
import type { grantActions } from './grants/grant-actions.ts'
import type { ruleActions } from './rules/rule-actions.ts'

const tag = 'governance'
const MISSING = ['not_found', 'identity_boundary']
const CHANGED = ['conflict', 'forbids_removed', 'invalid_rule', ...MISSING]

/** What reads rules and grants, and what only the seal changes, stands at the gate: governance/policy/routes.ts. */
export const policyWrites = (rules: ReturnType<typeof ruleActions>, grants: ReturnType<typeof grantActions>): Route[] => [
  write('POST /governance/rules', rules.createRule, { tag, problems: ['invalid_rule'] }),
  write('POST /governance/rules/:rule_id/versions', rules.reviseRule, { tag, problems: ['invalid_rule', ...MISSING], status: 201 }),
  write('POST /governance/rules/:rule_id/shadow', rules.putInShadow, { tag, problems: ['conflict', ...MISSING] }),
  write('POST /governance/rules/:rule_id/activate', rules.activate, { tag, problems: CHANGED }),
  write('POST /governance/rules/:rule_id/retire', rules.retire, { tag, problems: CHANGED }),
  write('POST /governance/grants', grants.createGrant, { tag, problems: ['not_grantable', 'forbidden', ...MISSING] }),
  write('DELETE /governance/grants/:grant_id', grants.takeGrantBack, { tag, problems: ['conflict', ...MISSING] }),
]
