import type { Job } from '../../platform/jobs/job.ts'
import type { Outbox } from './outbox.ts'

/** The safety sweep: what a commit's own wake missed, what is due again, and what a worker that is gone left behind. */
export const messageJobs = (outbox: Outbox): Job[] => [{ name: 'outbox.deliver', cron: '* * * * *', run: () => outbox.sweep() }]
