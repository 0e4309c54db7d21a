import type { Queries } from '../../../platform/db/store.ts'

/** Holds an open account while its factors change: sign-ins wait, and see what it has become. */
export const lockPerson = (db: Queries, userId: string) =>
  db.selectFrom('users').select(['id', 'email']).where('id', '=', userId).where('disabled_at', 'is', null).forNoKeyUpdate()

/** The active ones of a person. */
export const findFactors = (db: Queries, userId: string) =>
  db.selectFrom('factors').select(['kind', 'activated_at']).where('user_id', '=', userId).where('activated_at', 'is not', null).orderBy('id').limit(20)

export const findTotp = (db: Queries, userId: string) =>
  db.selectFrom('factors').select(['id', 'secret']).where('user_id', '=', userId).where('kind', '=', 'totp').where('activated_at', 'is not', null)

/** The one that waits for its first code, while it may. */
export const findPendingTotp = (db: Queries, userId: string, since: Date) =>
  db.selectFrom('factors').select(['id', 'secret']).where('user_id', '=', userId).where('kind', '=', 'totp').where('activated_at', 'is', null).where('created_at', '>', since)

export const deletePendingTotp = (db: Queries, userId: string) =>
  db.deleteFrom('factors').where('user_id', '=', userId).where('kind', '=', 'totp').where('activated_at', 'is', null)

type NewTotp = { id: string; userId: string; secret: Buffer; at: Date }

export const insertPendingTotp = (db: Queries, f: NewTotp) =>
  db.insertInto('factors').values({ id: f.id, user_id: f.userId, kind: 'totp', secret: f.secret, created_at: f.at })

export const activateTotp = (db: Queries, f: { id: string; step: number; at: Date }) =>
  db.updateTable('factors').set({ activated_at: f.at, last_step: f.step }).where('id', '=', f.id).where('activated_at', 'is', null).returning('id')

/**
 * Uses a step up. One conditional statement: of any number of sends of one code at once, one gets the row; the others wait
 * for its commit, see the step and get none. It never goes back, also when the clock does.
 */
export const spendStep = (db: Queries, id: string, step: number) =>
  db.updateTable('factors').set({ last_step: step }).where('id', '=', id).where('activated_at', 'is not', null)
    .where((eb) => eb.or([eb('last_step', 'is', null), eb('last_step', '<', String(step))])).returning('id')

export const deleteTotp = (db: Queries, userId: string) =>
  db.deleteFrom('factors').where('user_id', '=', userId).where('kind', '=', 'totp').where('activated_at', 'is not', null).returning('id')

/** A session has to prove anew what its person just changed. */
export const clearProofs = (db: Queries, userId: string) =>
  db.updateTable('sessions').set({ proved_at: null }).where('user_id', '=', userId).where('proved_at', 'is not', null)

export const insertRecoveryCodes = (db: Queries, userId: string, hashes: string[], at: Date) =>
  db.insertInto('recovery_codes').values(hashes.map((hash) => ({ hash, user_id: userId, created_at: at })))

export const deleteRecoveryCodes = (db: Queries, userId: string) => db.deleteFrom('recovery_codes').where('user_id', '=', userId)

/** Uses a code up; of any number at once one gets the row. */
export const spendRecoveryCode = (db: Queries, c: { userId: string; hash: string; at: Date }) =>
  db.updateTable('recovery_codes').set({ used_at: c.at }).where('hash', '=', c.hash).where('user_id', '=', c.userId).where('used_at', 'is', null).returning('hash')

export const countRecoveryCodes = (db: Queries, userId: string) =>
  db.selectFrom('recovery_codes').select((eb) => eb.fn.countAll<string>().as('left')).where('user_id', '=', userId).where('used_at', 'is', null)

type NewChallenge = { hash: string; userId: string; at: Date; expiresAt: Date }

export const insertChallenge = (db: Queries, c: NewChallenge) =>
  db.insertInto('sign_in_challenges').values({ hash: c.hash, user_id: c.userId, created_at: c.at, expires_at: c.expiresAt })

export const findChallenge = (db: Queries, hash: string, now: Date) =>
  db.selectFrom('sign_in_challenges').select(['user_id', 'tries', 'expires_at']).where('hash', '=', hash).where('used_at', 'is', null).where('expires_at', '>', now)

/** Holds an open account against a change of its password or its factors, which end its challenges and sessions. */
export const shareAccount = (db: Queries, userId: string) =>
  db.selectFrom('users').select('id').where('id', '=', userId).where('disabled_at', 'is', null).forShare()

/** Takes one of the tries of a challenge before the code is looked at; no row when it is used, over, or out of tries. */
export const takeChallengeTry = (db: Queries, hash: string, t: { now: Date; max: number }) =>
  db.updateTable('sign_in_challenges').set((eb) => ({ tries: eb('tries', '+', 1) }))
    .where('hash', '=', hash).where('used_at', 'is', null).where('expires_at', '>', t.now).where('tries', '<', t.max).returning(['user_id', 'tries'])

export const spendChallenge = (db: Queries, hash: string, now: Date) =>
  db.updateTable('sign_in_challenges').set({ used_at: now }).where('hash', '=', hash)

export const deleteChallenges = (db: Queries, userId: string) => db.deleteFrom('sign_in_challenges').where('user_id', '=', userId)

/** Ends a live session for the one that takes its place. */
export const endForSuccessor = (db: Queries, s: { id: string; userId: string; now: Date }) =>
  db.updateTable('sessions').set({ revoked_at: s.now, revoked_because: 'stepped_up' })
    .where('id', '=', s.id).where('user_id', '=', s.userId).where('revoked_at', 'is', null).where('expires_at', '>', s.now)
    .returning(['identity_id', 'expires_at'])

/** Secrets in the order of their ids, for sealing them anew. */
export const listSecrets = (db: Queries, after: string, limit: number) =>
  db.selectFrom('factors').select(['id', 'secret']).where('id', '>', after).where('secret', 'is not', null).orderBy('id').limit(limit)

/** Only while it is what was read: a factor that was replaced meanwhile stays as it is. */
export const replaceSecret = (db: Queries, f: { id: string; from: Buffer; to: Buffer }) =>
  db.updateTable('factors').set({ secret: f.to }).where('id', '=', f.id).where('secret', '=', f.from)

/** Forgets up to `limit` challenges whose time is over. */
export const deleteOldChallenges = (db: Queries, now: Date, limit: number) =>
  db.deleteFrom('sign_in_challenges').where('hash', 'in', (eb) => eb.selectFrom('sign_in_challenges').select('hash').where('expires_at', '<=', now).orderBy('expires_at').limit(limit)).returning('hash')

/** Forgets up to `limit` factors that nobody finished to set up. */
export const deleteUnfinished = (db: Queries, before: Date, limit: number) =>
  db.deleteFrom('factors').where('id', 'in', (eb) => eb.selectFrom('factors').select('id').where('activated_at', 'is', null).where('created_at', '<=', before).orderBy('created_at').limit(limit)).returning('id')
