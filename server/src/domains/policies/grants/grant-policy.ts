import { policyToText, type Expr, type PolicyJson } from '@cedar-policy/cedar-wasm/nodejs'

export type Pattern = Record<string, string | number | boolean>

/**
 * A standing grant as the policy that it is. It is built as a tree and printed by Cedar, so that no name and no pattern can
 * become text of a policy, whatever stands in it.
 */
export function grantPolicy({ tool, pattern, threadId }: { tool: string; pattern: Pattern; threadId: string | null }): string {
  const args: Expr = { '.': { left: { Var: 'context' }, attr: 'args' } }
  const tests: Expr[] = Object.entries(pattern).flatMap(([name, value]) => [
    { hasTag: { left: args, right: { Value: name } } },
    matches({ getTag: { left: args, right: { Value: name } } }, value),
  ])
  // What the rules cannot see whole is asked about.
  const whole: Expr = { '.': { left: { Var: 'context' }, attr: 'args_complete' } }
  const inThread: Expr[] = threadId === null ? [] : [
    { has: { left: { Var: 'context' }, attr: 'thread' } },
    { '==': { left: { '.': { left: { Var: 'context' }, attr: 'thread' } }, right: { Value: threadId } } },
  ]
  const body = [...tests, ...inThread].reduce<Expr>((left, right) => ({ '&&': { left, right } }), whole)
  const policy: PolicyJson = { effect: 'permit', principal: { op: 'All' }, action: { op: '==', entity: { type: 'Action', id: tool } }, resource: { op: 'All' }, conditions: [{ kind: 'when', body }] }
  const printed = policyToText(policy)
  if (printed.type === 'failure') throw new Error(`A grant could not be written: ${printed.errors[0]?.message ?? 'no reason'}`)
  return printed.text
}

function matches(left: Expr, value: string | number | boolean): Expr {
  if (typeof value === 'string' && value.endsWith('*')) return { like: { left, pattern: [{ Literal: value.slice(0, -1) }, 'Wildcard'] } }
  return { '==': { left, right: { Value: String(value) } } }
}
