import type { Queries } from '../../platform/db/store.ts'
import { deleteBinnedNotes } from './queries.ts'

/** Empties the bin of notes older than a time, up to `limit`; the identity of each note that is gone. Needs the bin's scope. */
export const purgeNotes = async (db: Queries, before: Date, limit: number): Promise<string[]> =>
  (await deleteBinnedNotes(db, before, limit)).map((row) => row.identity_id)
