import type { EffectTx } from '../../../platform/ctx.ts'
import { closeAsService } from '../../../platform/db/as-service.ts'
import { emit, type EventKind } from '../../../platform/events/emit.ts'
import type { UserId } from '../../../platform/ids.ts'
import type { Told } from '../events.ts'
import type { CheckpointRow } from '../queries.ts'
import { listHearers, listSeats } from './queries.ts'

/**
 * Tells of a checkpoint: one event for its identity, and one for each other person who must hear, each naming only whom it
 * is for in `deciders`, so that nobody is told twice. Those of others are events of their account, without the run and
 * without the requester, whom the identity's own event names.
 */
export function tell(tx: EffectTx, kind: EventKind<Told>, row: CheckpointRow, hearers: readonly string[]): void {
  const about = { checkpoint_id: row.id, type: row.type, tool: row.tool }
  emit(tx, kind, { ...about, run_id: row.run_id, requester: row.user_id, deciders: hearers.filter((userId) => userId === row.user_id) })
  const others = hearers.filter((userId) => userId !== row.user_id)
  if (others.length === 0) return
  closeAsService(tx, 'deciders', () => {
    for (const userId of others) emit({ ...tx, atClose: tx.atClose, identityId: null, userId: userId as UserId }, kind, { ...about, run_id: null, requester: null, deciders: [userId] })
  })
}

/** Everybody who may decide a checkpoint now, those included who stand in for somebody. */
export async function hearersOf(tx: EffectTx, row: CheckpointRow): Promise<string[]> {
  const seats = row.seated ? (await tx.send(listSeats(tx.db, row.id))).map(({ user_id }) => user_id) : [row.user_id]
  return listAll(tx, row, seats)
}

/** Those people and who stands in for them. */
export async function listAll(tx: EffectTx, row: Pick<CheckpointRow, 'identity_id' | 'user_id'>, userIds: readonly string[]): Promise<string[]> {
  if (userIds.length === 0) return []
  const rows = await tx.send(listHearers(userIds, { identityId: row.identity_id, userId: row.user_id, at: tx.now() }).compile(tx.db))
  return rows.map(({ user_id }) => user_id)
}
