import type { Compilable } from 'kysely'
import { statement } from '../../../platform/db/statement.ts'
import type { Queries } from '../../../platform/db/store.ts'

export type KeyRow = { id: string; wrapped: string; epoch: number }

type Wanted = { identityId: string; period: string; wrappedBy: string; newId: string; newKey: string; at: Date }

/** The key of an identity's period under the instance's wrapping key: the one there is, or the new one. */
export const ensureKey = (w: Wanted): Compilable<KeyRow> => statement('select id, wrapped, epoch from audit_key($1, $2::date, $3, $4, $5, $6)', [
  w.identityId, w.period, w.wrappedBy, w.newId, w.newKey, w.at,
])

/** Those of the named keys that still exist. */
export const listKeys = (db: Queries, identityId: string, ids: string[]) =>
  db.selectFrom('audit_keys').select(['id', 'wrapped']).where('identity_id', '=', identityId).where('id', 'in', ids)

/** Keys that another wrapping key than the present one wraps, after one of them. */
export const listForeign = (db: Queries, { after, own, limit }: { after: string; own: string; limit: number }) =>
  db.selectFrom('audit_keys').select(['id', 'identity_id', 'wrapped']).where('id', '>', after).where('wrapped_by', 'not like', `${own}%`).orderBy('id').limit(limit)

export const replaceWrapped = (db: Queries, { id, wrapped, by }: { id: string; wrapped: string; by: string }) =>
  db.updateTable('audit_keys').set({ wrapped, wrapped_by: by }).where('id', '=', id)
