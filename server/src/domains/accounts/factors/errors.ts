import { defineProblem } from '../../../platform/errors.ts'
import { Conflict, Gone } from '../../../platform/problems.ts'

/** The same for a wrong code, one that was used, one of another step and one of another person. */
export const WrongCode = defineProblem({
  code: 'wrong_code', status: 401,
  title: { en: 'Wrong code', fr: 'Code incorrect' },
  detail: () => ({
    en: 'That code is not right, or was used already. Wait for the next one of your authenticator, or take a recovery code.',
    fr: 'Ce code est incorrect ou a déjà servi. Attendez le suivant de votre application, ou prenez un code de secours.',
  }),
})

/** The same for a token that is none, is another’s, is over or was used. */
export const InvalidChallenge = defineProblem({
  code: 'invalid_challenge', status: 401,
  title: { en: 'Sign in again', fr: 'Connectez-vous à nouveau' },
  detail: () => ({ en: 'This sign-in is over. Begin again with your password.', fr: 'Cette connexion n’est plus valable. Recommencez avec votre mot de passe.' }),
})

export const ReauthRequired = defineProblem({
  code: 'reauth_required', status: 403,
  title: { en: 'Enter your password again', fr: 'Saisissez à nouveau votre mot de passe' },
  detail: () => ({
    en: 'You signed in more than 5 minutes ago, or have a second factor already: send your password with this request.',
    fr: 'Votre connexion date de plus de 5 minutes, ou vous avez déjà un second facteur : envoyez votre mot de passe avec cette requête.',
  }),
})

export const NoFactor = () => Conflict({ en: 'You have no second factor. Set one up first.', fr: 'Vous n’avez pas de second facteur. Configurez-en un d’abord.' })

export const SetupOver = () => Gone({ en: 'There is no setup to finish: it was finished, or begun more than 10 minutes ago. Begin again.', fr: 'Aucune configuration à terminer : elle est terminée ou date de plus de 10 minutes. Recommencez.' })
