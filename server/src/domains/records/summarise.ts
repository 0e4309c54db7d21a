import type { TitleOf } from '../../platform/action.ts'
import type { Bilingual } from '../../platform/text.ts'
import { findSphere } from '../spheres/sphere-list.ts'
import type { TransferInput } from './contract.ts'

const NOUNS: Record<TransferInput['type'], Bilingual> = {
  note: { en: 'the note', fr: 'la note' }, task: { en: 'the task', fr: 'la tâche' }, thread: { en: 'the thread', fr: 'le fil' },
}

/** What is moved and where, by names, for the person who approves it. */
export function summarise({ type, id, sphere_id, identity_id }: TransferInput, titleOf: TitleOf): Bilingual {
  const sphere = sphere_id === undefined ? undefined : findSphere(sphere_id)?.name
  const identity = identity_id === undefined ? undefined : titleOf(identity_id)
  const en = [...(sphere ? [`the sphere “${sphere.en}”`] : []), ...(identity ? [`your identity “${identity}”`] : [])]
  const fr = [...(sphere ? [`la sphère « ${sphere.fr} »`] : []), ...(identity ? [`votre identité « ${identity} »`] : [])]
  return {
    en: `Transfer ${NOUNS[type].en} “${titleOf(id)}” to ${en.join(' of ')}`,
    fr: `Transférer ${NOUNS[type].fr} « ${titleOf(id)} » vers ${fr.join(' de ')}`,
  }
}
