import { defineProblem, type Problem } from '../../../platform/errors.ts'

export const FourEyes = defineProblem({
  code: 'four_eyes', status: 403,
  title: { en: 'Somebody else decides', fr: 'Quelqu’un d’autre décide' },
  detail: () => ({
    en: 'You asked for this yourself, and the rule wants somebody else to decide. You may take it back (DELETE).',
    fr: 'Vous l’avez demandé vous-même, et la règle veut que quelqu’un d’autre décide. Vous pouvez le retirer (DELETE).',
  }),
})

export const NotADecider = defineProblem({
  code: 'not_a_decider', status: 403,
  title: { en: 'Not yours to decide', fr: 'Pas à vous de décider' },
  detail: () => ({ en: 'The rule names other people to decide this checkpoint.', fr: 'La règle désigne d’autres personnes pour décider de ce point de contrôle.' }),
})

export const NoRobot = defineProblem({
  code: 'no_robot_approves', status: 403,
  title: { en: 'A person decides', fr: 'Une personne décide' },
  detail: () => ({
    en: 'Only a person in a session of their own decides. An agent, a key or an automation may give advice.',
    fr: 'Seule une personne, dans sa propre session, décide. Un agent, une clé ou une automatisation peut donner un avis.',
  }),
})

export const Unmeetable = defineProblem<{ needed: number; found: number }>({
  code: 'unmeetable', status: 422,
  title: { en: 'Nobody could meet this', fr: 'Personne ne pourrait y satisfaire' },
  detail: ({ needed, found }) => ({
    en: `The rule wants ${needed} to approve, and ${found} may. Name a role that enough people have, or ask for fewer.`,
    fr: `La règle exige ${needed} approbations, et ${found} personne(s) peuvent en donner. Désignez un rôle que suffisamment de personnes ont, ou exigez-en moins.`,
  }),
  members: ({ needed, found }) => ({ needed, found }),
})

export const WouldCycle = defineProblem({
  code: 'delegation_cycle', status: 409,
  title: { en: 'Delegation would go round', fr: 'Délégation en boucle' },
  detail: () => ({
    en: 'What you would delegate comes back to you: that person delegates to you, directly or through others.',
    fr: 'Ce que vous délégueriez vous reviendrait : cette personne vous délègue, directement ou par d’autres.',
  }),
})

export const BatchRefused = defineProblem<{ id: string; problem: Problem }>({
  code: 'batch_refused', status: 409,
  title: { en: 'Nothing was decided', fr: 'Rien n’a été décidé' },
  detail: ({ id, problem }) => ({
    en: `All or nothing: checkpoint ${id} refused, so none was decided. ${problem.detail().en}`,
    fr: `Tout ou rien : le point de contrôle ${id} a refusé, donc aucun n’a été décidé. ${problem.detail().fr}`,
  }),
  members: ({ id, problem }) => ({ refused: { id, code: problem.code, status: problem.status } }),
})

export const AdviceOnly = defineProblem({
  code: 'advice_only', status: 403,
  title: { en: 'Advice comes from agents', fr: 'Les avis viennent des agents' },
  detail: () => ({ en: 'A person decides instead: approve or reject it.', fr: 'Une personne décide plutôt : approuvez ou refusez.' }),
})
