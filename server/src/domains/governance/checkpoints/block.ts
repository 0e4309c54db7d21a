import { Conflict } from '../../../platform/problems.ts'
import { pauseActor } from '../floods/pause-actor.ts'
import type { Gate } from '../gate.ts'
import { findCheckpoint } from '../queries.ts'
import { reject, type Decision, type Settled } from './decide-checkpoint.ts'

/** Rejects, and pauses who asked for this identity until a person lifts it. What a person asked for themself pauses nobody. */
export async function block(gate: Gate, given: Decision): Promise<Settled> {
  const { caller, id } = given
  const [asked] = await gate.platform.store.within(caller, (tx) => tx.send(findCheckpoint(tx.db, caller.identityId, id)))
  if (asked?.status === 'pending' && asked.actor_kind === 'person') {
    throw Conflict({ en: 'A person asked for this; reject it. Only an agent, a key or an automation can be paused.', fr: 'Une personne l’a demandé ; refusez-le. Seuls un agent, une clé ou une automatisation peuvent être mis en pause.' })
  }
  return reject(gate, given, (tx, { actor_kind: kind, actor_id: actorId }) => { pauseActor(tx, { actor: { kind, id: actorId ?? '' }, reason: 'blocked', endsAt: null }) })
}
