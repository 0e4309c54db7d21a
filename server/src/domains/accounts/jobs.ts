import type { Job } from '../../platform/jobs/job.ts'
import type { Desk } from './desk.ts'
import { resealFactors } from './factors/reseal.ts'

/** Letters that a commit's own wake missed or that are due again; secrets under a key that is to be removed. */
export const accountJobs = (desk: Desk): Job[] => [
  { name: 'letters.deliver', cron: '* * * * *', run: () => desk.letters.sweep() },
  { name: 'factors.reseal', cron: '17 * * * *', run: (_data, signal) => resealFactors(desk.platform, desk.vault, signal) },
]
