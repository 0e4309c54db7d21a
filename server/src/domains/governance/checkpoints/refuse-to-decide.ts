import type { Tx } from '../../../platform/db/store.ts'
import { Conflict, Gone, NotFound } from '../../../platform/problems.ts'
import { IdentityBoundary } from '../errors.ts'
import { findCheckpoint, findOwners } from '../queries.ts'
import type { Decision } from './decide-checkpoint.ts'

/** Why nothing could be claimed: not there, another's, never approvable, over, or decided by someone faster. */
export async function refuseToDecide(tx: Tx, { caller, id }: Pick<Decision, 'caller' | 'id'>, now: Date): Promise<never> {
  const [row] = await tx.send(findCheckpoint(tx.db, caller.identityId, id))
  if (!row) {
    const [owner] = await tx.send(findOwners(['checkpoint'], [id]).compile(tx.db))
    throw owner ? IdentityBoundary({ resource: { type: 'checkpoint', id } }) : NotFound()
  }
  if (row.status === 'expired' || (row.status === 'pending' && row.expires_at <= now)) {
    throw Gone({ en: 'This checkpoint expired. Ask again.', fr: 'Ce point de contrôle a expiré. Redemandez.' })
  }
  throw Conflict({ en: `This checkpoint is ${row.status}.`, fr: `Ce point de contrôle est dans l’état « ${row.status} ».` })
}
