import type { AnyAction } from '../../platform/action.ts'
import type { Actor, Via } from '../../platform/ctx.ts'
import { INSTANCE_IDENTITY } from '../audit/instance.ts'
import type { Decision } from './decision.ts'
import { createEngine } from './engine/engine.ts'
import { setOf } from './engine/policy-set.ts'
import type { Question } from './engine/question.ts'
import type { PolicySet } from './engine/slots.ts'
import { shippedRows } from './seed-rules.ts'

/** The set of the rules that come with the product, all in force. */
export const shippedSet = (): PolicySet => setOf(shippedRows().map((row) => ({ ...row, rule_id: row.id, status: 'active', shipped: true })), { key: 'shipped', stamp: 'shipped' })

/** The plainest question about an action: no arguments, no rows, nothing read, nothing approved. */
export const plainQuestion = (action: AnyAction, { actor, via, at }: { actor: Actor; via: Via; at: Date }): Question => ({
  actor, via, action, identityId: INSTANCE_IDENTITY, facts: {}, args: {}, resources: [], leavesSphere: false, threadId: null, budgetLeft: null, untrusted: [], approval: null, grant: null, at, timeZone: 'UTC',
})

/** What the rules that come with the product say of an action, for the printed reference. */
export function createDefaultDecision(actions: ReadonlyMap<string, AnyAction>): (action: AnyAction, who: { actor: Actor; via: Via }) => Decision {
  const engine = createEngine(actions)
  const set = shippedSet()
  return (action, who) => engine.decide(set, plainQuestion(action, { ...who, at: new Date(0) })).decision
}
