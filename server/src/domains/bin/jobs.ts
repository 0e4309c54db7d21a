import type { Platform } from '../../platform/ctx.ts'
import type { Job } from '../../platform/jobs/job.ts'
import { emptyBin } from './empty-bin.ts'

/** Once a day, at a quiet hour. */
export const binJobs = ({ store, clock }: Pick<Platform, 'store' | 'clock'>): Job[] => [
  { name: 'bin.empty', cron: '17 3 * * *', run: (_data, signal) => emptyBin(store, clock.now(), signal) },
]
