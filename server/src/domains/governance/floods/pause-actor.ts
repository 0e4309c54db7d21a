import type { Tx } from '../../../platform/db/store.ts'
import { emit } from '../../../platform/events/emit.ts'
import { newId } from '../../../platform/ids.ts'
import { record, type AuditScene } from '../../audit/record.ts'
import { CheckpointFlood } from '../events.ts'
import { insertPause } from './queries.ts'

/** Adds a pause of an actor to a commit, with its record and what tells the owner; `endsAt` null: until a person lifts it. */
export function pauseActor(tx: Tx & AuditScene, { actor, reason, endsAt }: { actor: { kind: string; id: string }; reason: 'flood' | 'blocked'; endsAt: Date | null }): void {
  const id = newId()
  tx.atClose(() => insertPause(tx.db, { id, identityId: tx.identityId, kind: actor.kind, actorId: actor.id, reason, since: tx.now(), endsAt }))
  record(tx, tx, { action: 'actor.paused', outcome: 'done', resource: { type: 'actor_pause', id }, details: { reason, actor_kind: actor.kind, actor_id: actor.id, ends_at: endsAt?.toISOString() ?? null } })
  if (reason === 'flood') emit(tx, CheckpointFlood, { actor_kind: actor.kind, actor_id: actor.id, pause_id: id, ends_at: endsAt?.toISOString() ?? null, requester: tx.userId })
}
