import type { Job } from '../../platform/jobs/job.ts'
import { untilNone } from '../../platform/jobs/until-none.ts'
import type { Safeguard } from './create-safeguard.ts'
import { deleteOldAnswers, deleteOldSightings } from './queries.ts'

const DAY_MS = 86_400_000
const KEPT_DAYS = 30
const BATCH = 1_000

export const safeguardJobs = (safeguard: Safeguard): Job[] => [
  { name: 'safeguard.sweep', cron: '* * * * *', run: () => safeguard.sweep() },
  {
    name: 'safeguard.forget', cron: '17 4 * * *',
    run: (_data, signal) => untilNone(async () => {
      const { store, clock } = safeguard.platform
      const before = new Date(clock.now().getTime() - KEPT_DAYS * DAY_MS)
      const forgotten = await store.within({ service: 'safeguard' }, (tx) => Promise.all([tx.send(deleteOldSightings(tx.db, before, BATCH)), tx.send(deleteOldAnswers(tx.db, before, BATCH))]))
      return forgotten.flat().length
    }, signal),
  },
]
