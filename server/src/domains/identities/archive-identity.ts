import { defineAction } from '../../platform/action.ts'
import type { EffectTx } from '../../platform/ctx.ts'
import { emit } from '../../platform/events/emit.ts'
import { Identity, IdentityKey } from './contract.ts'
import { CurrentStays, DefaultStays, IdentityArchivedAlready } from './errors.ts'
import { IdentityArchived } from './events.ts'
import { presentIdentity } from './present.ts'
import { archiveIdentity as putAway, findIdentity } from './queries.ts'
import { IDENTITY_WORDS } from './words.ts'

/**
 * Puts an identity away: nobody can act as it until it is restored, its rows and its chain stay. Sessions that act as it
 * go on as the default identity at their next refresh.
 */
export const archiveIdentity = defineAction({
  name: 'identities.archive', effect: 'DELETE', keys: false, input: IdentityKey, output: Identity, words: IDENTITY_WORDS,
  title: { en: 'Archive an identity', fr: 'Archiver une identité' },
  summary: ({ identity_id }, titleOf) => ({ en: `Archive the identity “${titleOf(identity_id)}”`, fr: `Archiver l’identité « ${titleOf(identity_id)} »` }),
  touches: ({ identity_id }) => [{ type: 'identity', id: identity_id }],
  async run(tx, { identity_id }) {
    const [row] = await tx.send(putAway(tx.db, tx.userId, identity_id, { actingId: tx.identityId, at: tx.now() }))
    if (!row) return refuse(tx, identity_id)
    emit(tx, IdentityArchived, { identity_id: row.id, type: row.type })
    return presentIdentity(row)
  },
})

async function refuse(tx: EffectTx, id: string): Promise<never> {
  const [row] = await tx.send(findIdentity(tx.db, tx.userId, id))
  if (row?.is_default) throw DefaultStays()
  throw row?.id === tx.identityId ? CurrentStays() : IdentityArchivedAlready()
}
