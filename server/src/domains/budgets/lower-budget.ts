import { defineAction } from '../../platform/action.ts'
import { emit } from '../../platform/events/emit.ts'
import { keyOf, scopeIdOf } from './budget-key.ts'
import { Budget, SetBudget } from './contract.ts'
import { NotLower } from './errors.ts'
import { BudgetChanged } from './events.ts'
import { periodOf } from './period.ts'
import { presentBudget } from './present.ts'
import { findBudget, putBudget } from './queries.ts'

/** Lowers a monthly budget at once: to take power away nobody has to wait. */
export const lowerBudget = defineAction({
  name: 'budgets.lower', effect: 'UPDATE', reversible: false, keys: false, input: SetBudget, output: Budget,
  title: { en: 'Lower a monthly budget', fr: 'Abaisser un budget mensuel' },
  summary: ({ credits }) => ({ en: `Lower the monthly budget to ${credits} credits`, fr: `Abaisser le budget mensuel à ${credits} crédits` }),
  touches: keyOf,
  async run(tx, given) {
    const scopeId = scopeIdOf(given, tx.identityId)
    const [now] = await tx.send(findBudget(tx.db, tx.identityId, { scope: given.scope, scopeId }))
    // A key without a budget of its own may spend all of its identity's: any limit is less.
    const limit = now ? Number(now.credit_limit) : given.scope === 'identity' ? tx.settings.BUDGET_CREDITS : Infinity
    if (given.credits >= limit) throw NotLower()
    const [row] = await tx.send(putBudget(tx.db, tx.identityId, { scope: given.scope, scopeId, period: periodOf(tx.now()), credits: given.credits }))
    if (!row) throw new Error('A budget is written or found')
    emit(tx, BudgetChanged, { scope: given.scope, scope_id: scopeId, credits: given.credits })
    return presentBudget(row)
  },
})
