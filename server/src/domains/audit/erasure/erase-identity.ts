import { closeAsService } from '../../../platform/db/as-service.ts'
import type { EffectTx } from '../../../platform/ctx.ts'
import type { IdentityId } from '../../../platform/ids.ts'
import { askAnew, forgetKeys } from '../details/detail-keys.ts'
import { record } from '../record.ts'
import { eraseRows, type Erased } from './queries.ts'

/**
 * Destroys the content of an identity and the keys of its record's details. The chain stays and verifies: its last word on
 * what was is a tombstone with counts and a hash. Waits for everything in flight in that identity, and nothing that began
 * before commits after (erase_identity, store.ts).
 */
export async function eraseIdentity(tx: EffectTx, identityId: IdentityId, { sessions }: { sessions: number }): Promise<Erased> {
  const [row] = await tx.send(eraseRows(identityId))
  if (!row) throw new Error('An erasure answered nothing')
  const { erased } = row
  const forget = (): void => { forgetKeys(tx.vault, identityId) }
  forget()
  askAnew(tx)
  tx.afterCommit(forget)
  const rows = Object.values(erased.counts).reduce((sum, count) => sum + count, 0)
  closeAsService(tx, 'erasure', () => {
    record(tx, { ...tx, identityId }, {
      action: 'identity.erased', outcome: 'done', effect: 'DELETE', resource: { type: 'identity', id: identityId }, checkpointId: tx.checkpointId, plain: true,
      details: { rows, sessions, hash: erased.hash, ...erased.counts },
    })
  })
  return erased
}
