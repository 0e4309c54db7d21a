import type { Queries } from '../../../platform/db/store.ts'
import { effectMove, type EffectEvent } from './effect-state.ts'

/** Moves the effect of a checkpoint on; no row when that event cannot come in the state that it finds. */
export const moveEffect = (db: Queries, checkpointId: string, event: EffectEvent) => {
  const { from, to } = effectMove(event)
  return db.updateTable('checkpoints').set((eb) => ({ effect_state: to, version: eb('version', '+', 1) }))
    .where('id', '=', checkpointId).where('effect_state', 'in', from).returningAll()
}

type Answer = { answer: 'happened' | 'did_not_happen' | 'repeat'; state: 'confirmed' | 'failed' | 'unknown'; at: Date }

/** Takes the owner's word on an effect of which nobody could say what it did; once. */
export const answerEffect = (db: Queries, identityId: string, id: string, a: Answer) =>
  db.updateTable('checkpoints').set((eb) => ({ effect_state: a.state, effect_answer: a.answer, effect_answered_at: a.at, version: eb('version', '+', 1) }))
    .where('identity_id', '=', identityId).where('id', '=', id).where('effect_state', '=', 'unknown').where('effect_answer', 'is', null).returningAll()

/** Keeps what became of an approved effect, in the commit of its approval. */
export const keepOutcome = (db: Queries, id: string, o: { state: 'intended' | 'confirmed' | 'failed'; outcome: unknown }) =>
  db.updateTable('checkpoints').set({ effect_state: o.state, outcome: JSON.stringify(o.outcome) }).where('id', '=', id)

/** Checkpoints of an identity whose effect is in a state, newest first, one more than `limit`; of the unknown those that wait for an answer. */
export const listEffects = (db: Queries, identityId: string, q: { state: string; before?: string | undefined; limit: number }) =>
  db.selectFrom('checkpoints').selectAll().where('identity_id', '=', identityId).where('effect_state', '=', q.state)
    .$if(q.state === 'unknown', (b) => b.where('effect_answer', 'is', null))
    .$if(q.before !== undefined, (b) => b.where('id', '<', q.before ?? ''))
    .orderBy('id', 'desc').limit(q.limit + 1)

/** Whether a person and their identity may still have things done for them. */
export const findActive = (db: Queries, whose: { identityId: string; userId: string }) =>
  db.selectFrom('identities').innerJoin('users', 'users.id', 'identities.user_id').select('identities.id')
    .where('identities.id', '=', whose.identityId).where('users.id', '=', whose.userId).where('identities.archived_at', 'is', null).where('users.disabled_at', 'is', null)
