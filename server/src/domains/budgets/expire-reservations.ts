import type { Store } from '../../platform/db/store.ts'
import { deleteOldReservations, expireReservations as expireDue } from './queries.ts'

const BATCH = 500
const KEPT_DAYS = 7
const DAY_MS = 86_400_000

/** Gives back what was reserved and never settled, at most 500 a call; how many. Safe on several nodes at once. */
export async function expireReservations(store: Store, now: Date): Promise<number> {
  return (await store.within({ service: 'budgets' }, (tx) => tx.send(expireDue(now, BATCH)))).length
}

/** Forgets reservations that ended a week ago, at most 500 a call; how many. */
export async function forgetReservations(store: Store, now: Date): Promise<number> {
  return (await store.within({ service: 'budgets' }, (tx) => tx.send(deleteOldReservations(tx.db, new Date(now.getTime() - KEPT_DAYS * DAY_MS), BATCH)))).length
}
