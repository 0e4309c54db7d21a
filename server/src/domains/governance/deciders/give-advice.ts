import { defineAction } from '../../../platform/action.ts'
import { emit } from '../../../platform/events/emit.ts'
import { newId } from '../../../platform/ids.ts'
import { Advice, GiveAdvice } from './contract.ts'
import { AdviceOnly } from './errors.ts'
import { AdviceGiven } from './events.ts'
import { presentAdvice } from './present.ts'
import { insertAdvice } from './queries.ts'

/** Says to the deciders what an agent or a model thinks of a checkpoint. It is shown as advice and never counts. */
export const giveAdvice = defineAction({
  name: 'advice.give', effect: 'CREATE', input: GiveAdvice, output: Advice, words: { en: ['advice'], fr: ['conseil'] },
  title: { en: 'Give advice on a checkpoint', fr: 'Donner un avis sur un point de contrôle' },
  summary: ({ checkpoint_id, recommends }) => ({ en: `Advise on checkpoint ${checkpoint_id}: ${recommends}`, fr: `Donner un avis sur le point de contrôle ${checkpoint_id} : ${recommends}` }),
  touches: ({ checkpoint_id }) => [{ type: 'checkpoint', id: checkpoint_id }],
  about: ({ checkpoint_id }) => ({ type: 'checkpoint', id: checkpoint_id }),
  async check(tx) { if (tx.actor.kind === 'person') throw AdviceOnly() },
  async run(tx, { checkpoint_id, recommends, text }) {
    const [row] = await tx.send(insertAdvice(tx.db, { id: newId(), checkpointId: checkpoint_id, identityId: tx.identityId, actorKind: tx.actor.kind, actorId: tx.actor.id, recommends, text, at: tx.now() }))
    if (!row) throw new Error('An insert without a row')
    emit(tx, AdviceGiven, { checkpoint_id, advice_id: row.id, recommends })
    return presentAdvice(row)
  },
})
