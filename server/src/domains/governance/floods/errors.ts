import { defineProblem } from '../../../platform/errors.ts'

export const Flooding = defineProblem<{ retryAfterSeconds: number }>({
  code: 'flooding', status: 429,
  title: { en: 'Too much at once', fr: 'Trop à la fois' },
  detail: ({ retryAfterSeconds }) => ({
    en: `It asked for more approvals than a person can look at, so it is paused for ${retryAfterSeconds} s, or until you lift it.`,
    fr: `Il a demandé plus d’approbations qu’une personne ne peut en examiner ; il est en pause pendant ${retryAfterSeconds} s, ou jusqu’à ce que vous la leviez.`,
  }),
  headers: ({ retryAfterSeconds }) => ({ 'retry-after': String(retryAfterSeconds) }),
})

export const TooManyWaiting = defineProblem<{ waiting: number }>({
  code: 'too_many_waiting', status: 429,
  title: { en: 'Too many waiting', fr: 'Trop de demandes en attente' },
  detail: ({ waiting }) => ({
    en: `${waiting} requests of the last hour wait for a decision. Decide some of them first.`,
    fr: `${waiting} demandes de la dernière heure attendent une décision. Décidez-en d’abord quelques-unes.`,
  }),
  headers: () => ({ 'retry-after': '60' }),
})

export const ActorPaused = defineProblem({
  code: 'actor_paused', status: 403,
  title: { en: 'Paused', fr: 'En pause' },
  detail: () => ({
    en: 'A person paused it for this identity. It may act again once they lift that (DELETE /api/v2/governance/pauses/{id}).',
    fr: 'Une personne l’a mis en pause pour cette identité. Il pourra agir de nouveau une fois la pause levée (DELETE /api/v2/governance/pauses/{id}).',
  }),
})
