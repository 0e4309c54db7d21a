import type { Platform } from '../../platform/ctx.ts'
import type { Job } from '../../platform/jobs/job.ts'
import { untilNone } from '../../platform/jobs/until-none.ts'
import type { Anchorer } from './anchors/anchorer.ts'
import { rewrapKeys } from './details/rewrap-keys.ts'
import { destroyDetails } from './retention/destroy-details.ts'

export const auditJobs = (platform: Platform, anchorer: Anchorer): Job[] => [
  { name: 'audit.anchor', cron: '* * * * *', run: (_data, signal) => untilNone(() => anchorer.anchorDue(), signal) },
  { name: 'audit.rewrap', cron: '27 * * * *', run: (_data, signal) => rewrapKeys(platform, signal) },
  { name: 'audit.retain', cron: '7 3 * * *', run: (_data, signal) => untilNone(() => destroyDetails(platform), signal) },
]
