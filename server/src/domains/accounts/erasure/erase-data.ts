import { defineAction } from '../../../platform/action.ts'
import { emit } from '../../../platform/events/emit.ts'
import type { IdentityId } from '../../../platform/ids.ts'
import { NotFound } from '../../../platform/problems.ts'
import { eraseIdentity } from '../../audit/erasure/erase-identity.ts'
import { findOwnIdentity } from '../../identities/find-own-identity.ts'
import type { Desk } from '../desk.ts'
import { IdentityErased, SessionRevoked } from '../events.ts'
import { endActing } from '../queries.ts'
import { EraseData, ErasedData } from './contract.ts'
import { NameDiffers, OnlyThePerson } from './errors.ts'

/**
 * Erases everything that an identity holds and the keys of its record. Always held, and confirmed by the identity's name.
 * Of an identity that belongs to an organisation, only a person who is an owner or admin there does. Sessions that act as it
 * end. The identity itself stays, empty, under its name, also the default one: its person goes on with it, or archives it.
 */
export const eraseData = (desk: Desk) => defineAction({
  name: 'identities.erase_data', effect: 'DELETE', alwaysAsks: true, keys: false, reversible: false, input: EraseData, output: ErasedData,
  title: { en: 'Erase all data of an identity for good', fr: 'Effacer définitivement toutes les données d’une identité' },
  summary: ({ identity_id }, titleOf) => ({
    en: `Erase for good all that the identity “${titleOf(identity_id)}” holds, with the details of its record; nothing brings it back`,
    fr: `Effacer définitivement tout ce que contient l’identité « ${titleOf(identity_id)} », avec les détails de son registre ; rien ne le ramène`,
  }),
  touches: ({ identity_id }) => [{ type: 'identity', id: identity_id }],
  async check(tx, { identity_id, confirm }) {
    if (tx.via !== 'rest' || tx.actor.kind !== 'person') throw OnlyThePerson()
    const identity = await findOwnIdentity(tx, tx.userId, identity_id)
    if (!identity) throw NotFound()
    await desk.others.ensureMayDestroy(tx, identity_id)
    if (identity.name !== confirm) throw NameDiffers()
  },
  async run(tx, { identity_id }) {
    const ended = await tx.send(endActing(tx.db, tx.userId, { identityId: identity_id, now: tx.now() }))
    const { counts, hash } = await eraseIdentity(tx, identity_id as IdentityId, { sessions: ended.length })
    for (const { id } of ended) emit(tx, SessionRevoked, { session_id: id, because: 'erased' })
    tx.afterCommit(() => { desk.live.forget(ended.map(({ id }) => id)) })
    emit(tx, IdentityErased, { identity_id })
    return { identity_id, rows: counts, hash, sessions_ended: ended.length }
  },
})
