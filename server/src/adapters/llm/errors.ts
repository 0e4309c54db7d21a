import { defineProblem } from '../../platform/errors.ts'
import type { Bilingual } from '../../platform/text.ts'

/** What went wrong with a provider, as far as a person can act on it. The provider's own words stay out. */
export type ProviderFault = 'unreachable' | 'key_refused' | 'busy' | 'refused' | 'unreadable'

const FAULTS: Record<ProviderFault, Bilingual> = {
  unreachable: { en: 'Claude cannot be reached', fr: 'Claude est injoignable' },
  key_refused: { en: 'Claude refuses the key: check ANTHROPIC_API_KEY', fr: 'Claude refuse la clé : vérifiez ANTHROPIC_API_KEY' },
  busy: { en: 'Claude takes no requests just now', fr: 'Claude n’accepte pas de requêtes pour le moment' },
  refused: { en: 'Claude refused the request', fr: 'Claude a refusé la requête' },
  unreadable: { en: 'Claude’s answer could not be read', fr: 'La réponse de Claude n’a pas pu être lue' },
}

/** `status` is the provider's own, null when it gave none; `retryAfterSeconds` what it asked for. */
export const ProviderError = defineProblem<{ fault: ProviderFault; status: number | null; retryAfterSeconds: number | null }>({
  code: 'provider_error', status: 502,
  title: { en: 'The model failed', fr: 'Le modèle a échoué' },
  detail: ({ fault, status }) => ({
    en: `${FAULTS[fault].en}${status === null ? '' : ` (HTTP ${status})`}. What was done before stays done; nothing else was.`,
    fr: `${FAULTS[fault].fr}${status === null ? '' : ` (HTTP ${status})`}. Ce qui était déjà fait le reste ; rien d’autre ne l’a été.`,
  }),
  members: ({ fault }) => ({ fault }),
  headers: ({ retryAfterSeconds }): Record<string, string> => (retryAfterSeconds === null ? {} : { 'retry-after': String(retryAfterSeconds) }),
})

export const ProviderTimeout = defineProblem<{ afterSeconds: number }>({
  code: 'provider_timeout', status: 504,
  title: { en: 'The model took too long', fr: 'Le modèle a mis trop de temps' },
  detail: ({ afterSeconds }) => ({
    en: `Claude did not answer within ${afterSeconds} s. What was done before stays done; nothing else was.`,
    fr: `Claude n’a pas répondu en ${afterSeconds} s. Ce qui était déjà fait le reste ; rien d’autre ne l’a été.`,
  }),
})
