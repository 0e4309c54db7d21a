import { defineAction } from '../../platform/action.ts'
import { emit } from '../../platform/events/emit.ts'
import { newId } from '../../platform/ids.ts'
import { CreateIdentity, Identity } from './contract.ts'
import { NameTaken, TooManyIdentities } from './errors.ts'
import { IdentityCreated } from './events.ts'
import { presentIdentity } from './present.ts'
import { countIdentities, insertIdentity } from './queries.ts'
import { IDENTITY_WORDS } from './words.ts'

/** Identities that one person may have, archived ones included. */
export const IDENTITIES_MAX = 100

/** Adds an identity; it has its own rows, its own audit chain and nothing of the others. */
export const createIdentity = defineAction({
  name: 'identities.create', effect: 'CREATE', keys: false, reversible: false, input: CreateIdentity, output: Identity, words: IDENTITY_WORDS,
  title: { en: 'Create an identity', fr: 'Créer une identité' },
  summary: ({ name, type }) => ({ en: `Create the identity “${name}” (${type})`, fr: `Créer l’identité « ${name} » (${type})` }),
  about: ({ id }) => ({ type: 'identity', id }),
  async run(tx, { type, name }) {
    const [counted] = await tx.send(countIdentities(tx.db, tx.userId))
    if (Number(counted?.count) >= IDENTITIES_MAX) throw TooManyIdentities(IDENTITIES_MAX)
    const [row] = await tx.send(insertIdentity(tx.db, { id: newId(), userId: tx.userId, type, name, isDefault: false, at: tx.now() }))
    if (!row) throw NameTaken()
    emit(tx, IdentityCreated, { identity_id: row.id, type: row.type })
    return presentIdentity(row)
  },
})
