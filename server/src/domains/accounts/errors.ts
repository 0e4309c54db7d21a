import { defineProblem } from '../../platform/errors.ts'
import { Conflict, Gone } from '../../platform/problems.ts'
import type { Objection } from './passwords/password-rule.ts'

/** The same for an unknown address, a wrong password and a closed account. */
export const InvalidCredentials = defineProblem({
  code: 'invalid_credentials', status: 401,
  title: { en: 'Not signed in', fr: 'Connexion refusée' },
  detail: () => ({ en: 'The e-mail address or the password is not right.', fr: 'L’adresse e-mail ou le mot de passe est incorrect.' }),
  headers: () => ({ 'www-authenticate': 'Bearer' }),
})

export const WrongPassword = defineProblem({
  code: 'wrong_password', status: 403,
  title: { en: 'Wrong password', fr: 'Mot de passe incorrect' },
  detail: () => ({ en: 'The current password is not right; nothing was changed.', fr: 'Le mot de passe actuel est incorrect ; rien n’a été modifié.' }),
})

const OBJECTIONS: Record<Objection, { en: string; fr: string }> = {
  common: { en: 'That password is on the list of common ones; choose another.', fr: 'Ce mot de passe figure parmi les plus courants ; choisissez-en un autre.' },
  product: { en: 'A password may not hold the name of this product.', fr: 'Un mot de passe ne peut pas contenir le nom de ce produit.' },
  personal: { en: 'A password may not hold a word of your e-mail address.', fr: 'Un mot de passe ne peut pas contenir un mot de votre adresse e-mail.' },
}

export const PasswordRefused = defineProblem<{ path: string; objection: Objection }>({
  code: 'password_too_common', status: 422,
  title: { en: 'Choose another password', fr: 'Choisissez un autre mot de passe' },
  detail: ({ objection }) => OBJECTIONS[objection],
  members: ({ path, objection }) => ({ errors: [{ path, message: OBJECTIONS[objection].en }] }),
})

export const EmailTaken = () => Conflict({
  en: 'An account with this e-mail address exists already. Sign in instead.',
  fr: 'Un compte existe déjà avec cette adresse e-mail. Connectez-vous plutôt.',
})

export const PasswordChangedMeanwhile = () => Conflict({ en: 'The password was changed meanwhile.', fr: 'Le mot de passe a été changé entre-temps.' })

export const AlreadyVerified = () => Conflict({ en: 'Your e-mail address is verified already.', fr: 'Votre adresse e-mail est déjà vérifiée.' })

/** The same for a token that was used, is over, or never was one. */
export const LinkOver = () => Gone({
  en: 'This link was used already, or is more than 10 minutes old. Ask for another one.',
  fr: 'Ce lien a déjà servi ou date de plus de 10 minutes. Demandez-en un autre.',
})

export const SessionEnded = () => Gone({ en: 'That session has ended already.', fr: 'Cette session est déjà terminée.' })
