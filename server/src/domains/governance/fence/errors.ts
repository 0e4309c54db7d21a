import { defineProblem } from '../../../platform/errors.ts'
import { Dormant } from '../errors.ts'

/** Who stopped it, as a role; why; since when (ISO 8601). */
export type Stopped = { who: string; reason: string | null; since: string }

const members = ({ who, reason, since }: Stopped): Record<string, unknown> => ({ who, reason, since })
const headers = (): Record<string, string> => ({ 'retry-after': '60' })

export const Held = defineProblem<Stopped>({
  code: 'held', status: 503,
  title: { en: 'Agents are held', fr: 'Agents en attente' },
  detail: ({ since }) => ({
    en: `No new agent work begins since ${since}: what had begun ends, and your own work goes on. The operator resumes it.`,
    fr: `Aucun nouveau travail d’agent ne commence depuis ${since} : ce qui était commencé se termine, et votre propre travail continue. L’opérateur le fait reprendre.`,
  }),
  members, headers,
})

export const Dispersed = defineProblem<Stopped & { level: string }>({
  code: 'dispersed', status: 503,
  title: { en: 'Dispersed', fr: 'Dispersé' },
  detail: ({ since }) => ({
    en: `The one that was to do this is dispersed since ${since} and does nothing until it is revived.`,
    fr: `Celui qui devait faire cela est dispersé depuis ${since} et ne fait rien avant sa réactivation.`,
  }),
  members: (facts) => ({ ...members(facts), level: facts.level }), headers,
})

export const Paused = defineProblem<Stopped & { scope: string; pauseId: string }>({
  code: 'paused', status: 503,
  title: { en: 'Paused', fr: 'En pause' },
  detail: ({ scope, since }) => ({
    en: `Agent work of this ${scope} is paused since ${since}.`,
    fr: `Le travail d’agent de ce périmètre (${scope}) est en pause depuis ${since}.`,
  }),
  members: (facts) => ({ ...members(facts), scope: facts.scope, pause_id: facts.pauseId }), headers,
})

const STOPS = new Set([Dormant, Held, Dispersed, Paused].map(({ kind }) => kind.code))

/** Whether a problem says that somebody stopped the work: it ends a run, while other faults of the moment pass. */
export const isStop = ({ code }: { code: string }): boolean => STOPS.has(code)

/** The same for a code that never was, is over, or was used. */
export const InvalidCode = defineProblem({
  code: 'invalid_confirmation_code', status: 403,
  title: { en: 'Invalid confirmation code', fr: 'Code de confirmation invalide' },
  detail: () => ({
    en: 'The header X-Confirmation-Code does not hold a code that is good now. POST /api/v2/protocol-999/code gives one for five minutes, for one use.',
    fr: 'L’en-tête X-Confirmation-Code ne contient pas de code valable. POST /api/v2/protocol-999/code en donne un pour cinq minutes et un seul usage.',
  }),
})
