import { defineProblem } from '../errors.ts'

export const BadFrame = defineProblem<{ en: string; fr: string }>({
  code: 'bad_frame', status: 400,
  title: { en: 'Not a message of ours', fr: 'Message non reconnu' },
  detail: (sentence) => sentence,
})

export const UnknownChannel = defineProblem({
  code: 'unknown_channel', status: 404,
  title: { en: 'Unknown channel', fr: 'Canal inconnu' },
  detail: () => ({
    en: 'Channels are user:{id}, sphere:{code}, thread:{id}, nova and atom.',
    fr: 'Les canaux sont user:{id}, sphere:{code}, thread:{id}, nova et atom.',
  }),
})

export const ReplayTooOld = defineProblem<{ limit: number }>({
  code: 'replay_too_old', status: 410,
  title: { en: 'Too much was missed', fr: 'Trop d’événements manqués' },
  detail: ({ limit }) => ({
    en: `At most ${limit} missed events are replayed, and none from longer ago than they are kept. Load afresh, then subscribe without since.`,
    fr: `Au plus ${limit} événements manqués sont rejoués, et aucun au-delà de leur durée de conservation. Rechargez tout, puis abonnez-vous sans since.`,
  }),
})

export const TooManyConnections = defineProblem<{ limit: number }>({
  code: 'too_many_connections', status: 429,
  title: { en: 'Too many connections', fr: 'Trop de connexions' },
  detail: ({ limit }) => ({
    en: `At most ${limit} live connections; close another one first.`,
    fr: `Au plus ${limit} connexions en direct ; fermez-en d’abord une autre.`,
  }),
})

export const OriginRefused = defineProblem({
  code: 'origin_refused', status: 403,
  title: { en: 'Origin refused', fr: 'Origine refusée' },
  detail: () => ({
    en: 'Pages of that origin may not connect; CORS_ORIGINS lists those that may.',
    fr: 'Les pages de cette origine ne peuvent pas se connecter ; CORS_ORIGINS énumère celles qui le peuvent.',
  }),
})
