import { closeAsService, sendAsService } from '../../../platform/db/as-service.ts'
import type { EffectTx } from '../../../platform/ctx.ts'
import { emit } from '../../../platform/events/emit.ts'
import type { IdentityId, UserId } from '../../../platform/ids.ts'
import { SessionRevoked } from '../events.ts'
import { endSessionsAs as endRows } from '../queries.ts'

/**
 * Ends every session that acts as one of these identities, those of API keys too: their sockets close, and their tokens and
 * keys are refused on every node within a second. How many ended.
 */
export async function endSessionsAs(tx: EffectTx, identityIds: string[]): Promise<number> {
  if (identityIds.length === 0) return 0
  const ended = await sendAsService(tx, 'organisations', endRows(tx.db, identityIds, tx.now()))
  if (ended.length === 0) return 0
  closeAsService(tx, 'organisations', () => {
    for (const { id, user_id, identity_id } of ended) emit({ ...tx, identityId: identity_id as IdentityId, userId: user_id as UserId }, SessionRevoked, { session_id: id, because: 'role_removed' })
  })
  return ended.length
}
