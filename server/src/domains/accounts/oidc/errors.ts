import { defineProblem } from '../../../platform/errors.ts'
import { Conflict, NotConfigured, NotFound } from '../../../platform/problems.ts'

const invalid = (en: string, fr: string) => ({ en, fr })

/** `because` is a fixed word of ours; nothing that the provider or a client said stands in it. */
export const FederationRefused = defineProblem<{ because: 'redirect' | 'flow' | 'provider' }>({
  code: 'federation_refused', status: 400,
  title: { en: 'Sign-in refused', fr: 'Connexion refusée' },
  detail: ({ because }) => ({
    redirect: invalid('That redirect address is not one of this instance.', 'Cette adresse de redirection n’est pas de cette instance.'),
    flow: invalid('This sign-in was not begun here, is over or was used. Begin again.', 'Cette connexion n’a pas été commencée ici, est terminée ou a déjà servi. Recommencez.'),
    provider: invalid('The provider did not confirm this sign-in. Begin again.', 'Le fournisseur n’a pas confirmé cette connexion. Recommencez.'),
  })[because],
})

export const ProviderDown = defineProblem({
  code: 'identity_provider_error', status: 502,
  title: { en: 'The sign-in provider does not answer', fr: 'Le fournisseur de connexion ne répond pas' },
  detail: () => ({ en: 'Nobody was signed in. Try again later, or sign in with your password.', fr: 'Personne n’a été connecté. Réessayez plus tard, ou connectez-vous avec votre mot de passe.' }),
  headers: () => ({ 'retry-after': '5' }),
})

/** Never by the address alone: whoever holds it there is not whoever holds the account here. */
export const LinkFirst = defineProblem({
  code: 'link_required', status: 409,
  title: { en: 'Link the account first', fr: 'Liez d’abord le compte' },
  detail: () => ({
    en: 'Sign in the way you did before and link this provider there (POST /api/v2/auth/oauth/{provider}/link), or have the provider confirm your e-mail address.',
    fr: 'Connectez-vous comme auparavant et liez ce fournisseur (POST /api/v2/auth/oauth/{provider}/link), ou faites confirmer votre adresse e-mail par le fournisseur.',
  }),
})

export const LinkedElsewhere = () => Conflict({ en: 'That account is linked to another person here.', fr: 'Ce compte est lié à une autre personne ici.' })

export const UnknownProvider = () => NotFound({ en: 'There is no such sign-in provider; see OIDC_PROVIDERS.', fr: 'Ce fournisseur de connexion n’existe pas ; voir OIDC_PROVIDERS.' })

export const RedirectsNotConfigured = () => NotConfigured({
  setting: 'OIDC_REDIRECT_URIS', en: 'Signing in with a provider needs an address to come back to: set OIDC_REDIRECT_URIS.', fr: 'La connexion par un fournisseur demande une adresse de retour : définissez OIDC_REDIRECT_URIS.',
})
