import type { Via } from '../../../platform/ctx.ts'
import type { EffectTx } from '../../../platform/ctx.ts'
import { emit } from '../../../platform/events/emit.ts'
import { record } from '../../audit/record.ts'
import { decideCall, heldByWish, type Outcome } from '../../policies/decide-call.ts'
import type { Decision } from '../../policies/decision.ts'
import { noteDecision } from '../../policies/decisions/note-decision.ts'
import type { Question } from '../../policies/engine/question.ts'
import { GrantUsed } from '../../policies/events.ts'
import type { PolicyVersions } from '../../policies/queries.ts'
import type { Approval } from '../../policies/requirement.ts'
import { CrossSphere, PolicyDenied } from '../errors.ts'
import type { Call, Gate } from '../gate.ts'
import type { Owned } from '../queries.ts'

export type Asked = Pick<Call, 'action' | 'caller' | 'sphereId' | 'threadId' | 'untrusted' | 'budgetLeft' | 'ask' | 'runId'> & { via: Via }

/** What the gate knows of a call when it asks the policy. */
export type Known = { tx: EffectTx; args: Record<string, unknown>; owners: Owned[]; versions: PolicyVersions | undefined; approval?: Approval | null; dry?: boolean }

export type Authorized = {
  decision: Exclude<Decision, { verdict: 'deny' }>
  /** Adds the decision, and the use of a grant, to the commit of what it led to. */
  note(checkpointId: string | null): void
}

/** Step 4 of the gate: what the rules say. Throws PolicyDenied or CrossSphere. */
export async function authorize(gate: Gate, asked: Asked, known: Known): Promise<Authorized> {
  const { decision, decided } = await consult(gate, asked, known)
  if (decision.verdict === 'deny') {
    const facts = { policies: decision.policies, laws: decision.laws, decided }
    throw decision.code === 'cross_sphere' ? CrossSphere(facts) : PolicyDenied(facts)
  }
  const { tx } = known
  return {
    decision,
    note(checkpointId) {
      noteDecision(tx, { identityId: asked.caller.identityId, at: tx.now(), checkpointId }, decided)
      if (decided.grantId === null) return
      emit(tx, GrantUsed, { grant_id: decided.grantId, tool: asked.action.name })
      record(tx, tx, { action: 'grant.used', outcome: 'done', effect: asked.action.effect, decision, runId: asked.runId, resource: { type: 'grant', id: decided.grantId } })
    },
  }
}

/** The same without refusing: for who only wants to know. */
export async function consult(gate: Gate, asked: Asked, known: Known): Promise<Outcome> {
  const { tx, versions, dry = false } = known
  const outcome = await decideCall({ engine: gate.engine, tx, versions, question: questionOf(gate, asked, known), dry: dry || asked.ask === true })
  if (!asked.ask || outcome.decision.verdict !== 'allow') return outcome
  const decision = heldByWish(asked.action.effect)
  return { decision, decided: { ...outcome.decided, verdict: 'hold', policies: decision.policies, grantId: null } }
}

function questionOf(gate: Gate, { action, caller, via, sphereId, threadId = null, untrusted = [], budgetLeft = null }: Asked, { tx, args, owners, approval = null }: Known): Question {
  const touches = action.touches?.(args as never) ?? []
  const target = action.sphereOf?.(args as never) ?? null
  return {
    actor: caller.actor, identityId: caller.identityId, via, action, args, threadId, untrusted, budgetLeft, approval, grant: null,
    facts: action.facts?.(args as never) ?? {},
    resources: owners.map((owner) => ({ ...(touches[owner.position - 1] ?? { type: 'unknown', id: '' }), sphereId: owner.sphere_id, ownerId: owner.identity_id })),
    leavesSphere: sphereId !== null && (owners.some((owner) => owner.sphere_id !== null && owner.sphere_id !== sphereId) || (target !== null && target !== sphereId)),
    at: tx.now(), timeZone: gate.platform.settings.TIME_ZONE,
  }
}
