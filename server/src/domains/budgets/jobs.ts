import type { Platform } from '../../platform/ctx.ts'
import type { Job } from '../../platform/jobs/job.ts'
import { untilNone } from '../../platform/jobs/until-none.ts'
import { expireReservations, forgetReservations } from './expire-reservations.ts'

export const budgetJobs = ({ store, clock }: Pick<Platform, 'store' | 'clock'>): Job[] => [
  { name: 'budgets.expire', cron: '* * * * *', run: (_data, signal) => untilNone(() => expireReservations(store, clock.now()), signal) },
  { name: 'budgets.forget', cron: '37 3 * * *', run: (_data, signal) => untilNone(() => forgetReservations(store, clock.now()), signal) },
]
