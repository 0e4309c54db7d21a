import { sql, type RawBuilder } from 'kysely'

/** Until the transaction ends, other transfers of this person wait. */
export const lockTransfers = (userId: string): RawBuilder<unknown> => sql`select pg_advisory_xact_lock(hashtextextended('transfer', 0) # hashtextextended(${userId}, 0))`
