import type { Problem } from '../../platform/errors.ts'
import { BudgetExceeded, type BudgetScope } from './errors.ts'
import { secondsToNextPeriod } from './period.ts'

/** What the database refused for want of credits, as a problem; anything else as it came. */
export function asBudgetExceeded(error: unknown, now: Date): unknown {
  const { code, detail } = (error ?? {}) as { code?: unknown; detail?: unknown }
  return code === 'CB429' ? exceeded(detail === 'api_key' ? 'api_key' : 'identity', now) : error
}

export const exceeded = (scope: BudgetScope, now: Date): Problem => BudgetExceeded({ scope, retryAfterSeconds: secondsToNextPeriod(now) })
