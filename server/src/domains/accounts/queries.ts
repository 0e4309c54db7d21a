import { sql } from 'kysely'
import type { Queries } from '../../platform/db/store.ts'

type NewUser = { id: string; email: string; emailKey: string; name: string; passwordHash: string; at: Date }

/** No row when the address is taken: of two people registering it at once, one gets the account. */
export const insertUser = (db: Queries, u: NewUser) => db.insertInto('users').values({
  id: u.id, email: u.email, email_key: u.emailKey, name: u.name, password_hash: u.passwordHash, created_at: u.at, updated_at: u.at,
}).onConflict((conflict) => conflict.column('email_key').doNothing()).returning('id')

/** The account of an address with the identity that its sessions begin as. */
export const findAccount = (db: Queries, emailKey: string) =>
  db.selectFrom('users as u').innerJoin('identities as i', (join) => join.onRef('i.user_id', '=', 'u.id').on('i.is_default', '=', true))
    .select(['u.id', 'u.email', 'u.name', 'u.password_hash', 'u.disabled_at', 'i.id as identity_id', 'i.type as identity_type', 'i.name as identity_name'])
    .where('u.email_key', '=', emailKey)

/**
 * Holds the account as it was when its password matched: a password that is changed meanwhile waits, or ends this sign-in.
 * No row: it was changed, or the account was closed.
 */
export const lockAccount = (db: Queries, userId: string, passwordHash: string) =>
  db.selectFrom('users').select('id').where('id', '=', userId).where('password_hash', '=', passwordHash).where('disabled_at', 'is', null).forShare()

export const findPasswordHash = (db: Queries, userId: string) =>
  db.selectFrom('users').select(['password_hash', 'email_key']).where('id', '=', userId)

/** Changes the hash only if it still is the one that was checked. */
export const updatePassword = (db: Queries, userId: string, p: { from: string; to: string; at: Date }) =>
  db.updateTable('users').set({ password_hash: p.to, updated_at: p.at }).where('id', '=', userId).where('password_hash', '=', p.from).returning('id')

export const findPerson = (db: Queries, userId: string, identityId: string) =>
  db.selectFrom('users as u').innerJoin('identities as i', 'i.user_id', 'u.id')
    .select(['u.id', 'u.email', 'u.name', 'i.id as identity_id', 'i.type as identity_type', 'i.name as identity_name'])
    .where('u.id', '=', userId).where('i.id', '=', identityId)

/** A person as the identity that their sessions begin as. */
export const findHome = (db: Queries, userId: string) =>
  db.selectFrom('users as u').innerJoin('identities as i', (join) => join.onRef('i.user_id', '=', 'u.id').on('i.is_default', '=', true))
    .select(['u.id', 'u.email', 'u.name', 'i.id as identity_id', 'i.type as identity_type', 'i.name as identity_name']).where('u.id', '=', userId)

/** The open account of an address, with the identity that receives for it. */
export const findReceiver = (db: Queries, emailKey: string) =>
  db.selectFrom('users as u').innerJoin('identities as i', (join) => join.onRef('i.user_id', '=', 'u.id').on('i.is_default', '=', true))
    .select(['u.id as user_id', 'i.id as identity_id']).where('u.email_key', '=', emailKey).where('u.disabled_at', 'is', null)

export const findSender = (db: Queries, userId: string) => db.selectFrom('users').select(['name', 'email']).where('id', '=', userId)

type NewSession = { id: string; userId: string; identityId: string; at: Date; expiresAt: Date; provedAt: Date | null; kind?: 'person' | 'api_key' }

export const insertSession = (db: Queries, s: NewSession) => db.insertInto('sessions').values({
  id: s.id, user_id: s.userId, identity_id: s.identityId, created_at: s.at, refreshed_at: s.at, expires_at: s.expiresAt, proved_at: s.provedAt, kind: s.kind ?? 'person',
})

type NewRefresh = { hash: string; sessionId: string; userId: string; at: Date; expiresAt: Date }

export const insertRefreshToken = (db: Queries, t: NewRefresh) => db.insertInto('refresh_tokens').values({
  hash: t.hash, session_id: t.sessionId, user_id: t.userId, created_at: t.at, expires_at: t.expiresAt,
})

/**
 * Spends a refresh token of a live session. One conditional statement: of any number of uses at once, one gets the row;
 * the others wait for its commit, see `used_at` and get none.
 */
export const spendRefreshToken = (db: Queries, hash: string, now: Date) =>
  db.updateTable('refresh_tokens as t').from(['sessions as s', 'users as u']).set({ used_at: now })
    .where('t.hash', '=', hash).where('t.used_at', 'is', null).where('t.expires_at', '>', now)
    .whereRef('s.id', '=', 't.session_id').where('s.revoked_at', 'is', null).where('s.expires_at', '>', now)
    .whereRef('u.id', '=', 's.user_id').where('u.disabled_at', 'is', null)
    .returning(['s.id as session_id', 's.user_id', 's.identity_id', 's.expires_at'])

/** Ends the session whose refresh token was used before; no row when there is none, or it has ended already. */
export const revokeFamily = (db: Queries, hash: string, now: Date) =>
  db.updateTable('sessions as s').from('refresh_tokens as t').set({ revoked_at: now, revoked_because: 'token_reuse' })
    .where('t.hash', '=', hash).where('t.used_at', 'is not', null).whereRef('s.id', '=', 't.session_id').where('s.revoked_at', 'is', null)
    .returning(['s.id', 's.user_id', 's.identity_id'])

/** The person with the identity that a session goes on as: its own while it is active, else the default one. */
export const findSuccessor = (db: Queries, userId: string, wantedId: string) =>
  db.selectFrom('users as u').innerJoin('identities as i', 'i.user_id', 'u.id')
    .select(['u.id', 'u.email', 'u.name', 'i.id as identity_id', 'i.type as identity_type', 'i.name as identity_name'])
    .where('u.id', '=', userId).where('i.archived_at', 'is', null)
    .where((eb) => eb.or([eb('i.id', '=', wantedId), eb('i.is_default', '=', true)]))
    .orderBy(sql`i.id = ${wantedId}`, 'desc').limit(1)

export const touchSession = (db: Queries, id: string, t: { identityId: string; at: Date }) =>
  db.updateTable('sessions').set({ refreshed_at: t.at, identity_id: t.identityId }).where('id', '=', id)

/** Lets a live session act as another active identity of its user. */
export const switchSession = (db: Queries, s: { id: string; userId: string; identityId: string; now: Date }) =>
  db.updateTable('sessions as s').from('identities as i').set({ identity_id: s.identityId })
    .where('s.id', '=', s.id).where('s.user_id', '=', s.userId).where('s.revoked_at', 'is', null).where('s.expires_at', '>', s.now)
    .where('i.id', '=', s.identityId).where('i.user_id', '=', s.userId).where('i.archived_at', 'is', null)
    .returning('s.expires_at')

type Which = { only?: string; except?: string; because: string; now: Date }

/** Ends the session of an API key, which none of the statements for a person's sessions touches. */
export const endKeySession = (db: Queries, userId: string, { id, now }: { id: string; now: Date }) =>
  db.updateTable('sessions').set({ revoked_at: now, revoked_because: 'key_revoked' }).where('user_id', '=', userId).where('id', '=', id).where('kind', '=', 'api_key').where('revoked_at', 'is', null)

/** Ends the live sessions, of people and of keys, that act as one of these identities. */
export const endSessionsAs = (db: Queries, identityIds: string[], now: Date) =>
  db.updateTable('sessions').set({ revoked_at: now, revoked_because: 'role_removed' }).where('identity_id', 'in', identityIds).where('revoked_at', 'is', null).returning(['id', 'user_id', 'identity_id'])

/** Ends live sessions of a user: one, all but one, or all. */
export const revokeSessions = (db: Queries, userId: string, w: Which) =>
  db.updateTable('sessions').set({ revoked_at: w.now, revoked_because: w.because })
    .where('user_id', '=', userId).where('kind', '=', 'person').where('revoked_at', 'is', null).where('expires_at', '>', w.now)
    .$if(w.only !== undefined, (q) => q.where('id', '=', w.only ?? ''))
    .$if(w.except !== undefined, (q) => q.where('id', '<>', w.except ?? ''))
    .returning('id')

/** Ends every session of a user that acts as one identity. */
export const endActing = (db: Queries, userId: string, { identityId, now }: { identityId: string; now: Date }) =>
  db.updateTable('sessions').set({ revoked_at: now, revoked_because: 'erased' })
    .where('user_id', '=', userId).where('identity_id', '=', identityId).where('revoked_at', 'is', null).where('expires_at', '>', now).returning('id')

export const findSession = (db: Queries, userId: string, id: string) =>
  db.selectFrom('sessions').selectAll().where('user_id', '=', userId).where('id', '=', id).where('kind', '=', 'person')

/** Live ones, newest first, one more than `limit`. */
export const listSessions = (db: Queries, userId: string, f: { before?: string | undefined; limit: number; now: Date }) =>
  db.selectFrom('sessions').selectAll().where('user_id', '=', userId).where('kind', '=', 'person').where('revoked_at', 'is', null).where('expires_at', '>', f.now)
    .$if(f.before !== undefined, (q) => q.where('id', '<', f.before ?? ''))
    .orderBy('id', 'desc').limit(f.limit + 1)

/** How a session stands, what it has proved, and whether an identity is its user's and active; no row when it is over. */
export const findStanding = (db: Queries, w: { sessionId: string; userId: string; identityId: string }) =>
  db.selectFrom('sessions as s').innerJoin('users as u', 'u.id', 's.user_id')
    .leftJoin('identities as i', (join) => join.onRef('i.user_id', '=', 's.user_id').on('i.id', '=', w.identityId))
    .select(['s.expires_at', 's.proved_at', 'i.id as identity_id', 'i.archived_at'])
    .select(({ exists, selectFrom }) => exists(selectFrom('factors as f').select('f.id').whereRef('f.user_id', '=', 's.user_id').where('f.activated_at', 'is not', null)).as('has_factor'))
    .where('s.id', '=', w.sessionId).where('s.user_id', '=', w.userId).where('s.revoked_at', 'is', null).where('u.disabled_at', 'is', null)

/** Forgets up to `limit` refresh tokens whose time is over; whether they were used no longer matters. */
export const deleteExpiredTokens = (db: Queries, now: Date, limit: number) =>
  db.deleteFrom('refresh_tokens').where('hash', 'in', (eb) => eb.selectFrom('refresh_tokens').select('hash').where('expires_at', '<=', now).orderBy('expires_at').limit(limit)).returning('hash')

export type PersonRow = Awaited<ReturnType<ReturnType<typeof findPerson>['executeTakeFirstOrThrow']>>
export type SessionRow = Awaited<ReturnType<ReturnType<typeof findSession>['executeTakeFirstOrThrow']>>
