import { sql, type RawBuilder } from 'kysely'
import type { Queries } from '../../platform/db/store.ts'

/** Until the transaction ends, other transfers of this person wait. */
export const lockTransfers = (userId: string): RawBuilder<unknown> => sql`select pg_advisory_xact_lock(hashtextextended('transfer', 0) # hashtextextended(${userId}, 0))`

/** What a record said before its changes, newest first; the trigger keep_version writes it (server/migrations/0007). */
export const listVersions = (db: Queries, identityId: string, { type, id, limit }: { type: string; id: string; limit: number }) =>
  db.selectFrom('record_versions').select(['version', 'data', 'replaced_at']).where('identity_id', '=', identityId).where('type', '=', type).where('record_id', '=', id)
    .orderBy('version', 'desc').limit(limit).execute()
