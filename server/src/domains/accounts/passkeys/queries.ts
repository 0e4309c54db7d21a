import type { Queries } from '../../../platform/db/store.ts'

export type Purpose = 'register' | 'sign_in' | 'step_up'

export const insertChallenge = (db: Queries, c: { hash: string; userId: string | null; purpose: Purpose; expiresAt: Date }) =>
  db.insertInto('passkey_challenges').values({ hash: c.hash, user_id: c.userId, purpose: c.purpose, expires_at: c.expiresAt })

/** Uses a challenge up; of any number of answers at once one gets the row. */
export const spendChallenge = (db: Queries, c: { hash: string; userId: string | null; purpose: Purpose; now: Date }) =>
  db.deleteFrom('passkey_challenges').where('hash', '=', c.hash).where('purpose', '=', c.purpose).where('expires_at', '>', c.now)
    .where('user_id', c.userId === null ? 'is' : '=', c.userId).returning('hash')

export const deleteOldChallenges = (db: Queries, now: Date, limit: number) =>
  db.deleteFrom('passkey_challenges').where('hash', 'in', (eb) => eb.selectFrom('passkey_challenges').select('hash').where('expires_at', '<=', now).orderBy('expires_at').limit(limit)).returning('hash')

export const listPasskeys = (db: Queries, userId: string) => db.selectFrom('passkeys').selectAll().where('user_id', '=', userId).orderBy('id').limit(20)

export const findPasskey = (db: Queries, credentialId: string) => db.selectFrom('passkeys').selectAll().where('credential_id', '=', credentialId)

type NewPasskey = { id: string; userId: string; credentialId: string; publicKey: Buffer; counter: number; transports: string[]; name: string; backedUp: boolean; at: Date }

export const insertFactor = (db: Queries, p: Pick<NewPasskey, 'id' | 'userId' | 'at'>) =>
  db.insertInto('factors').values({ id: p.id, user_id: p.userId, kind: 'passkey', created_at: p.at, activated_at: p.at })

export const insertPasskey = (db: Queries, p: NewPasskey) => db.insertInto('passkeys').values({
  id: p.id, user_id: p.userId, credential_id: p.credentialId, public_key: p.publicKey, counter: p.counter, transports: p.transports, name: p.name, backed_up: p.backedUp, created_at: p.at,
}).onConflict((conflict) => conflict.column('credential_id').doNothing()).returningAll()

/** Moves the counter on. It never goes back and, but for authenticators that have none, never stays: of two uses of one signature one gets the row. */
export const usePasskey = (db: Queries, p: { id: string; counter: number; backedUp: boolean; at: Date }) =>
  db.updateTable('passkeys').set({ counter: p.counter, backed_up: p.backedUp, last_used_at: p.at }).where('id', '=', p.id)
    .where((eb) => eb.or([eb('counter', '<', String(p.counter)), eb.and([eb('counter', '=', '0'), eb.val(p.counter === 0)])])).returning('id')

/** With its factor, which it hangs on. */
export const deletePasskey = (db: Queries, userId: string, id: string) => db.deleteFrom('factors').where('id', '=', id).where('user_id', '=', userId).where('kind', '=', 'passkey').returning('id')

export type PasskeyRow = Awaited<ReturnType<ReturnType<typeof findPasskey>['executeTakeFirstOrThrow']>>
