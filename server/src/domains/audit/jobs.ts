import type { Job } from '../../platform/jobs/job.ts'
import { untilNone } from '../../platform/jobs/until-none.ts'
import type { Anchorer } from './anchors/anchorer.ts'

export const auditJobs = (anchorer: Anchorer): Job[] => [
  { name: 'audit.anchor', cron: '* * * * *', run: (_data, signal) => untilNone(() => anchorer.anchorDue(), signal) },
]
