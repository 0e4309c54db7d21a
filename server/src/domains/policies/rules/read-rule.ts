import { policySetTextToParts, policyToJson, validate, type DetailedError, type PolicyJson } from '@cedar-policy/cedar-wasm/nodejs'
import { findWrongAnnotation, requirementOf, type Annotations } from '../engine/annotations.ts'
import { findDeepNesting, NESTING_MAX } from '../engine/nesting.ts'
import { buildSchema } from '../engine/schema.ts'
import { InvalidRule, type RuleFault } from '../errors.ts'
import type { Requirement } from '../requirement.ts'

/** What a rule's text is. */
export type ReadRule = { effect: 'permit' | 'forbid'; /** Who must say yes; null: it holds nothing. */ requirement: Requirement | null }

/**
 * Reads a rule as somebody wrote it. Throws InvalidRule with Cedar's message and its place when it does not parse, speaks of
 * what does not exist, can never apply, or holds for nobody. What passes here can be loaded beside any other rule.
 */
export function readRule(text: string, actions: Iterable<{ name: string; effect: string }>): ReadRule {
  const deep = findDeepNesting(text)
  if (deep !== undefined) throw refuse([faultAt(text, Buffer.byteLength(text.slice(0, deep)), `brackets nest more than ${NESTING_MAX} deep`)])
  const parts = policySetTextToParts(text)
  if (parts.type === 'failure') throw refuse(parts.errors.map((error) => faultOf(text, error)))
  if (parts.policies.length !== 1 || parts.policy_templates.length > 0) throw refuse([{ path: 'text', message: 'a rule is one policy, without templates', line: null, column: null }])
  const parsed = policyToJson(text)
  if (parsed.type === 'failure') throw refuse(parsed.errors.map((error) => faultOf(text, error)))
  const { effect } = parsed.json
  const wrong = findWrongAnnotation((parsed.json.annotations ?? {}) as Annotations, effect)
  if (wrong) throw refuse([faultAt(text, byteOf(text, `@${wrong.name}`), `@${wrong.name}: ${wrong.message}`)])
  const holds = parsed.json.annotations?.hold !== undefined
  if (holds && !asksForApproval(parsed.json)) throw refuse([faultAt(text, byteOf(text, '@hold'), 'a hold lets an approved call pass: unless { context has approval }')])
  const checked = validate({ schema: buildSchema(actions), policies: { staticPolicies: { rule: text } } })
  if (checked.type === 'failure') throw refuse(checked.errors.map((error) => faultOf(text, error)))
  const faults = [...checked.validationErrors, ...checked.validationWarnings].map(({ error }) => faultOf(text, error))
  if (faults.length > 0) throw refuse(faults)
  return { effect, requirement: requirementOf((parsed.json.annotations ?? {}) as Annotations) }
}

const FAULTS_MAX = 20
const refuse = (errors: RuleFault[]) => InvalidRule({ errors: errors.slice(0, FAULTS_MAX) })

/** Cedar calls the policy by the name under which we gave it; its author knows no such name. */
const plain = (message: string): string => message.replace(/^(failed to parse policy with id `[^`]*` from string|failed to parse policies from string|for policy `[^`]*`)[:,] /, '')

const faultOf = (text: string, { message, help, sourceLocations }: DetailedError): RuleFault => {
  const said = help ? `${plain(message)} (${help})` : plain(message)
  const at = sourceLocations?.[0]?.start
  return at === undefined ? { path: 'text', message: said, line: null, column: null } : faultAt(text, at, said)
}

/** Cedar counts bytes; people count lines and characters. */
function faultAt(text: string, byte: number, message: string): RuleFault {
  const before = Buffer.from(text).subarray(0, byte).toString().split('\n')
  return { path: 'text', message, line: before.length, column: [...(before.at(-1) ?? '')].length + 1 }
}

const byteOf = (text: string, mark: string): number => Buffer.byteLength(text.slice(0, Math.max(0, text.indexOf(mark))))

/** Whether an `unless` or a `when` looks at the approval at all; without that, nobody could ever let the call pass. */
function asksForApproval({ conditions }: PolicyJson): boolean {
  const looks = (node: unknown): boolean => {
    if (typeof node !== 'object' || node === null) return false
    const { has } = node as { has?: { left?: { Var?: string }; attr?: string | string[] } }
    if (has?.left?.Var === 'context' && [has.attr].flat()[0] === 'approval') return true
    return Object.values(node).some(looks)
  }
  return conditions.some(looks)
}
