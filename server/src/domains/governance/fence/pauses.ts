import type { Tx } from '../../../platform/db/store.ts'
import { newId } from '../../../platform/ids.ts'
import { Conflict, Forbidden, NotFound } from '../../../platform/problems.ts'
import { IdentityBoundary } from '../errors.ts'
import type { Fence } from './fence.ts'
import { countPauses, deletePause, findPause, findSamePause, insertPause, listPauses, type PauseRow } from './queries.ts'

export type { PauseRow }

/** Pauses that an identity may have set at once. */
const PAUSES_MAX = 100

/** Who sets or lifts a pause: an identity for itself (`identityId`), or the operator for anyone. */
export type Setter = { by: 'architect' | 'operator' | 'owner' | 'safeguard'; identityId: string | null }

type NewPause = { setter: Setter; scope: 'agent' | 'automation' | 'identity' | 'sphere'; target: string; reason: string; at: Date; announce(tx: Tx, pause: PauseRow): void }

/** Sets a pause and waits until no effect of what it stops is in flight (fence.ts). The one that stands already is as good. */
export const setPause = (fence: Fence, { setter, scope, target, reason, at, announce }: NewPause): Promise<PauseRow> => {
  // A pause of an identity belongs to it, so that its owner sees who set it, and nobody else does.
  const identityId = scope === 'identity' ? target : setter.identityId
  return fence.pause({
    wait: { identityId, end: true },
    async alter(tx) {
      const [count] = setter.by === 'owner' && setter.identityId ? await tx.send(countPauses(tx.db, setter.identityId)) : []
      if (Number(count?.count ?? 0) >= PAUSES_MAX) throw Conflict({ en: `An identity has at most ${PAUSES_MAX} pauses. Lift one first.`, fr: `Une identité a au plus ${PAUSES_MAX} pauses. Levez-en une d’abord.` })
      const wanted = { id: newId(), scope, target, identityId, by: setter.by, reason, at }
      const [fresh] = await tx.send(insertPause(tx.db, wanted))
      if (fresh) announce(tx, fresh)
      const pause = fresh ?? (await tx.send(findSamePause(tx.db, wanted)))[0]
      if (!pause) throw Conflict({ en: 'That pause was lifted at this moment. Set it again.', fr: 'Cette pause vient d’être levée. Posez-la à nouveau.' })
      return pause
    },
  })
}

/** Lifts a pause. An owner lifts their own; what the operator set, only the operator lifts. Throws NotFound, IdentityBoundary, Forbidden. */
export const liftPause = (fence: Fence, { setter, id, announce }: { setter: Setter; id: string; announce(tx: Tx, pause: PauseRow): void }): Promise<PauseRow> => fence.pause({
  wait: null,
  async alter(tx) {
    const [pause] = await tx.send(findPause(tx.db, id))
    if (!pause) throw NotFound()
    if (setter.by === 'owner') ensureOwner(pause, setter.identityId)
    const [lifted] = await tx.send(deletePause(tx.db, id))
    if (!lifted) throw NotFound()
    announce(tx, lifted)
    return lifted
  },
})

function ensureOwner({ id, identity_id: of, set_by: by }: PauseRow, identityId: string | null): void {
  if (of !== null && of !== identityId) throw IdentityBoundary({ resource: { type: 'pause', id } })
  if (by !== 'owner') throw Forbidden({ en: 'The operator set this pause; only the operator lifts it.', fr: 'L’opérateur a posé cette pause ; lui seul la lève.' })
}

type Query = { identityId: string | null; before?: string | undefined; limit: number }

/** Newest first; of one identity with those that hold for everyone, or (null) every one. */
export const pausesOf = (tx: Tx, query: Query): Promise<PauseRow[]> => tx.send(listPauses(tx.db, query))
