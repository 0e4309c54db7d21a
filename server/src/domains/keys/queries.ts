import type { Compilable } from 'kysely'
import { statement } from '../../platform/db/statement.ts'
import type { Queries } from '../../platform/db/store.ts'

type NewKey = { id: string; identityId: string; userId: string; sessionId: string; name: string; scopes: string[]; spheres: number[] | null; at: Date; expiresAt: Date }

export const insertKey = (db: Queries, k: NewKey) => db.insertInto('api_keys').values({
  id: k.id, identity_id: k.identityId, user_id: k.userId, session_id: k.sessionId, name: k.name, scopes: k.scopes, spheres: k.spheres, created_at: k.at, expires_at: k.expiresAt,
}).returningAll()

export const countLiveKeys = (db: Queries, identityId: string, now: Date) =>
  db.selectFrom('api_keys').select((eb) => eb.fn.countAll<string>().as('count')).where('identity_id', '=', identityId).where('revoked_at', 'is', null).where('expires_at', '>', now)

/** Gives a live key its token's hash; of any number who take it at once, one gets the row. */
export const takeKey = (db: Queries, identityId: string, id: string, t: { hash: string; prefix: string; last4: string; now: Date }) =>
  db.updateTable('api_keys').set({ hash: t.hash, prefix: t.prefix, last4: t.last4 }).where('identity_id', '=', identityId).where('id', '=', id)
    .where('hash', 'is', null).where('revoked_at', 'is', null).where('expires_at', '>', t.now).returningAll()

export const revokeKey = (db: Queries, identityId: string, id: string, now: Date) =>
  db.updateTable('api_keys').set((eb) => ({ revoked_at: now, version: eb('version', '+', 1) })).where('identity_id', '=', identityId).where('id', '=', id).where('revoked_at', 'is', null).returningAll()

export const findKey = (db: Queries, identityId: string, id: string) => db.selectFrom('api_keys').selectAll().where('identity_id', '=', identityId).where('id', '=', id)

/** Newest first, one more than `limit`. */
export const listKeys = (db: Queries, identityId: string, f: { revoked: boolean; before?: string | undefined; limit: number }) =>
  db.selectFrom('api_keys').selectAll().where('identity_id', '=', identityId).where('revoked_at', f.revoked ? 'is not' : 'is', null)
    .$if(f.before !== undefined, (q) => q.where('id', '<', f.before ?? '')).orderBy('id', 'desc').limit(f.limit + 1)

export type HolderRow = { id: string; user_id: string; identity_id: string; session_id: string; scopes: string[]; spheres: number[] | null; expires_at: Date; last_used_at: Date | null }

/** The live key of a hash whose person and identity are in order; no row otherwise. */
export const findHolder = (hash: string, now: Date): Compilable<HolderRow> => statement(`
  select k.id, k.user_id, k.identity_id, k.session_id, k.scopes, k.spheres, k.expires_at, k.last_used_at
  from api_keys k join sessions s on s.id = k.session_id join users u on u.id = k.user_id join identities i on i.id = k.identity_id
  where k.hash = $1 and k.revoked_at is null and k.expires_at > $2 and s.revoked_at is null and u.disabled_at is null and i.archived_at is null and i.user_id = k.user_id`, [hash, now])

/** Notes that a key is in use, when the last note is older than a time. */
export const noteUse = (db: Queries, id: string, { now, unless }: { now: Date; unless: Date }) =>
  db.updateTable('api_keys').set({ last_used_at: now }).where('id', '=', id).where((eb) => eb.or([eb('last_used_at', 'is', null), eb('last_used_at', '<', unless)]))

export type KeyRow = Awaited<ReturnType<ReturnType<typeof findKey>['executeTakeFirstOrThrow']>>
