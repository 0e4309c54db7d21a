import { defineAction } from '../../platform/action.ts'
import { emit } from '../../platform/events/emit.ts'
import { Identity, IdentityKey } from './contract.ts'
import { IdentityNotArchived } from './errors.ts'
import { IdentityRestored } from './events.ts'
import { presentIdentity } from './present.ts'
import { restoreIdentity as takeBack } from './queries.ts'
import { IDENTITY_WORDS } from './words.ts'

/** Takes an archived identity back into use. */
export const restoreIdentity = defineAction({
  name: 'identities.restore', effect: 'UPDATE', keys: false, reversible: false, input: IdentityKey, output: Identity, words: IDENTITY_WORDS,
  title: { en: 'Restore an archived identity', fr: 'Rétablir une identité archivée' },
  summary: ({ identity_id }, titleOf) => ({ en: `Restore the identity “${titleOf(identity_id)}”`, fr: `Rétablir l’identité « ${titleOf(identity_id)} »` }),
  touches: ({ identity_id }) => [{ type: 'identity', id: identity_id }],
  async run(tx, { identity_id }) {
    const [row] = await tx.send(takeBack(tx.db, tx.userId, identity_id, tx.now()))
    if (!row) throw IdentityNotArchived()
    emit(tx, IdentityRestored, { identity_id: row.id, type: row.type })
    return presentIdentity(row)
  },
})
