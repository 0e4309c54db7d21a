import { Forbidden, ValidationError } from '../../../platform/problems.ts'

export const NameDiffers = () => ValidationError({ errors: [{ path: 'confirm', message: 'must be the name of the identity, as it is written' }] })

export const OnlyThePerson = () => Forbidden({
  en: 'Only the person asks for the erasure of their own data.',
  fr: 'Seule la personne elle-même demande l’effacement de ses données.',
})
