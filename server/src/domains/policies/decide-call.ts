import { INSTANCE_IDENTITY } from '../audit/instance.ts'
import type { Tx } from '../../platform/db/store.ts'
import { checkpointTypeOf, type Decision } from './decision.ts'
import type { Decided } from './decisions/note-decision.ts'
import type { Engine, Ruled } from './engine/engine.ts'
import { isGrantable } from './engine/floor.ts'
import type { Question } from './engine/question.ts'
import type { PolicySet } from './engine/slots.ts'
import { setOf, shadowSetOf } from './engine/policy-set.ts'
import { listBindingRules, listLiveGrants, useGrant, type PolicyVersions } from './queries.ts'
import { OWN_APPROVAL } from './requirement.ts'
import { GRANTS_MAX, RULES_MAX } from './limits.ts'

export type Deciding = {
  engine: Engine
  tx: Tx
  /** As `policy_version` read them in this transaction. */
  versions: PolicyVersions | undefined
  question: Question
  /** True: only say what would be; no grant is used. */
  dry?: boolean
}

export type Outcome = { decision: Decision; decided: Decided }

/**
 * What the rules say of a call, under the sets as they are in this transaction (engine/engine.ts says why). Nothing that
 * fails lets a call pass: versions that cannot be read, rules that cannot be loaded and policies that err are a deny.
 */
export async function decideCall(given: Deciding): Promise<Outcome> {
  const { engine, question, versions } = given
  const sets = await loadSets(given)
  if (!versions || !sets) return conclude(given, { decision: UNKNOWN_SET, requests: [] }, null, null)
  const ruled = engine.decide(sets.active, question)
  const shadow = sets.shadow ? engine.decide(sets.shadow, question).decision : null
  const granted = ruled.decision.verdict === 'hold' && versions.grants > 0 ? await findGrant(given, sets.active) : null
  if (granted) return conclude(given, granted.ruled, shadow, granted.id)
  return conclude(given, ruled, shadow, null)
}

const UNKNOWN_SET: Decision = { verdict: 'deny', code: 'policy_denied', policies: ['unknown_policy_set'], laws: [] }

function conclude({ question, versions }: Deciding, { decision, requests }: Ruled, shadow: Decision | null, grantId: string | null): Outcome {
  return {
    decision,
    decided: {
      action: question.action.name, effect: question.action.effect, verdict: decision.verdict, policies: decision.policies, requests, grantId,
      setVersion: `${versions?.instance ?? '?'}.${versions?.own ?? '?'}`, shadow: shadow && { verdict: shadow.verdict, policies: shadow.policies },
    },
  }
}

type Sets = { active: PolicySet; shadow: PolicySet | undefined }

/** An identity without rules of its own shares the instance's set. Undefined: no set can be had, so nothing passes. */
export async function loadSets({ engine, tx, versions, question }: Pick<Deciding, 'engine' | 'tx' | 'versions'> & { question: Pick<Question, 'identityId'> }): Promise<Sets | undefined> {
  if (!versions) return undefined
  const hasOwn = versions.rules > 0
  const key = hasOwn ? question.identityId : INSTANCE_IDENTITY
  const named = { key, stamp: hasOwn ? `${versions.instance}.${versions.own}` : versions.instance }
  const besides = { key: `${key} shadow`, stamp: named.stamp }
  const active = engine.slots.find(named.key, named.stamp)
  const shadow = engine.slots.find(besides.key, besides.stamp)
  if (active && (shadow || !active.hasShadow)) return { active, shadow }
  const rows = await tx.send(listBindingRules(tx.db, hasOwn ? question.identityId : null, 2 * RULES_MAX + 1))
  if (rows.length > 2 * RULES_MAX) return undefined
  const loaded = tryTo(() => held(engine, setOf(rows, named)))
  return loaded && { active: loaded, shadow: tryTo(() => held(engine, shadowSetOf(rows, besides))) }
}

function held<Set extends PolicySet | undefined>({ slots }: Engine, set: Set): Set {
  if (set) slots.hold(set)
  return set
}

const tryTo = <T>(work: () => T): T | undefined => {
  try {
    return work()
  } catch {
    return undefined
  }
}

/** A grant that covers the call, used in this transaction; null: none does. The rules are asked again with it. */
async function findGrant({ engine, tx, versions, question, dry = false }: Deciding, active: PolicySet): Promise<{ id: string; ruled: Ruled } | null> {
  if (!isGrantable(question.action.effect) || !versions) return null
  const rows = await tx.send(listLiveGrants(tx.db, question.identityId, question.action.name, { now: question.at, limit: GRANTS_MAX }))
  if (rows.length === 0) return null
  const policies = new Map(rows.map(({ id, text }) => [id, { text, effect: 'permit' as const, laws: ['L1', 'L2'], requirement: null }]))
  const stamp = `${versions.own} ${rows.map(({ id }) => id).join()}`
  const key = `${question.identityId} grants ${question.action.name}`
  const set = engine.slots.find(key, stamp) ?? { key, stamp, policies, hasShadow: false }
  for (const id of engine.permitted(set, question)) {
    const ruled = engine.decide(active, { ...question, grant: id })
    if (ruled.decision.verdict !== 'allow') return null
    if (dry || (await tx.send(useGrant(tx.db, question.identityId, id, question.at))).length > 0) return { id, ruled }
  }
  return null
}

/** The hold of who asked to be asked, where the rules would allow. */
export const heldByWish = (effect: string): Decision => ({ verdict: 'hold', type: checkpointTypeOf(effect), policies: ['asked_first'], laws: ['L1'], requirement: OWN_APPROVAL })
