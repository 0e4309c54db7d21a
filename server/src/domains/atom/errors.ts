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

/** The same for every key that is neither the operator's nor the seal, and for none. */
export const InvalidOperatorKey = defineProblem({
  code: 'invalid_operator_key', status: 403,
  title: { en: 'Invalid operator key', fr: 'Clé d’opérateur invalide' },
  detail: () => ({
    en: 'Neither X-Operator-Key nor X-Architect-Seal holds the secret of this instance.',
    fr: 'Ni X-Operator-Key ni X-Architect-Seal ne contient le secret de cette instance.',
  }),
})

export const IntegrityFailed = defineProblem<{ integrity: Record<string, unknown> }>({
  code: 'integrity_failed', status: 409,
  title: { en: 'The record does not hold', fr: 'Le registre ne tient pas' },
  detail: () => ({
    en: 'The record of the instance was changed or cut: look at it (GET /api/atom/integrity) before anything runs again. {"acknowledge": true} revives all the same.',
    fr: 'Le registre de l’instance a été modifié ou coupé : examinez-le (GET /api/atom/integrity) avant toute reprise. {"acknowledge": true} réactive malgré tout.',
  }),
  members: ({ integrity }) => ({ integrity }),
})
