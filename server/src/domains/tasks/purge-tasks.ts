import type { Queries } from '../../platform/db/store.ts'
import { deleteBinnedTasks } from './queries.ts'

/** Empties the bin of tasks older than a time, up to `limit`; the identity of each task that is gone. Needs the bin's scope. */
export const purgeTasks = async (db: Queries, before: Date, limit: number): Promise<string[]> =>
  (await deleteBinnedTasks(db, before, limit)).map((row) => row.identity_id)
