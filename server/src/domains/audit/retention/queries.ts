import { sql, type RawBuilder } from 'kysely'
import type { Queries } from '../../../platform/db/store.ts'

export const findRetention = (db: Queries, identityId: string) =>
  db.selectFrom('audit_retention').select('retention_days').where('identity_id', '=', identityId)

export const upsertRetention = (db: Queries, identityId: string, { days, at }: { days: number; at: Date }) =>
  db.insertInto('audit_retention').values({ identity_id: identityId, retention_days: days, updated_at: at })
    .onConflict((conflict) => conflict.column('identity_id').doUpdateSet({ retention_days: days, updated_at: at }))

export const deleteRetention = (db: Queries, identityId: string) => db.deleteFrom('audit_retention').where('identity_id', '=', identityId)

export type Expired = { identity_id: string; keys: number; until: string }

/** Destroys keys of days that are past their identity's retention, at most `limit` of them; how many of each identity, and its last day. */
export const destroyExpired = (now: Date, limit: number): RawBuilder<Expired> => sql<Expired>`
  with due as (
    select k.id from audit_retention r join audit_keys k on k.identity_id = r.identity_id
    where k.period < (${now}::timestamptz at time zone 'UTC')::date - r.retention_days order by k.identity_id, k.period limit ${limit}),
  gone as (delete from audit_keys where id in (select id from due) returning identity_id, period)
  select identity_id, count(*)::int as keys, max(period)::text as until from gone group by identity_id`
