import { isMet, type Approval } from '../../policies/requirement.ts'
import { Stale } from '../errors.ts'
import type { Gate } from '../gate.ts'
import { authorize, consult, type Asked, type Authorized, type Known } from './authorize.ts'

/**
 * Step 4 again, when an approval is about to be spent, under the sets as they are now. What is denied now is denied
 * (PolicyDenied, CrossSphere); what asks for more now than was given is stale, so that it is asked anew.
 */
export async function authorizeSpending(gate: Gate, asked: Asked, known: Known & { approval: Approval }): Promise<Authorized> {
  const unasked = await consult(gate, asked, { ...known, approval: null, dry: true })
  if (unasked.decision.verdict === 'hold' && !isMet(unasked.decision.requirement, known.approval)) throw Stale({ because: 'changed' })
  const ruled = await authorize(gate, asked, known)
  if (ruled.decision.verdict === 'hold') throw Stale({ because: 'changed' })
  return ruled
}
