import type { Tx } from '../../../platform/db/store.ts'
import { readFence } from './queries.ts'

/** The time by which what waits for approval ages: it stands still while the system is dormant. */
export async function frozenClock(tx: Tx, now: Date): Promise<Date> {
  const [fence] = await tx.send(readFence(tx.db))
  return fence && fence.state !== 'operational' && fence.since < now ? fence.since : now
}
