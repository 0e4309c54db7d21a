import { preparseSchema, statefulIsAuthorized } from '@cedar-policy/cedar-wasm/nodejs'
import type { AnyAction } from '../../../platform/action.ts'
import { checkpointTypeOf, type Decision } from '../decision.ts'
import { OWN_APPROVAL, strictest, type Requirement } from '../requirement.ts'
import { isKnownEffect, mustAsk } from './floor.ts'
import type { Question } from './question.ts'
import { requestsOf, type CedarRequest } from './request.ts'
import { buildSchema } from './schema.ts'
import { createSlots, type PolicySet, type Slots } from './slots.ts'

/** What Cedar says of one request: its verdict, and the policies that determined it. Errors are a deny. */
export type Answer = { allowed: boolean; policies: string[]; failed: boolean }

/**
 * Decides by Cedar, under sets that were parsed before.
 *
 * Why no stale set decides: the version of the instance's set and of the identity's are read by the database in the
 * gate's first round trip, after it took their locks in share mode (`policy_version`, migration 0010). A set is asked
 * only under the very versions that were read; when no place holds it, its rules are read in that same transaction,
 * whose locks keep every change of them waiting. Who changes what is active takes the lock alone, until the commit: so
 * every call that decided by the old set has committed before the change is answered, on every node, and every later one
 * reads the new version. What a place holds in this process is therefore a cache that cannot be wrong, only absent.
 */
export type Engine = {
  slots: Slots
  /** Every action that a rule can speak of. */
  actions: ReadonlyMap<string, AnyAction>
  /** What a set says of a question, the floor included. */
  decide(set: PolicySet, question: Question): Ruled
  /** The same for requests as they were recorded. */
  decideRecorded(set: PolicySet, requests: CedarRequest[], effect: string): Decision
  /** What a set of standing grants permits; empty when nothing, or when anything failed. */
  permitted(set: PolicySet, question: Question): string[]
}

/** A decision and the requests that led to it. */
export type Ruled = { decision: Decision; requests: CedarRequest[] }

export function createEngine(actions: ReadonlyMap<string, AnyAction>): Engine {
  const slots = createSlots()
  const schema = createSchemaSlot(actions)

  function ask(set: PolicySet, request: CedarRequest): Answer {
    try {
      const answer = statefulIsAuthorized({ ...request, preparsedPolicySetId: slots.hold(set), preparsedSchemaName: schema(), validateRequest: true })
      if (answer.type === 'failure') return { allowed: false, policies: ['policy_error'], failed: true }
      const { decision, diagnostics } = answer.response
      // A policy that errors is skipped by Cedar, so that its forbid would be lost: it denies.
      if (diagnostics.errors.length > 0) return { allowed: false, policies: ['policy_error', ...diagnostics.errors.map(({ policyId }) => policyId)], failed: true }
      return { allowed: decision === 'allow', policies: diagnostics.reason, failed: false }
    } catch {
      return { allowed: false, policies: ['policy_error'], failed: true }
    }
  }

  function decideAll(set: PolicySet, requests: CedarRequest[], effect: string): Decision {
    const decision = combine(requests.map((request) => rule(set, ask(set, request), effect)))
    return decision.verdict === 'allow' && requests.some((request) => mustAsk(request, effect)) ? floorHold(effect) : decision
  }

  return {
    slots, actions,
    decide(set, question) {
      if (!isKnownEffect(question.action.effect)) return { decision: deny(['unknown_effect'], ['L1']), requests: [] }
      const requests = requestsOf(question)
      return { decision: decideAll(set, requests, question.action.effect), requests }
    },
    decideRecorded: decideAll,
    permitted(set, question) {
      const answers = requestsOf(question).map((request) => ask(set, request))
      const [first, ...others] = answers
      if (!first || answers.some(({ allowed }) => !allowed)) return []
      return first.policies.filter((id) => others.every(({ policies }) => policies.includes(id))).toSorted()
    },
  }
}

/** The schema is parsed at the first decision, when every action is registered; again when one was added since. */
function createSchemaSlot(actions: ReadonlyMap<string, AnyAction>): () => string {
  schemas += 1
  const name = `schema ${schemas}`
  let parsed = -1
  return () => {
    if (parsed !== actions.size) {
      const answer = preparseSchema(name, buildSchema(actions.values()))
      if (answer.type === 'failure') throw new Error(`The schema of the policies does not parse: ${answer.errors[0]?.message ?? 'no reason'}`)
      parsed = actions.size
    }
    return name
  }
}

let schemas = 0

const deny = (policies: string[], laws: string[]): Decision => ({ verdict: 'deny', code: policies.includes('sphere_isolation') ? 'cross_sphere' : 'policy_denied', policies, laws })

const floorHold = (effect: string): Decision => ({ verdict: 'hold', type: checkpointTypeOf(effect), policies: [`floor_${effect.toLowerCase()}`], laws: ['L1'], requirement: OWN_APPROVAL })

/** Cedar's answer in our words: a deny that only holding forbids determine waits for a human. */
function rule(set: PolicySet, { allowed, policies, failed }: Answer, effect: string): Decision {
  const ids = policies.toSorted()
  if (allowed) return { verdict: 'allow', policies: ids, laws: lawsOf(set, ids) }
  if (failed || ids.length === 0) return deny(ids.length === 0 ? ['nothing_permits'] : ids, lawsOf(set, ids))
  const refusing = ids.filter((id) => !set.policies.get(id)?.requirement)
  if (refusing.length > 0) return deny(refusing, lawsOf(set, refusing))
  const requirements = ids.map((id) => set.policies.get(id)?.requirement).filter((one): one is Requirement => one !== null && one !== undefined)
  return { verdict: 'hold', type: checkpointTypeOf(effect), policies: ids, laws: lawsOf(set, ids), requirement: strictest(requirements) }
}

const lawsOf = (set: PolicySet, ids: string[]): string[] => [...new Set(ids.flatMap((id) => set.policies.get(id)?.laws ?? []))].toSorted()

/** A call that names several rows is denied when one is denied, held when one is held. */
function combine(decisions: Decision[]): Decision {
  const [first] = decisions
  if (!first) return deny(['policy_error'], [])
  if (decisions.length === 1) return first
  const decisive = (['deny', 'hold', 'allow'] as const).map((verdict) => decisions.filter((one) => one.verdict === verdict)).find((some) => some.length > 0) ?? decisions
  const policies = [...new Set(decisive.flatMap((one) => one.policies))].toSorted()
  const laws = [...new Set(decisive.flatMap((one) => one.laws))].toSorted()
  const [one] = decisive
  if (!one || one.verdict === 'deny') return deny(policies, laws)
  if (one.verdict === 'allow') return { ...one, policies, laws }
  return { ...one, policies, laws, requirement: strictest(decisive.flatMap((held) => (held.verdict === 'hold' ? [held.requirement] : []))) }
}
