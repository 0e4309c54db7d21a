import { defineProblem } from './errors.ts'

export type FieldError = { path: string; message: string }

export const MalformedRequest = defineProblem<{ en: string; fr: string }>({
  code: 'malformed_request', status: 400,
  title: { en: 'Malformed request', fr: 'Requête mal formée' },
  detail: (sentence) => sentence,
})

export const Unauthenticated = defineProblem({
  code: 'invalid_token', status: 401,
  title: { en: 'Not signed in', fr: 'Non authentifié' },
  detail: () => ({
    en: 'A valid access token is required in the Authorization header.',
    fr: 'Un jeton d’accès valide est requis dans l’en-tête Authorization.',
  }),
  headers: () => ({ 'www-authenticate': 'Bearer error="invalid_token"' }),
})

export const Forbidden = defineProblem<{ en: string; fr: string }>({
  code: 'forbidden', status: 403,
  title: { en: 'Not allowed', fr: 'Interdit' },
  detail: (sentence) => sentence,
})

/** An API key that may not; null for what no key may do, whatever its scopes. */
export const InsufficientScope = defineProblem<{ scope: string | null }>({
  code: 'insufficient_scope', status: 403,
  title: { en: 'Not for this key', fr: 'Clé insuffisante' },
  detail: ({ scope }) => (scope === null
    ? { en: 'No API key may do that: it takes a person who is signed in.', fr: 'Aucune clé d’API ne le peut : il faut une personne connectée.' }
    : { en: `This API key lacks the scope ${scope}.`, fr: `Il manque à cette clé d’API la portée ${scope}.` }),
  members: ({ scope }) => ({ scope }),
  headers: ({ scope }) => ({ 'www-authenticate': `Bearer error="insufficient_scope"${scope === null ? '' : `, scope="${scope}"`}` }),
})

export const NotFound = defineProblem<{ en: string; fr: string } | void>({
  code: 'not_found', status: 404,
  title: { en: 'Not found', fr: 'Introuvable' },
  detail: (sentence) => sentence ?? { en: 'Nothing exists at this address.', fr: 'Rien n’existe à cette adresse.' },
})

export const MethodNotAllowed = defineProblem<{ allow: string[] }>({
  code: 'method_not_allowed', status: 405,
  title: { en: 'Method not allowed', fr: 'Méthode non permise' },
  detail: ({ allow }) => ({
    en: `This address answers to ${allow.join(', ')} only.`,
    fr: `Cette adresse ne répond qu’à ${allow.join(', ')}.`,
  }),
  headers: ({ allow }) => ({ allow: allow.join(', ') }),
})

export const NotAcceptable = defineProblem({
  code: 'not_acceptable', status: 406,
  title: { en: 'Not acceptable', fr: 'Format non disponible' },
  detail: () => ({ en: 'This address answers in JSON.', fr: 'Cette adresse répond en JSON.' }),
})

export const RequestTimeout = defineProblem({
  code: 'request_timeout', status: 408,
  title: { en: 'Request too slow', fr: 'Requête trop lente' },
  detail: () => ({ en: 'The request did not arrive in time.', fr: 'La requête n’est pas arrivée à temps.' }),
})

export const Conflict = defineProblem<{ en: string; fr: string }>({
  code: 'conflict', status: 409,
  title: { en: 'Conflict', fr: 'Conflit' },
  detail: (sentence) => sentence,
})

export const Gone = defineProblem<{ en: string; fr: string }>({
  code: 'gone', status: 410,
  title: { en: 'Gone', fr: 'N’est plus disponible' },
  detail: (sentence) => sentence,
})

export const Binned = defineProblem({
  code: 'binned', status: 410,
  title: { en: 'In the bin', fr: 'Dans la corbeille' },
  detail: () => ({ en: 'That lies in the bin; restore it first.', fr: 'Cet élément est dans la corbeille ; restaurez-le d’abord.' }),
})

export const NotBinned = defineProblem({
  code: 'not_binned', status: 409,
  title: { en: 'Not in the bin', fr: 'Pas dans la corbeille' },
  detail: () => ({ en: 'That does not lie in the bin.', fr: 'Cet élément n’est pas dans la corbeille.' }),
})

export const PayloadTooLarge = defineProblem<{ limitBytes: number }>({
  code: 'payload_too_large', status: 413,
  title: { en: 'Too large', fr: 'Trop volumineux' },
  detail: ({ limitBytes }) => ({
    en: `The body may hold at most ${limitBytes} bytes.`,
    fr: `Le corps peut contenir au plus ${limitBytes} octets.`,
  }),
})

export const UnsupportedMediaType = defineProblem({
  code: 'unsupported_media_type', status: 415,
  title: { en: 'Unsupported media type', fr: 'Type de contenu non pris en charge' },
  detail: () => ({ en: 'Send the body as application/json.', fr: 'Envoyez le corps en application/json.' }),
})

export const MisdirectedRequest = defineProblem({
  code: 'misdirected_request', status: 421,
  title: { en: 'Misdirected request', fr: 'Requête mal dirigée' },
  detail: () => ({ en: 'This server does not answer for that host.', fr: 'Ce serveur ne répond pas pour cet hôte.' }),
})

export const ValidationError = defineProblem<{ errors: FieldError[] }>({
  code: 'validation_error', status: 422,
  title: { en: 'Not valid', fr: 'Non valide' },
  detail: ({ errors }) => ({
    en: `Please correct: ${errors.map((e) => e.path || 'body').join(', ')}.`,
    fr: `À corriger : ${errors.map((e) => e.path || 'corps').join(', ')}.`,
  }),
  members: ({ errors }) => ({ errors }),
})

export const RateLimited = defineProblem<{ policy: string; retryAfterSeconds: number }>({
  code: 'rate_limited', status: 429,
  title: { en: 'Too many requests', fr: 'Trop de requêtes' },
  detail: ({ retryAfterSeconds }) => ({
    en: `Wait ${retryAfterSeconds} s, then try again.`,
    fr: `Attendez ${retryAfterSeconds} s, puis réessayez.`,
  }),
  members: ({ policy }) => ({ violated_policies: [policy] }),
  headers: ({ retryAfterSeconds }) => ({ 'retry-after': String(retryAfterSeconds) }),
})

export const RequestHeadersTooLarge = defineProblem({
  code: 'headers_too_large', status: 431,
  title: { en: 'Headers too large', fr: 'En-têtes trop volumineux' },
  detail: () => ({ en: 'Send fewer or shorter headers.', fr: 'Envoyez des en-têtes moins nombreux ou plus courts.' }),
})

export const InternalError = defineProblem({
  code: 'internal_error', status: 500,
  title: { en: 'Our mistake', fr: 'Notre erreur' },
  detail: () => ({
    en: 'Something failed on our side. Nothing was changed. Give the request id to whoever runs this instance.',
    fr: 'Une erreur est survenue de notre côté. Rien n’a été modifié. Donnez l’identifiant de requête à la personne qui gère cette instance.',
  }),
})

export const NotConfigured = defineProblem<{ setting: string; en: string; fr: string }>({
  code: 'not_configured', status: 503,
  title: { en: 'Not configured', fr: 'Non configuré' },
  detail: ({ en, fr }) => ({ en, fr }),
  members: ({ setting }) => ({ setting }),
})

export const ServiceUnavailable = defineProblem<{ retryAfterSeconds: number }>({
  code: 'unavailable', status: 503,
  title: { en: 'Not available just now', fr: 'Indisponible pour le moment' },
  detail: ({ retryAfterSeconds }) => ({
    en: `Try again in ${retryAfterSeconds} s; with the same Idempotency-Key nothing happens twice.`,
    fr: `Réessayez dans ${retryAfterSeconds} s ; avec la même Idempotency-Key, rien n’arrive deux fois.`,
  }),
  headers: ({ retryAfterSeconds }) => ({ 'retry-after': String(retryAfterSeconds) }),
})

export const DatabaseTimeout = defineProblem({
  code: 'timeout', status: 504,
  title: { en: 'Took too long', fr: 'Trop long' },
  detail: () => ({ en: 'Nothing was changed. Try again.', fr: 'Rien n’a été modifié. Réessayez.' }),
  headers: () => ({ 'retry-after': '2' }),
})

export const StorageFull = defineProblem({
  code: 'storage_full', status: 507,
  title: { en: 'No space left', fr: 'Plus d’espace disponible' },
  detail: () => ({ en: 'Nothing was changed.', fr: 'Rien n’a été modifié.' }),
})
