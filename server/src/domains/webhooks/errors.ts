import { defineProblem } from '../../platform/errors.ts'
import { Conflict, Gone } from '../../platform/problems.ts'
import { ENDPOINTS_MAX } from './contract.ts'

const FAULTS: Record<string, { en: string; fr: string }> = {
  malformed: { en: 'It is not a URL.', fr: 'Ce n’est pas une URL.' },
  scheme: { en: 'It must begin with https://.', fr: 'Elle doit commencer par https://.' },
  credentials: { en: 'It must not hold a name or password.', fr: 'Elle ne doit contenir ni nom ni mot de passe.' },
  port: { en: 'Its port must be 443 or 8443.', fr: 'Son port doit être 443 ou 8443.' },
  host: { en: 'Its host must be a name on the internet.', fr: 'Son hôte doit être un nom sur Internet.' },
  address: { en: 'Its address is not one of the internet.', fr: 'Son adresse n’est pas une adresse d’Internet.' },
  too_long: { en: 'It is too long.', fr: 'Elle est trop longue.' },
}

export const UnsafeUrl = defineProblem<{ fault: string }>({
  code: 'unsafe_url', status: 400,
  title: { en: 'Not an address to deliver to', fr: 'Adresse de livraison refusée' },
  detail: ({ fault }) => FAULTS[fault] ?? { en: 'It cannot be delivered to.', fr: 'Aucune livraison n’y est possible.' },
  members: ({ fault }) => ({ fault }),
})

export const UnsafeHeader = defineProblem<{ name: string; fault: 'name' | 'value' | 'forbidden' }>({
  code: 'unsafe_header', status: 400,
  title: { en: 'Not a header to send', fr: 'En-tête refusé' },
  detail: ({ fault }) => ({
    name: { en: 'A header’s name may hold letters, digits and hyphens only.', fr: 'Le nom d’un en-tête ne peut contenir que des lettres, des chiffres et des traits d’union.' },
    value: { en: 'A header’s value must be one line of plain characters.', fr: 'La valeur d’un en-tête doit tenir sur une ligne de caractères simples.' },
    forbidden: { en: 'That header is set by the delivery itself, or may not be sent.', fr: 'Cet en-tête est défini par la livraison elle-même, ou ne peut pas être envoyé.' },
  })[fault],
  members: ({ fault }) => ({ fault }),
})

export const TooManyEndpoints = () => Conflict({ en: `An identity has at most ${ENDPOINTS_MAX} webhooks. Delete one first.`, fr: `Une identité a au plus ${ENDPOINTS_MAX} webhooks. Supprimez-en un d’abord.` })

export const EndpointDisabled = () => Conflict({ en: 'That webhook is disabled. Enable it first.', fr: 'Ce webhook est désactivé. Activez-le d’abord.' })

export const NotSettled = () => Conflict({ en: 'That delivery is still on its way.', fr: 'Cette livraison est encore en cours.' })

export const SecretShown = () => Gone({
  en: 'That secret was shown already. Ask for a new one (POST /webhooks/{id}/rotate).',
  fr: 'Ce secret a déjà été montré. Demandez-en un nouveau (POST /webhooks/{id}/rotate).',
})
