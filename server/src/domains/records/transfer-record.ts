import { defineAction } from '../../platform/action.ts'
import type { EffectTx } from '../../platform/ctx.ts'
import { closeAsService } from '../../platform/db/as-service.ts'
import { emit } from '../../platform/events/emit.ts'
import type { IdentityId } from '../../platform/ids.ts'
import { Binned, Conflict, ValidationError } from '../../platform/problems.ts'
import { record } from '../audit/record.ts'
import { findOwnIdentity } from '../identities/find-own-identity.ts'
import { transferNote } from '../notes/transfer-note.ts'
import { sphereIdOf } from '../spheres/sphere-id.ts'
import { transferTask } from '../tasks/transfer-task.ts'
import { transferThread } from '../threads/transfer-thread.ts'
import { TransferRecord, Transferred, type TransferInput } from './contract.ts'
import { RecordReceived, RecordTransferred } from './events.ts'
import { lockTransfers } from './queries.ts'
import { summarise } from './summarise.ts'
import { showMove } from './show-move.ts'
import { RECORD_WORDS } from './words.ts'

const VERBS = { note: transferNote, task: transferTask, thread: transferThread }

/** Moves a note, task or thread to another sphere, to another identity of the same person, or both. */
export const transferRecord = defineAction({
  name: 'records.transfer', effect: 'TRANSFER', input: TransferRecord, output: Transferred, words: RECORD_WORDS,
  title: { en: 'Transfer a record to another sphere or identity', fr: 'Transférer un élément vers une autre sphère ou identité' },
  summary: summarise,
  sensitivity: 'sensitive',
  facts: () => ({ recipients: 1 }),
  // The boundary check finds another person's identity (403) and one that exists nowhere (404) as it does any row.
  touches: ({ type, id, identity_id }) => [{ type, id }, ...(identity_id === undefined ? [] : [{ type: 'identity', id: identity_id }])],
  check: ensureTarget,
  shows: showMove,
  about: ({ type, id }) => ({ type, id }),
  async run(tx, { type, id, sphere_id, identity_id }) {
    const identityId = (identity_id ?? tx.identityId) as IdentityId
    // Two transfers of one person in opposite directions would each wait for the other's audit chain.
    await tx.send(lockTransfers(tx.userId).compile(tx.db))
    const moved = await VERBS[type](tx, id, { identityId, sphereId: sphereIdOf(sphere_id), at: tx.now() })
    if (!moved) throw Binned()
    const told = { type, id, sphere_id: moved.sphere_id }
    emit(tx, RecordTransferred, told)
    if (identityId !== tx.identityId) arrive({ ...tx, identityId }, tx, told)
    return { ...told, identity_id: identityId, version: moved.version }
  },
})

async function ensureTarget(tx: EffectTx, { sphere_id, identity_id }: TransferInput): Promise<void> {
  if (sphere_id === undefined && identity_id === undefined) {
    throw ValidationError({ errors: [{ path: 'sphere_id', message: 'name a sphere_id, an identity_id, or both' }] })
  }
  if (identity_id === undefined) return
  if (identity_id === tx.identityId && sphere_id === undefined) {
    throw Conflict({ en: 'That belongs to this identity already.', fr: 'Cela appartient déjà à cette identité.' })
  }
  if ((await findOwnIdentity(tx, tx.userId, identity_id))?.archived_at) {
    throw Conflict({ en: 'That identity is archived. Restore it first.', fr: 'Cette identité est archivée. Restaurez-la d’abord.' })
  }
}

/** The receiving identity has its own chain and events: what came, never from which of the person's other identities. */
function arrive(theirs: EffectTx, tx: EffectTx, told: { type: string; id: string; sphere_id: number }): void {
  closeAsService(tx, 'transfer', () => {
    emit(theirs, RecordReceived, told)
    record(tx, theirs, { action: 'records.received', outcome: 'done', effect: 'TRANSFER', resource: { type: told.type, id: told.id } })
  })
}
