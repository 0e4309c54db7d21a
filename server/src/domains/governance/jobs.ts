import { newId } from '../../platform/ids.ts'
import type { Job } from '../../platform/jobs/job.ts'
import { untilNone } from '../../platform/jobs/until-none.ts'
import { escalateDueOnes, warnDueOnes } from './checkpoints/escalate.ts'
import { expireCheckpoints } from './checkpoints/expire-checkpoints.ts'
import type { Gate } from './gate.ts'
import { forgetAnswers } from './stored-answers.ts'

export const governanceJobs = (gate: Gate): Job[] => [
  { name: 'checkpoints.expire', cron: '* * * * *', run: (_data, signal) => untilNone(() => expireCheckpoints(gate, newId()), signal) },
  { name: 'checkpoints.escalate', cron: '* * * * *', run: (_data, signal) => untilNone(() => escalateDueOnes(gate, newId()), signal) },
  { name: 'checkpoints.warn', cron: '* * * * *', run: (_data, signal) => untilNone(() => warnDueOnes(gate, newId()), signal) },
  { name: 'idempotency.forget', cron: '27 3 * * *', run: (_data, signal) => untilNone(() => forgetAnswers(gate.platform.store, gate.platform.clock.now()), signal) },
]
