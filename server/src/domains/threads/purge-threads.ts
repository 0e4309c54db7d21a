import type { Queries } from '../../platform/db/store.ts'
import { deleteBinnedThreads } from './queries.ts'

/** Empties the bin of threads older than a time, up to `limit`, each with its log; the identity of each thread that is gone. Needs the bin's scope. */
export const purgeThreads = async (db: Queries, before: Date, limit: number): Promise<string[]> =>
  (await deleteBinnedThreads(db, before, limit)).map((row) => row.identity_id)
