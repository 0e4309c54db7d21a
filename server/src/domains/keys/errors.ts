import { Conflict, Gone } from '../../platform/problems.ts'

export const TooManyKeys = (limit: number) => Conflict({ en: `This identity has ${limit} live API keys, the most that it may have. Revoke one first.`, fr: `Cette identité a ${limit} clés d’API actives, le maximum. Révoquez-en une d’abord.` })

export const KeyTaken = () => Gone({ en: 'The token of this key was shown already. It is kept nowhere: revoke the key and create another.', fr: 'Le jeton de cette clé a déjà été montré. Il n’est conservé nulle part : révoquez la clé et créez-en une autre.' })

export const KeyOver = () => Gone({ en: 'This key was revoked or has expired.', fr: 'Cette clé a été révoquée ou a expiré.' })
