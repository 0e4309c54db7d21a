import type { Queries } from '../../platform/db/store.ts'

/** Whose identities these are; by id, so that two who empty the bin at once take the audit chains in one order. */
export const listOwners = (db: Queries, identityIds: string[]) =>
  db.selectFrom('identities').select(['id', 'user_id']).where('id', 'in', identityIds).orderBy('id').execute()
