import { defineProblem } from '../../platform/errors.ts'
import type { Bilingual } from '../../platform/text.ts'
import type { Limit } from './conversation/limits.ts'

export const NotUnderstood = defineProblem<{ abilities: Bilingual }>({
  code: 'not_understood', status: 422,
  title: { en: 'Not understood', fr: 'Pas compris' },
  detail: ({ abilities }) => ({
    en: `Nothing was done. I understand commands such as:\n${abilities.en}`,
    fr: `Rien n’a été fait. Je comprends des commandes comme :\n${abilities.fr}`,
  }),
})

export const Unclear = defineProblem<{ ask: Bilingual; candidates: string[]; missing: string[] }>({
  code: 'unclear', status: 422,
  title: { en: 'Please say which', fr: 'Précisez, s’il vous plaît' },
  detail: ({ ask }) => ({ en: `Nothing was done. ${ask.en}`, fr: `Rien n’a été fait. ${ask.fr}` }),
  members: ({ candidates, missing }) => ({ candidates, missing }),
})

const MOODS: Record<string, Bilingual> = {
  negation: { en: 'says what not to do', fr: 'dit ce qu’il ne faut pas faire' },
  report: { en: 'tells what happened or will happen', fr: 'raconte ce qui s’est passé ou se passera' },
  condition: { en: 'depends on a condition', fr: 'dépend d’une condition' },
  quotation: { en: 'quotes somebody', fr: 'cite quelqu’un' },
  question: { en: 'is a question', fr: 'est une question' },
}

export const NotACommand = defineProblem<{ mood: string }>({
  code: 'not_a_command', status: 422,
  title: { en: 'Not a command', fr: 'Ce n’est pas une commande' },
  detail: ({ mood }) => ({
    en: `Nothing was done: your sentence ${MOODS[mood]?.en ?? 'is no command'}.`,
    fr: `Rien n’a été fait : votre phrase ${MOODS[mood]?.fr ?? 'n’est pas une commande'}.`,
  }),
  members: ({ mood }) => ({ mood }),
})

export const EmptyQuery = defineProblem({
  code: 'empty_query', status: 422,
  title: { en: 'Nothing to do', fr: 'Rien à faire' },
  detail: () => ({ en: 'Give a message or an action.', fr: 'Donnez un message ou une action.' }),
})

const LIMITS: Record<Limit, Bilingual> = {
  steps: { en: 'as many steps as a run may take', fr: 'autant d’étapes qu’une exécution peut en prendre' },
  time: { en: 'as long as a run may take', fr: 'aussi longtemps qu’une exécution peut durer' },
  tokens: { en: 'as many tokens as a run may use', fr: 'autant de jetons qu’une exécution peut en utiliser' },
  size: { en: 'more text than a run may hold', fr: 'plus de texte qu’une exécution peut en contenir' },
}

export const RunLimit = defineProblem<{ limit: Limit; runId: string }>({
  code: 'run_limit', status: 422,
  title: { en: 'Stopped at a limit', fr: 'Arrêté à une limite' },
  detail: ({ limit, runId }) => ({
    en: `Nova was stopped: it took ${LIMITS[limit].en}. What was done until then stays done and is listed in run ${runId}. Ask for less at once.`,
    fr: `Nova a été arrêtée : il lui a fallu ${LIMITS[limit].fr}. Ce qui était fait le reste et figure dans l’exécution ${runId}. Demandez-en moins à la fois.`,
  }),
  members: ({ limit, runId }) => ({ limit, run_id: runId }),
})
