import { NO_PROOF } from '../../../platform/ctx.ts'
import type { IdentityId, SessionId, UserId } from '../../../platform/ids.ts'
import { shareFence } from '../fence/share-fence.ts'
import type { Gate } from '../gate.ts'
import { toEffectTx } from '../perform.ts'
import { expireDue, type CheckpointRow } from '../queries.ts'
import { tellExpired } from './tell-expired.ts'

const BATCH = 100

/** Ends the checkpoints whose time is over, at most 100 a call; how many it ended. Runs on any node. */
export async function expireCheckpoints(gate: Gate, requestId: string): Promise<number> {
  return gate.platform.store.within({ service: 'expiry' }, async (plain) => {
    // Frozen, not denied: nobody can approve while the system is dormant, so nothing expires either.
    if (!await shareFence(plain)) return 0
    const rows: CheckpointRow[] = await plain.send(expireDue(plain.db, gate.platform.clock.now(), BATCH))
    for (const row of rows) {
      const caller = { identityId: row.identity_id as IdentityId, userId: row.user_id as UserId, sessionId: '' as SessionId, actor: { kind: 'system', id: 'expiry' } as const, proof: NO_PROOF }
      const tx = toEffectTx(gate, { caller, via: 'rest', sphereId: null, requestId }, plain, row.id)
      await tellExpired(gate, tx, row)
    }
    return rows.length
  })
}
