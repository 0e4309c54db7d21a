import type { EffectTx } from '../../../platform/ctx.ts'
import type { Decision } from '../../policies/decision.ts'
import { OWN_APPROVAL } from '../../policies/requirement.ts'
import { CheckpointCreated } from '../events.ts'
import type { Call, Gate } from '../gate.ts'
import type { CheckpointRow, NewCheckpoint } from '../queries.ts'
import { insertSeats } from './queries.ts'
import { Unmeetable } from './errors.ts'
import { seat, stricter, type Seats } from './seats.ts'
import { tell } from './tell.ts'

/** Who must decide a call that is about to be held, and how the checkpoint keeps it. */
export type Asked = Seats & { columns: NonNullable<NewCheckpoint['asked']> }

export async function askedOf(gate: Gate, tx: EffectTx, { caller, requirement: wished, instead }: Call, decision: Decision): Promise<Asked> {
  const ruled = decision.verdict === 'hold' ? decision.requirement : OWN_APPROVAL
  const seats = await seat(gate, tx, { identityId: caller.identityId, requester: caller.userId, requirement: wished ? stricter(ruled, wished) : ruled })
  // A wish is refused at once; a rule that nobody can meet any more holds, and says so.
  if (wished && !instead && seats.cannotBeMet) throw Unmeetable({ needed: seats.requirement.quorum, found: seats.userIds.length })
  const { quorum, role, excludeRequester } = seats.requirement
  return { ...seats, columns: { actor: caller.actor, quorum, role, excludeRequester, seated: seats.seated, cannotBeMet: seats.cannotBeMet } }
}

/** Adds to the commit that opens a checkpoint its seats, and what tells those who may decide. */
export function announceHeld(tx: EffectTx, row: CheckpointRow, { seated, userIds }: Asked, hearers: readonly string[]): void {
  if (seated && userIds.length > 0) tx.atClose(() => insertSeats(tx.db, { checkpointId: row.id, identityId: row.identity_id, userIds }))
  tell(tx, CheckpointCreated, row, hearers)
}
