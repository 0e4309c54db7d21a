import type { Store } from '../../../platform/db/store.ts'
import { deleteOldDecisions } from '../queries.ts'

const KEPT_DAYS = 30
const DAY_MS = 24 * 3_600_000
const BATCH = 1_000

/** Forgets decisions older than thirty days, at most 1,000 a call; how many. Safe on several nodes at once. */
export async function forgetDecisions(store: Store, now: Date): Promise<number> {
  const gone = await store.within({ service: 'policy' }, (tx) => tx.send(deleteOldDecisions(tx.db, new Date(now.getTime() - KEPT_DAYS * DAY_MS), BATCH)))
  return gone.length
}
