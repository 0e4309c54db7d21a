import { Conflict, NotConfigured, NotFound } from '../../platform/problems.ts'

export const NobodyCalled = ({ to }: { to: string }) => NotFound({
  en: `None of your contacts is called “${to}”. Name one of them, give its id, or an e-mail address.`,
  fr: `Aucun de vos contacts ne s’appelle « ${to} ». Nommez l’un d’eux, donnez son identifiant ou une adresse e-mail.`,
})

export const WithoutAddress = ({ name }: { name: string }) => Conflict({
  en: `Your contact “${name}” has no e-mail address. Add one, or give an address.`,
  fr: `Votre contact « ${name} » n’a pas d’adresse e-mail. Ajoutez-en une, ou donnez une adresse.`,
})

export const OtherAddress = ({ name }: { name: string }) => Conflict({
  en: `Your contact “${name}” has another e-mail address than that. Ask again with its name.`,
  fr: `Votre contact « ${name} » a une autre adresse e-mail que celle-ci. Redemandez avec son nom.`,
})

export const NoWayOut = () => NotConfigured({
  setting: 'SMTP_URL',
  en: 'Nobody here has that address, and this instance sends no e-mail: whoever runs it sets SMTP_URL.',
  fr: 'Personne ici n’a cette adresse, et cette instance n’envoie pas d’e-mails : la personne qui la gère doit définir SMTP_URL.',
})
