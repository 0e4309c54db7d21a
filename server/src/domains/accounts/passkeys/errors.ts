import { defineProblem } from '../../../platform/errors.ts'
import { Conflict, NotConfigured } from '../../../platform/problems.ts'

/** The same for every answer that is not the right one: unknown, forged, stale, of another site or another person. */
export const PasskeyRefused = defineProblem({
  code: 'passkey_refused', status: 401,
  title: { en: 'Passkey refused', fr: 'Clé d’accès refusée' },
  detail: () => ({ en: 'That passkey did not sign this request. Begin again.', fr: 'Cette clé d’accès n’a pas signé cette demande. Recommencez.' }),
})

export const PasskeysNotConfigured = () => NotConfigured({
  setting: 'PUBLIC_URL', en: 'Passkeys belong to an address: set PUBLIC_URL to the one at which people open this instance.', fr: 'Les clés d’accès appartiennent à une adresse : définissez PUBLIC_URL sur celle où les gens ouvrent cette instance.',
})

export const PasskeyKnown = () => Conflict({ en: 'That passkey is registered already.', fr: 'Cette clé d’accès est déjà enregistrée.' })

export const TooManyPasskeys = (limit: number) => Conflict({ en: `An account has at most ${limit} passkeys.`, fr: `Un compte a au plus ${limit} clés d’accès.` })
