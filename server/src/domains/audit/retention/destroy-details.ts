import type { Platform } from '../../../platform/ctx.ts'
import { newId, type IdentityId, type UserId } from '../../../platform/ids.ts'
import { forgetKeys } from '../details/detail-keys.ts'
import { record } from '../record.ts'
import { destroyExpired } from './queries.ts'

const BATCH = 500

/**
 * Destroys the keys of days whose details are past their identity's retention, at most 500 a call; how many. Each identity's
 * chain says so. Safe on several nodes: of two that destroy one key, one counts it.
 */
export async function destroyDetails({ store, clock }: Pick<Platform, 'store' | 'clock'>): Promise<number> {
  const now = (): Date => clock.now()
  const gone = await store.within({ service: 'retention' }, async (tx) => {
    const expired = await tx.send(destroyExpired(now(), BATCH).compile(tx.db))
    for (const { identity_id: id, keys, until } of expired.toSorted((a, b) => (a.identity_id < b.identity_id ? -1 : 1))) {
      const identityId = id as IdentityId
      record(tx, { identityId, userId: id as UserId, actor: { kind: 'system', id: 'retention' }, via: 'system', requestId: newId(), now }, {
        action: 'audit.details_destroyed', outcome: 'done', effect: 'DELETE', resource: { type: 'audit', id }, plain: true, details: { days: keys, until },
      })
      tx.afterCommit(() => { forgetKeys(tx.vault, id) })
    }
    return expired
  })
  return gone.reduce((sum, { keys }) => sum + keys, 0)
}
