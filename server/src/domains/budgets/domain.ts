import type { AnyAction } from '../../platform/action.ts'
import type { Platform } from '../../platform/ctx.ts'
import type { Domain } from '../../platform/domain.ts'
import { budgetJobs } from './jobs.ts'
import { lowerBudget } from './lower-budget.ts'
import { routes } from './routes.ts'
import { setBudget } from './set-budget.ts'

export const budgets = (platform: Platform): Domain => ({
  name: 'budgets', tables: ['budgets', 'budget_reservations'], uses: ['audit'], reads: ['api_keys'],
  actions: [setBudget, lowerBudget] as unknown as AnyAction[], routes, jobs: budgetJobs(platform),
})
