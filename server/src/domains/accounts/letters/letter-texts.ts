import type { Bilingual } from '../../../platform/text.ts'

/** Letters that carry a link, which proves that whoever opens it reads the mail of that address. */
export const LINKED = ['reset_password', 'verify_email', 'change_email'] as const
/** Letters that tell the owner what was changed, in case it was not them. */
export const NOTICES = ['password_changed', 'email_changed', 'factor_enabled', 'factor_replaced', 'factor_disabled', 'recovery_codes_renewed', 'provider_linked', 'provider_unlinked'] as const

export type LinkedKind = (typeof LINKED)[number]
export type NoticeKind = (typeof NOTICES)[number]
export type LetterKind = LinkedKind | NoticeKind

/** Minutes that a mailed link works. */
export const LINK_MINUTES = 10

/** Where a front end takes the token of each link. Behind the `#` it reaches no server and no log. */
export const LINK_PATHS: Record<LinkedKind, string> = { reset_password: '/reset-password', verify_email: '/verify-email', change_email: '/verify-email' }

type Text = { subject: Bilingual; says: Bilingual }

const TEXTS: Record<LetterKind, Text> = {
  reset_password: {
    subject: { en: 'Set a new password', fr: 'Choisir un nouveau mot de passe' },
    says: {
      en: 'Somebody asked to set a new password for your CHE·NU account. If it was you, open this link:',
      fr: 'Quelqu’un a demandé un nouveau mot de passe pour votre compte CHE·NU. Si c’était vous, ouvrez ce lien :',
    },
  },
  verify_email: {
    subject: { en: 'Confirm your e-mail address', fr: 'Confirmez votre adresse e-mail' },
    says: { en: 'Open this link to confirm that this address is yours:', fr: 'Ouvrez ce lien pour confirmer que cette adresse est la vôtre :' },
  },
  change_email: {
    subject: { en: 'Confirm your new e-mail address', fr: 'Confirmez votre nouvelle adresse e-mail' },
    says: {
      en: 'Open this link to use this address for your CHE·NU account from now on:',
      fr: 'Ouvrez ce lien pour utiliser désormais cette adresse pour votre compte CHE·NU :',
    },
  },
  password_changed: {
    subject: { en: 'Your password was changed', fr: 'Votre mot de passe a été changé' },
    says: {
      en: 'The password of your CHE·NU account was changed, and your other sessions ended. Passkeys, linked providers and API keys still work: look at those, too.',
      fr: 'Le mot de passe de votre compte CHE·NU a été changé, et vos autres sessions sont terminées. Clés d’accès, fournisseurs liés et clés d’API restent valables : vérifiez-les aussi.',
    },
  },
  email_changed: {
    subject: { en: 'Your e-mail address was changed', fr: 'Votre adresse e-mail a été changée' },
    says: { en: 'Your CHE·NU account uses another e-mail address from now on; this one no longer signs in.', fr: 'Votre compte CHE·NU utilise désormais une autre adresse e-mail ; celle-ci ne permet plus de se connecter.' },
  },
  factor_enabled: {
    subject: { en: 'A second factor was added', fr: 'Un second facteur a été ajouté' },
    says: { en: 'Signing in to your CHE·NU account now asks for a code, and your other sessions ended.', fr: 'La connexion à votre compte CHE·NU demande désormais un code, et vos autres sessions sont terminées.' },
  },
  factor_replaced: {
    subject: { en: 'Your second factor was replaced', fr: 'Votre second facteur a été remplacé' },
    says: { en: 'The authenticator of your CHE·NU account was replaced by another one, and your other sessions ended.', fr: 'L’application d’authentification de votre compte CHE·NU a été remplacée, et vos autres sessions sont terminées.' },
  },
  factor_disabled: {
    subject: { en: 'A second factor was removed', fr: 'Un second facteur a été retiré' },
    says: { en: 'Signing in to your CHE·NU account no longer asks for a code, and your other sessions ended.', fr: 'La connexion à votre compte CHE·NU ne demande plus de code, et vos autres sessions sont terminées.' },
  },
  recovery_codes_renewed: {
    subject: { en: 'Your recovery codes were renewed', fr: 'Vos codes de secours ont été renouvelés' },
    says: { en: 'Your CHE·NU account has new recovery codes; the earlier ones no longer work.', fr: 'Votre compte CHE·NU a de nouveaux codes de secours ; les précédents ne fonctionnent plus.' },
  },
  provider_linked: {
    subject: { en: 'A sign-in provider was linked', fr: 'Un fournisseur de connexion a été lié' },
    says: {
      en: 'Your CHE·NU account can now be signed in to with an account at another provider. A new password alone does not end that: look at your linked providers, too.',
      fr: 'On peut désormais se connecter à votre compte CHE·NU avec un compte chez un autre fournisseur. Un nouveau mot de passe seul n’y met pas fin : vérifiez aussi vos fournisseurs liés.',
    },
  },
  provider_unlinked: {
    subject: { en: 'A sign-in provider was taken away', fr: 'Un fournisseur de connexion a été retiré' },
    says: { en: 'An account at another provider no longer signs in to your CHE·NU account.', fr: 'Un compte chez un autre fournisseur ne permet plus de se connecter à votre compte CHE·NU.' },
  },
}

const LINK_NOTE: Bilingual = {
  en: `It works once, for ${LINK_MINUTES} minutes. If it was not you, do nothing: nothing changes.`,
  fr: `Il fonctionne une fois, pendant ${LINK_MINUTES} minutes. Si ce n’était pas vous, ne faites rien : rien ne change.`,
}

const NOTICE_NOTE: Bilingual = {
  en: 'If it was not you, set a new password at once and look at your sessions.',
  fr: 'Si ce n’était pas vous, choisissez tout de suite un nouveau mot de passe et vérifiez vos sessions.',
}

export const isLinked = (kind: string): kind is LinkedKind => (LINKED as readonly string[]).includes(kind)

/** What a letter says; `link` for those that carry one. */
export function letterText(kind: LetterKind, language: keyof Bilingual, link?: string): { subject: string; text: string } {
  const { subject, says } = TEXTS[kind]
  const lines = link === undefined ? [says[language], NOTICE_NOTE[language]] : [says[language], link, LINK_NOTE[language]]
  return { subject: subject[language], text: `${lines.join('\n\n')}\n\nCHE·NU\n` }
}
