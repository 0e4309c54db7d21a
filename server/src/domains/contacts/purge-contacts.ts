import type { Queries } from '../../platform/db/store.ts'
import { deleteBinnedContacts } from './queries.ts'

/** Empties the bin of contacts older than a time, up to `limit`; the identity of each contact that is gone. Needs the bin's scope. */
export const purgeContacts = async (db: Queries, before: Date, limit: number): Promise<string[]> =>
  (await deleteBinnedContacts(db, before, limit)).map((row) => row.identity_id)
