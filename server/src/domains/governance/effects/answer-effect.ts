import type { EffectTx } from '../../../platform/ctx.ts'
import { Conflict } from '../../../platform/problems.ts'
import { record } from '../../audit/record.ts'
import { callOf } from '../checkpoints/ask-anew.ts'
import type { Decision } from '../checkpoints/decide-checkpoint.ts'
import { ensureIntact } from '../checkpoints/ensure-intact.ts'
import { refuseToDecide } from '../checkpoints/refuse-to-decide.ts'
import { ensurePerson } from '../deciders/ensure-person.ts'
import type { Gate } from '../gate.ts'
import { perform, toEffectTx } from '../perform.ts'
import { findCheckpoint, type CheckpointRow } from '../queries.ts'
import { recordRefusal } from '../refusals.ts'
import { tellEffect } from './move-effect.ts'
import { answerEffect as answer } from './queries.ts'

export type EffectAnswer = Pick<Decision, 'caller' | 'requestId' | 'id'> & { outcome: 'happened' | 'did_not_happen' | 'repeat' }

const STATES = { happened: 'confirmed', did_not_happen: 'failed', repeat: 'unknown' } as const

/**
 * Takes the owner's word on an effect of which nobody could say what it did, once: `happened` and `did_not_happen` settle
 * it. `repeat` leaves it unknown and puts the same action before the owner as a new checkpoint, in one commit: nothing that
 * may have happened is done again unseen. Works while the system is dormant, but for `repeat`. `anew`: that new one.
 */
export async function answerEffect(gate: Gate, given: EffectAnswer): Promise<{ checkpoint: CheckpointRow; anew: CheckpointRow | null }> {
  ensurePerson(given.caller)
  try {
    return given.outcome === 'repeat' ? await repeat(gate, given) : { checkpoint: await settle(gate, given), anew: null }
  } catch (error) {
    await recordRefusal(gate.platform, { ...given, via: 'rest', runId: null }, error)
    throw error
  }
}

const settle = (gate: Gate, given: EffectAnswer): Promise<CheckpointRow> => gate.platform.store.within(given.caller, async (plain) => {
  const tx = toEffectTx(gate, { ...given, via: 'rest', sphereId: null }, plain, given.id)
  const row = await take(tx, given)
  tellEffect(tx, row, tx.now())
  return row
})

async function repeat(gate: Gate, given: EffectAnswer): Promise<{ checkpoint: CheckpointRow; anew: CheckpointRow }> {
  const { caller, id } = given
  const from = await gate.platform.store.within(caller, async (tx) => {
    const [row] = await tx.send(findCheckpoint(tx.db, caller.identityId, id))
    if (!row || row.effect_state !== 'unknown') return refuse(tx, given, gate.platform.clock.now())
    ensureIntact(row)
    return row
  })
  let checkpoint = from
  const outcome = await perform(gate, {
    ...callOf(gate, given, from), given: from.args, runId: null,
    // The word of the person is recorded as theirs, whoever had asked for the action.
    instead: { parentId: id, opened: () => {}, take: async (tx) => { checkpoint = await take({ ...tx, actor: caller.actor, via: 'rest' }, given) } },
  })
  if (outcome.kind !== 'held') throw new Error('What is asked anew is always held')
  return { checkpoint, anew: outcome.checkpoint }
}

/** Claims the answer: of two at once one is taken. */
async function take(tx: EffectTx, given: EffectAnswer): Promise<CheckpointRow> {
  const { id, outcome } = given
  const [row] = await tx.send(answer(tx.db, tx.identityId, id, { answer: outcome, state: STATES[outcome], at: tx.now() }))
  if (!row) return refuse(tx, given, tx.now())
  record(tx, tx, {
    action: 'effect.answered', outcome: 'done', effect: row.effect, actionHash: row.action_hash, checkpointId: row.id, runId: row.run_id,
    resource: { type: 'checkpoint', id: row.id }, details: { outcome },
  })
  return row
}

/** Only an unknown effect that nobody has answered for yet waits for an answer. */
async function refuse(tx: Pick<EffectTx, 'send' | 'db'>, { caller, id }: EffectAnswer, now: Date): Promise<never> {
  const [row] = await tx.send(findCheckpoint(tx.db, caller.identityId, id))
  if (!row) return refuseToDecide(tx as EffectTx, { caller, id }, now)
  throw Conflict({
    en: row.effect_answer === null ? 'Nobody asks what became of this: its effect is not unknown.' : 'You have answered for this effect already.',
    fr: row.effect_answer === null ? 'Personne ne demande ce qu’il en est advenu : son effet n’est pas inconnu.' : 'Vous avez déjà répondu pour cet effet.',
  })
}
