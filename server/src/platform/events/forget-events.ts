import type { Platform } from '../ctx.ts'
import type { Job } from '../jobs/job.ts'
import { untilNone } from '../jobs/until-none.ts'
import { deleteOldEvents } from './queries.ts'

/** How long a socket that comes back can be told what it missed. What happened stays in the audit. */
export const EVENTS_DAYS = 30
const DAY_MS = 24 * 3_600_000
const BATCH = 1_000

/** Forgets events older than 30 days, at most 1,000 a call; how many. Safe on several nodes at once. */
export async function forgetEvents({ store, clock }: Pick<Platform, 'store' | 'clock'>): Promise<number> {
  const before = new Date(clock.now().getTime() - EVENTS_DAYS * DAY_MS)
  const gone = await store.within({ service: 'events' }, (tx) => tx.send(deleteOldEvents(before, BATCH).compile(tx.db)))
  return gone.length
}

export const eventJobs = (platform: Pick<Platform, 'store' | 'clock'>): Job[] => [
  { name: 'events.forget', cron: '37 3 * * *', run: (_data, signal) => untilNone(() => forgetEvents(platform), signal) },
]
