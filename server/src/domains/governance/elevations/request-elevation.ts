import { defineAction } from '../../../platform/action.ts'
import type { Actor, EffectTx } from '../../../platform/ctx.ts'
import { defineEvent, emit } from '../../../platform/events/emit.ts'
import { newId } from '../../../platform/ids.ts'
import { Conflict, Forbidden } from '../../../platform/problems.ts'
import { CheckpointKey } from '../contract.ts'
import { Elevated, RequestElevation } from './contract.ts'
import { insertElevation, revokeElevation as revoke } from './queries.ts'

export const ElevationGranted = defineEvent<{ checkpoint_id: string; scope: string; actor_kind: string; actor_id: string; ends_at: string }>({ name: 'elevation.granted', channels: () => ['nova'] })
export const ElevationRevoked = defineEvent<{ checkpoint_id: string; scope: string }>({ name: 'elevation.revoked', channels: () => ['nova'] })

const NOVA = { kind: 'nova', id: 'nova' } as const

/** Who gets the right: who asks; where a person asks, the one they name. Throws Forbidden when something asks for another. */
function heir(tx: EffectTx, named: Actor | undefined): Actor {
  if (tx.actor.kind === 'person') return named ?? NOVA
  if (named && (named.kind !== tx.actor.kind || named.id !== tx.actor.id)) {
    throw Forbidden({ en: 'An agent asks for a right for itself alone.', fr: 'Un agent ne demande un droit que pour lui-même.' })
  }
  return tx.actor
}

/** Asks for a right for a time: what is in its scope is then done without asking each time. An ordinary checkpoint decides it. */
export const requestElevation = defineAction({
  name: 'elevations.request', effect: 'GRANT', input: RequestElevation, output: Elevated, words: { en: ['elevation'], fr: ['élévation'] },
  title: { en: 'Ask for a right for a time', fr: 'Demander un droit pour un temps' },
  summary: ({ scope, minutes, reason, for: named }) => ({
    en: `Allow ${named ? `${named.kind} ${named.id} ` : ''}${scope} without asking for ${minutes} minutes: ${reason}`,
    fr: `Permettre ${named ? `à ${named.kind} ${named.id} ` : ''}${scope} sans demander pendant ${minutes} minutes : ${reason}`,
  }),
  about: ({ checkpoint_id }) => ({ type: 'checkpoint', id: checkpoint_id }),
  async check(tx, input) { heir(tx, input.for) },
  async run(tx, { scope, minutes, for: named }) {
    // A GRANT is always held, so that there is a checkpoint whose approval this is.
    if (tx.checkpointId === null) throw Conflict({ en: 'A right is given at a checkpoint only.', fr: 'Un droit ne se donne qu’à un point de contrôle.' })
    const actor = heir(tx, named)
    const startsAt = tx.now()
    const endsAt = new Date(startsAt.getTime() + minutes * 60_000)
    await tx.send(insertElevation(tx.db, { id: newId(), checkpointId: tx.checkpointId, identityId: tx.identityId, kind: actor.kind, actorId: actor.id, scope, startsAt, endsAt }))
    emit(tx, ElevationGranted, { checkpoint_id: tx.checkpointId, scope, actor_kind: actor.kind, actor_id: actor.id, ends_at: endsAt.toISOString() })
    return { checkpoint_id: tx.checkpointId, scope, actor, starts_at: startsAt.toISOString(), ends_at: endsAt.toISOString() }
  },
})

/** Takes a right back before its time. */
export const revokeElevation = defineAction({
  name: 'elevations.revoke', effect: 'UPDATE', reversible: false, input: CheckpointKey, output: Elevated, words: { en: ['elevation'], fr: ['élévation'] },
  title: { en: 'Take a right for a time back', fr: 'Retirer un droit donné pour un temps' },
  summary: ({ checkpoint_id }) => ({ en: `Take back the right given at checkpoint ${checkpoint_id}`, fr: `Retirer le droit donné au point de contrôle ${checkpoint_id}` }),
  touches: ({ checkpoint_id }) => [{ type: 'checkpoint', id: checkpoint_id }],
  about: ({ checkpoint_id }) => ({ type: 'checkpoint', id: checkpoint_id }),
  async run(tx, { checkpoint_id }) {
    const [row] = await tx.send(revoke(tx.db, tx.identityId, checkpoint_id, tx.now()))
    if (!row) throw Conflict({ en: 'No right of that checkpoint is in force.', fr: 'Aucun droit de ce point de contrôle n’est en vigueur.' })
    emit(tx, ElevationRevoked, { checkpoint_id, scope: row.scope })
    return { checkpoint_id, scope: row.scope, actor: { kind: row.actor_kind, id: row.actor_id }, starts_at: row.starts_at.toISOString(), ends_at: row.ends_at.toISOString() }
  },
})
