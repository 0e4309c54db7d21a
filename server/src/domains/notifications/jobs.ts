import type { Platform } from '../../platform/ctx.ts'
import type { Job } from '../../platform/jobs/job.ts'
import { untilNone } from '../../platform/jobs/until-none.ts'
import type { Postman } from './mail/postman.ts'
import { deleteOldNotifications } from './queries.ts'

const DAYS = 90
const DAY_MS = 24 * 3_600_000
const BATCH = 1_000

/** Forgets notifications of more than 90 days ago, at most 1,000 a call; how many. What happened stays in the record. */
export const forgetNotifications = async ({ store, clock }: Pick<Platform, 'store' | 'clock'>): Promise<number> =>
  (await store.within({ service: 'notifications' }, (tx) => tx.send(deleteOldNotifications(tx.db, new Date(clock.now().getTime() - DAYS * DAY_MS), BATCH)))).length

export const notificationJobs = (platform: Platform, postman: Pick<Postman, 'sweep'>): Job[] => [
  { name: 'notifications.mail', cron: '* * * * *', run: () => postman.sweep() },
  { name: 'notifications.forget', cron: '17 4 * * *', run: (_data, signal) => untilNone(() => forgetNotifications(platform), signal) },
]
