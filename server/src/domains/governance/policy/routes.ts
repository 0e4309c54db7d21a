import { page, toPage } from '../../../platform/http/page.ts'
import { read, sessionRoute, type Route } from '../../../platform/http/route.ts'
import { DecisionOnRecord, Grant, GrantKey, ListDecisions, ListGrants, ListRules, Replay, ReplayRule, Rule, RuleKey } from '../../policies/contract.ts'
import { showDecision, showGrant, showRule } from '../../policies/show.ts'
import { findGrants, findOneGrant } from '../../policies/grants/find-grants.ts'
import { findDecisions, findOneRule, findRules } from '../../policies/rules/find-rules.ts'
import { replayRule } from '../../policies/rules/replay-rule.ts'
import type { Gate } from '../gate.ts'
import { refuseMissing } from '../refuse-missing.ts'
import { Constitution, Evaluate, Evaluation } from './contract.ts'
import { evaluate } from './evaluate.ts'
import { instanceRoutes, type RequireSeal } from './instance-routes.ts'
import { showConstitution } from './show-constitution.ts'

const MISSING = ['not_found', 'identity_boundary']

const reads: Route[] = [
  read('GET /governance/rules', {
    summary: 'List the rules that bind you, your own and the instance’s, newest first', input: ListRules, output: page(Rule),
    run: async (ctx, q) => toPage(await findRules(ctx.tx, ctx.identityId, { ...q, before: ctx.platform.cursors.decode(q.cursor) }),
      { limit: q.limit, cursors: ctx.platform.cursors, keyOf: ({ id }) => id, present: (row) => showRule(row, ctx.language) }),
  }),
  read('GET /governance/rules/:rule_id', {
    summary: 'Get a rule: its text, its sentence and its state', input: RuleKey, output: Rule, problems: MISSING,
    run: async (ctx, { rule_id }) => showRule(await findOneRule(ctx.tx, ctx.identityId, rule_id) ?? await refuseMissing(ctx, { type: 'rule', id: rule_id }), ctx.language),
  }),
  read('GET /governance/constitution', { summary: 'The laws and rules, and where each is enforced', output: Constitution, run: (ctx) => showConstitution(ctx.tx, ctx.language) }),
  read('GET /governance/decisions', {
    summary: 'What the rules decided, newest first, and what rules in shadow would have said', input: ListDecisions, output: page(DecisionOnRecord),
    run: async (ctx, q) => toPage(await findDecisions(ctx.tx, ctx.identityId, { ...q, before: ctx.platform.cursors.decode(q.cursor) }),
      { limit: q.limit, cursors: ctx.platform.cursors, keyOf: ({ id }) => id, present: showDecision }),
  }),
  read('GET /governance/grants', {
    summary: 'List standing grants, newest first', input: ListGrants, output: page(Grant),
    run: async (ctx, q) => toPage(await findGrants(ctx.tx, ctx.identityId, { ...q, before: ctx.platform.cursors.decode(q.cursor) }),
      { limit: q.limit, cursors: ctx.platform.cursors, keyOf: ({ id }) => id, present: (row) => showGrant(row, ctx.now()) }),
  }),
  read('GET /governance/grants/:grant_id', {
    summary: 'Get a standing grant', input: GrantKey, output: Grant, problems: MISSING,
    run: async (ctx, { grant_id }) => showGrant(await findOneGrant(ctx.tx, ctx.identityId, grant_id) ?? await refuseMissing(ctx, { type: 'grant', id: grant_id }), ctx.now()),
  }),
]

/** They do nothing, so they are no actions: one asks the gate, the other the record. */
const trials = (gate: Gate): Route[] => [
  sessionRoute('POST /governance/evaluate', {
    summary: 'What would happen to a call, and why; nothing is done', input: Evaluate, output: Evaluation, problems: ['unknown_tool', 'dormant', ...MISSING], run: (ctx, input) => evaluate(gate, ctx, input),
  }),
  sessionRoute('POST /governance/rules/:rule_id/replay', {
    summary: 'Try a rule on your last decisions: every one that would change', input: ReplayRule, output: Replay, problems: MISSING,
    run: (ctx, { rule_id, last }) => ctx.platform.store.within(ctx.caller, async (tx) => {
      const { identityId } = ctx.caller
      const row = await findOneRule(tx, identityId, rule_id)
      if (!row || row.identity_id !== identityId) await refuseMissing({ ...ctx, tx, db: tx.db, identityId }, { type: 'rule', id: rule_id })
      return replayRule(gate.engine, tx, { identityId, id: rule_id, last })
    }),
  }),
]

export const policyRoutes = (gate: Gate, requireSeal: RequireSeal): Route[] => [...reads, ...trials(gate), ...instanceRoutes(gate, requireSeal)]
