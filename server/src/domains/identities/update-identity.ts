import { defineAction } from '../../platform/action.ts'
import { emit } from '../../platform/events/emit.ts'
import { Identity, UpdateIdentity } from './contract.ts'
import { IdentityArchivedAlready } from './errors.ts'
import { IdentityUpdated } from './events.ts'
import { presentIdentity } from './present.ts'
import { renameIdentity } from './queries.ts'
import { IDENTITY_WORDS } from './words.ts'

/** Renames an identity. Its kind stays what it is. */
export const updateIdentity = defineAction({
  name: 'identities.update', effect: 'UPDATE', keys: false, reversible: false, input: UpdateIdentity, output: Identity, words: IDENTITY_WORDS,
  title: { en: 'Rename an identity', fr: 'Renommer une identité' },
  summary: ({ identity_id, name }, titleOf) => ({ en: `Rename the identity “${titleOf(identity_id)}” to “${name}”`, fr: `Renommer l’identité « ${titleOf(identity_id)} » en « ${name} »` }),
  touches: ({ identity_id }) => [{ type: 'identity', id: identity_id }],
  async run(tx, { identity_id, name }) {
    const [row] = await tx.send(renameIdentity(tx.db, tx.userId, identity_id, { name, at: tx.now() }))
    if (!row) throw IdentityArchivedAlready()
    emit(tx, IdentityUpdated, { identity_id: row.id, type: row.type })
    return presentIdentity(row)
  },
})
