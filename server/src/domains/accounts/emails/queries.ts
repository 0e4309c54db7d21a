import type { Queries } from '../../../platform/db/store.ts'

export const findEmail = (db: Queries, userId: string) => db.selectFrom('users').select(['email', 'email_verified_at']).where('id', '=', userId)

/** Says that an address was proved, if it still is the account's. */
export const verifyEmail = (db: Queries, userId: string, v: { emailKey: string; at: Date }) =>
  db.updateTable('users').set((eb) => ({ email_verified_at: eb.fn.coalesce('email_verified_at', eb.val(v.at)) })).where('id', '=', userId).where('email_key', '=', v.emailKey).returning('id')

type NewChange = { id: string; userId: string; email: string; emailKey: string; at: Date }

/** From the address that the account has now. */
export const insertEmailChange = (db: Queries, c: NewChange) =>
  db.insertInto('email_changes').columns(['id', 'user_id', 'email', 'email_key', 'old_email', 'created_at'])
    .expression((eb) => eb.selectFrom('users').where('id', '=', c.userId).select(({ val }) => [val(c.id).as('id'), 'users.id as user_id', val(c.email).as('email'), val(c.emailKey).as('email_key'), 'users.email as old_email', val(c.at).as('created_at')]))

/** With the links that were mailed for them. */
export const deleteOpenChanges = (db: Queries, userId: string) => db.deleteFrom('email_changes').where('user_id', '=', userId).where('confirmed_at', 'is', null)

export const findOpenChange = (db: Queries, userId: string) =>
  db.selectFrom('email_changes').select(['id', 'email']).where('user_id', '=', userId).where('confirmed_at', 'is', null).orderBy('id', 'desc').limit(1)

export const confirmChange = (db: Queries, id: string, at: Date) =>
  db.updateTable('email_changes').set({ confirmed_at: at }).where('id', '=', id).where('confirmed_at', 'is', null).returning(['email', 'email_key'])

export const findUserOf = (db: Queries, emailKey: string) => db.selectFrom('users').select('id').where('email_key', '=', emailKey)

export const updateEmail = (db: Queries, userId: string, e: { email: string; emailKey: string; at: Date }) =>
  db.updateTable('users').set({ email: e.email, email_key: e.emailKey, email_verified_at: e.at, updated_at: e.at }).where('id', '=', userId).returning('id')

/** Forgets up to `limit` changes of long ago. */
export const deleteOldChanges = (db: Queries, before: Date, limit: number) =>
  db.deleteFrom('email_changes').where('id', 'in', (eb) => eb.selectFrom('email_changes').select('id').where('created_at', '<=', before).orderBy('created_at').limit(limit)).returning('id')
