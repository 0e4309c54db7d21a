import { defineAction } from '../../../platform/action.ts'
import { closeAsService } from '../../../platform/db/as-service.ts'
import { emit } from '../../../platform/events/emit.ts'
import type { UserId } from '../../../platform/ids.ts'
import { Conflict } from '../../../platform/problems.ts'
import { Delegation, DelegationKey } from './contract.ts'
import { DelegationRevoked } from './events.ts'
import { presentDelegation } from './present.ts'
import { revokeDelegation as revoke } from './queries.ts'

/** Takes a delegation back at once. */
export const revokeDelegation = defineAction({
  name: 'delegations.revoke', effect: 'UPDATE', reversible: false, input: DelegationKey, output: Delegation, words: { en: ['delegation'], fr: ['délégation'] },
  title: { en: 'Take a delegation back', fr: 'Retirer une délégation' },
  summary: ({ delegation_id }) => ({ en: `Take back delegation ${delegation_id}`, fr: `Retirer la délégation ${delegation_id}` }),
  touches: ({ delegation_id }) => [{ type: 'delegation', id: delegation_id }],
  about: ({ id }) => ({ type: 'delegation', id }),
  async run(tx, { delegation_id }) {
    const [row] = await tx.send(revoke(tx.db, tx.identityId, delegation_id, tx.now()))
    if (!row) throw Conflict({ en: 'That delegation was taken back already.', fr: 'Cette délégation a déjà été retirée.' })
    const told = { delegation_id: row.id, from_user_id: row.from_user_id, to_user_id: row.to_user_id }
    emit(tx, DelegationRevoked, told)
    closeAsService(tx, 'deciders', () => { emit({ ...tx, identityId: null, userId: row.to_user_id as UserId }, DelegationRevoked, told) })
    return presentDelegation(row)
  },
})
