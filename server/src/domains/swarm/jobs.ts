import type { Platform } from '../../platform/ctx.ts'
import type { Job } from '../../platform/jobs/job.ts'
import { untilNone } from '../../platform/jobs/until-none.ts'
import { deleteOverSceaux } from './queries.ts'

const BATCH = 1_000

export const swarmJobs = ({ store, clock }: Platform): Job[] => [
  { name: 'sceau.forget', cron: '*/5 * * * *', run: (_data, signal) => untilNone(async () => (await store.within({ service: 'sceau' }, (tx) => tx.send(deleteOverSceaux(tx.db, clock.now(), BATCH)))).length, signal) },
]
