import type { Job } from '../../platform/jobs/job.ts'
import { untilNone } from '../../platform/jobs/until-none.ts'
import type { Nova } from './nova.ts'
import { resumeAbandoned } from './resume-abandoned.ts'

/** Runs whose process died are taken over within a minute of the end of their lease. */
export const novaJobs = (nova: Nova): Job[] => [
  { name: 'nova.resume', cron: '* * * * *', run: (_data, signal) => untilNone(() => resumeAbandoned(nova), signal) },
]
