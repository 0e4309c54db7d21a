import { defineAction } from '../../platform/action.ts'
import { emit } from '../../platform/events/emit.ts'
import { keyOf, scopeIdOf } from './budget-key.ts'
import { Budget, SetBudget } from './contract.ts'
import { BudgetChanged } from './events.ts'
import { periodOf } from './period.ts'
import { presentBudget } from './present.ts'
import { putBudget } from './queries.ts'

/** Sets what agents may spend in a month, from this one on. Power over money is a grant: it waits for the person, always. */
export const setBudget = defineAction({
  name: 'budgets.set', effect: 'GRANT', keys: false, input: SetBudget, output: Budget,
  title: { en: 'Set a monthly budget', fr: 'Fixer un budget mensuel' },
  summary: ({ scope, key_id, credits }, titleOf) => (scope === 'api_key'
    ? { en: `Let the API key “${titleOf(key_id ?? '')}” spend ${credits} credits a month`, fr: `Permettre à la clé d’API « ${titleOf(key_id ?? '')} » de dépenser ${credits} crédits par mois` }
    : { en: `Let agents of this identity spend ${credits} credits a month`, fr: `Permettre aux agents de cette identité de dépenser ${credits} crédits par mois` }),
  touches: keyOf,
  async check(tx, given) { scopeIdOf(given, tx.identityId) },
  async run(tx, given) {
    const scopeId = scopeIdOf(given, tx.identityId)
    const [row] = await tx.send(putBudget(tx.db, tx.identityId, { scope: given.scope, scopeId, period: periodOf(tx.now()), credits: given.credits }))
    if (!row) throw new Error('A budget is written or found')
    emit(tx, BudgetChanged, { scope: given.scope, scope_id: scopeId, credits: given.credits })
    return presentBudget(row)
  },
})
