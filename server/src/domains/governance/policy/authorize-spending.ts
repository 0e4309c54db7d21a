import type { EffectTx } from '../../../platform/ctx.ts'
import { isMet, type Approval, type Requirement } from '../../policies/requirement.ts'
import { seat } from '../deciders/seats.ts'
import { Stale } from '../errors.ts'
import type { Gate } from '../gate.ts'
import { authorize, consult, type Asked, type Authorized, type Known } from './authorize.ts'

/**
 * Step 4 again, when an approval is about to be spent, under the sets as they are now. What is denied now is denied
 * (PolicyDenied, CrossSphere); what asks for more now than was given is stale, so that it is asked anew.
 */
export async function authorizeSpending(gate: Gate, asked: Asked, known: Known & { approval: Approval }): Promise<Authorized> {
  const { decision } = await consult(gate, asked, { ...known, approval: null, dry: true })
  if (decision.verdict === 'hold' && !isMet(await wantedNow(gate, asked, known.tx, decision.requirement), known.approval)) throw Stale({ because: 'changed' })
  const ruled = await authorize(gate, asked, known)
  if (ruled.decision.verdict === 'hold') throw Stale({ because: 'changed' })
  return ruled
}

/** Who must have said yes: whether what is high-risk wants other eyes depends on whether there are any. */
async function wantedNow(gate: Gate, { caller }: Asked, tx: EffectTx, requirement: Requirement): Promise<Requirement> {
  return requirement.highRisk ? (await seat(gate, tx, { identityId: caller.identityId, requester: caller.userId, requirement })).requirement : requirement
}
