import { policyToJson } from '@cedar-policy/cedar-wasm/nodejs'
import { requirementOf, type Annotations } from './annotations.ts'
import type { LoadedPolicy, PolicySet } from './slots.ts'

/** A rule as its row says it. */
export type RuleText = { rule_id: string; name: string; text: string; effect: string; laws: string[]; status: string; shipped: boolean }

/** What a rule is called in answers and in the record: shipped ones by their name, others by their id, so that none can pose as another. */
export const policyIdOf = ({ shipped, name, rule_id }: Pick<RuleText, 'shipped' | 'name' | 'rule_id'>): string => (shipped ? name : rule_id)

/** The set of the active rules. */
export const setOf = (rules: RuleText[], { key, stamp }: { key: string; stamp: string }): PolicySet => ({
  key, stamp, hasShadow: rules.some(({ status }) => status === 'shadow'),
  policies: new Map(rules.filter(({ status }) => status === 'active').map((rule) => [policyIdOf(rule), load(rule)])),
})

/** The set as it would be if every rule in shadow were active in place of its own active version; undefined: none is. */
export function shadowSetOf(rules: RuleText[], named: { key: string; stamp: string }): PolicySet | undefined {
  const shadows = new Set(rules.filter(({ status }) => status === 'shadow').map(({ rule_id }) => rule_id))
  if (shadows.size === 0) return undefined
  const standing = rules.filter(({ status, rule_id }) => status === 'shadow' || !shadows.has(rule_id)).map((rule) => ({ ...rule, status: 'active' }))
  return setOf(standing, named)
}

function load({ text, effect, laws }: RuleText): LoadedPolicy {
  const parsed = policyToJson(text)
  if (parsed.type === 'failure') throw new Error('A rule on record does not parse')
  return { text, effect: effect === 'permit' ? 'permit' : 'forbid', laws, requirement: requirementOf((parsed.json.annotations ?? {}) as Annotations) }
}
