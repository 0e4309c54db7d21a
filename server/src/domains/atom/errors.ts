import { defineProblem } from '../../platform/errors.ts'

export const InvalidFrequency = defineProblem({
  code: 'invalid_frequency', status: 400,
  title: { en: 'Invalid frequency', fr: 'Fréquence invalide' },
  detail: () => ({
    en: 'A resonance is a multiple of 111 from 111 to 999.',
    fr: 'Une résonance est un multiple de 111, de 111 à 999.',
  }),
})

/** The same for every seal that is not the right one, and for none. */
export const InvalidSeal = defineProblem({
  code: 'invalid_seal', status: 403,
  title: { en: 'Invalid Architect seal', fr: 'Sceau de l’Architecte invalide' },
  detail: () => ({
    en: 'The header X-Architect-Seal does not hold the seal of this instance.',
    fr: 'L’en-tête X-Architect-Seal ne contient pas le sceau de cette instance.',
  }),
})
