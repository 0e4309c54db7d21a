import { defineProblem } from '../../platform/errors.ts'
import { Conflict } from '../../platform/problems.ts'

/** Where credits are counted: over an identity, or over one API key. */
export const BUDGET_SCOPES = ['identity', 'api_key'] as const
export type BudgetScope = (typeof BUDGET_SCOPES)[number]

export const BudgetExceeded = defineProblem<{ scope: BudgetScope; retryAfterSeconds: number }>({
  code: 'budget_exceeded', status: 429,
  title: { en: 'Budget used up', fr: 'Budget épuisé' },
  detail: ({ scope }) => ({
    en: `Nothing was done: the credits of this ${scope === 'identity' ? 'identity' : 'API key'} for this month do not suffice. Raise its budget (PUT /api/v2/budgets/${scope}), or wait for the next month.`,
    fr: `Rien n’a été fait : les crédits de cette ${scope === 'identity' ? 'identité' : 'clé d’API'} pour ce mois ne suffisent pas. Augmentez son budget (PUT /api/v2/budgets/${scope}), ou attendez le mois prochain.`,
  }),
  members: ({ scope }) => ({ scope, violated_policies: ['budget'] }),
  headers: ({ retryAfterSeconds }) => ({ 'retry-after': String(retryAfterSeconds), ratelimit: `"budget";r=0;t=${retryAfterSeconds}` }),
})

export const NotLower = () => Conflict({ en: 'That would not lower the budget. Raising it is PUT /api/v2/budgets/{scope}, and waits for your approval.', fr: 'Cela n’abaisserait pas le budget. Pour l’augmenter : PUT /api/v2/budgets/{scope}, soumis à votre approbation.' })
