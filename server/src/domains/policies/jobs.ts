import type { Platform } from '../../platform/ctx.ts'
import type { Job } from '../../platform/jobs/job.ts'
import { untilNone } from '../../platform/jobs/until-none.ts'
import { forgetDecisions } from './decisions/forget-decisions.ts'

export const policyJobs = ({ store, clock }: Platform): Job[] => [
  { name: 'decisions.forget', cron: '13 4 * * *', run: (_data, signal) => untilNone(() => forgetDecisions(store, clock.now()), signal) },
]
