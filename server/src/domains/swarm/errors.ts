import { defineProblem } from '../../platform/errors.ts'

export const SceauRequired = defineProblem({
  code: 'sceau_required', status: 401,
  title: { en: 'Sceau session required', fr: 'Session du Sceau requise' },
  detail: () => ({
    en: 'Send the session of an activated Sceau in the header X-Sceau-Session (POST /api/v1/sceau/begin, then /sceau/activate).',
    fr: 'Envoyez la session d’un Sceau activé dans l’en-tête X-Sceau-Session (POST /api/v1/sceau/begin, puis /sceau/activate).',
  }),
  headers: () => ({ 'www-authenticate': 'Sceau' }),
})

export const SceauTooShort = defineProblem<{ measuredMs: number; neededMs: number }>({
  code: 'sceau_too_short', status: 409,
  title: { en: 'Let go too early', fr: 'Relâché trop tôt' },
  detail: ({ measuredMs, neededMs }) => ({
    en: `The touch lasted ${measuredMs} ms by the server’s clock; it takes ${neededMs} ms. Begin again.`,
    fr: `Le toucher a duré ${measuredMs} ms à l’horloge du serveur ; il en faut ${neededMs}. Recommencez.`,
  }),
  members: ({ measuredMs, neededMs }) => ({ measured_ms: measuredMs, needed_ms: neededMs }),
})
