import { page, toPage } from '../../platform/http/page.ts'
import { read, write, type Route } from '../../platform/http/route.ts'
import { Budget, ListBudgets } from './contract.ts'
import { lowerBudget } from './lower-budget.ts'
import { periodOf } from './period.ts'
import { presentBudget } from './present.ts'
import { listBudgets } from './queries.ts'
import { setBudget } from './set-budget.ts'

export const routes: Route[] = [
  read('GET /budgets', {
    summary: 'List the budgets of a month that were set or used: the identity’s and its API keys’', input: ListBudgets, output: page(Budget),
    run: async ({ tx, db, identityId, now, platform: { cursors } }, q) => toPage(
      await tx.send(listBudgets(db, identityId, { period: q.period ?? periodOf(now()), after: cursors.decode(q.cursor), limit: q.limit })),
      { limit: q.limit, cursors, keyOf: (row) => row.scope_id, present: presentBudget },
    ),
  }),
  write('PUT /budgets/:scope', setBudget),
  write('POST /budgets/:scope/lower', lowerBudget),
]
