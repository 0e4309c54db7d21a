import type { Platform } from '../../platform/ctx.ts'
import type { Job } from '../../platform/jobs/job.ts'
import { untilNone } from '../../platform/jobs/until-none.ts'
import type { Courier } from './delivery/courier.ts'
import { deleteOldDeliveries } from './queries.ts'

const DAYS = 30
const DAY_MS = 24 * 3_600_000
const BATCH = 1_000

/** Forgets deliveries of more than 30 days ago, at most 1,000 a call; how many. */
export const forgetDeliveries = async ({ store, clock }: Pick<Platform, 'store' | 'clock'>): Promise<number> =>
  (await store.within({ service: 'webhooks' }, (tx) => tx.send(deleteOldDeliveries(tx.db, new Date(clock.now().getTime() - DAYS * DAY_MS), BATCH)))).length

/** The safety sweep: what a commit's own wake missed, what is due again, and what a worker that is gone left behind. */
export const webhookJobs = (platform: Platform, courier: Pick<Courier, 'sweep'>): Job[] => [
  { name: 'webhooks.deliver', cron: '* * * * *', run: () => courier.sweep() },
  { name: 'webhooks.forget', cron: '7 4 * * *', run: (_data, signal) => untilNone(() => forgetDeliveries(platform), signal) },
]
