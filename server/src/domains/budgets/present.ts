import type { z } from 'zod'
import type { Budget } from './contract.ts'
import type { BudgetScope } from './errors.ts'
import type { BudgetRow } from './queries.ts'

export function presentBudget(row: BudgetRow): z.input<typeof Budget> {
  const [credits, used, reserved] = [Number(row.credit_limit), Number(row.used), Number(row.reserved)]
  return { scope: row.scope as BudgetScope, scope_id: row.scope_id, period: row.period, credits, used, reserved, left: Math.max(0, credits - used - reserved) }
}
