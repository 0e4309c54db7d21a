import { Conflict } from '../../platform/problems.ts'

export const NameTaken = () => Conflict({
  en: 'You have an identity of that type and name already, perhaps an archived one.',
  fr: 'Vous avez déjà une identité de ce type et de ce nom, peut-être archivée.',
})

export const TooManyIdentities = (limit: number) => Conflict({
  en: `You have ${limit} identities, the most that one person may have.`,
  fr: `Vous avez ${limit} identités, le maximum pour une personne.`,
})

export const DefaultStays = () => Conflict({ en: 'Your default identity cannot be archived.', fr: 'Votre identité par défaut ne peut pas être archivée.' })

export const CurrentStays = () => Conflict({
  en: 'That identity is the one you act as. Switch to another first.',
  fr: 'Vous agissez sous cette identité. Passez d’abord à une autre.',
})

export const IdentityArchivedAlready = () => Conflict({ en: 'That identity is archived.', fr: 'Cette identité est archivée.' })

export const IdentityNotArchived = () => Conflict({ en: 'That identity is not archived.', fr: 'Cette identité n’est pas archivée.' })
