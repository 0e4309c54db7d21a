import { sql } from 'kysely'
import type { Queries } from '../../../platform/db/store.ts'

type NewLetter = { id: string; userId: string | null; kind: string; language: string; changeId: string | null; at: Date }

export const insertLetter = (db: Queries, l: NewLetter) =>
  db.insertInto('letters').values({ id: l.id, user_id: l.userId, kind: l.kind, language: l.language, change_id: l.changeId, due_at: l.at, created_at: l.at })

/** Takes the letter that has been due the longest, for one worker until `lease`. */
export const claimLetter = (db: Queries, now: Date, lease: Date) =>
  db.updateTable('letters').set((eb) => ({ attempts: eb('attempts', '+', 1), due_at: lease }))
    .where('id', '=', (eb) => eb.selectFrom('letters').select('id').where('due_at', '<=', now).orderBy('due_at').limit(1).forUpdate().skipLocked())
    .returningAll()

/** Nothing when another worker has taken it since. */
export const deleteLetter = (db: Queries, l: { id: string; attempts: number }) =>
  db.deleteFrom('letters').where('id', '=', l.id).where('attempts', '=', l.attempts)

export const postponeLetter = (db: Queries, l: { id: string; attempts: number }, due: Date) =>
  db.updateTable('letters').set({ due_at: due }).where('id', '=', l.id).where('attempts', '=', l.attempts)

/** Whom a letter goes to: an open account, with what a change of its address says. */
export const findAddressee = (db: Queries, userId: string, changeId: string | null) =>
  db.selectFrom('users as u').leftJoin('email_changes as c', (join) => join.onRef('c.user_id', '=', 'u.id').on('c.id', '=', changeId ?? sql<string>`null`))
    .select(['u.id', 'u.name', 'u.email', 'u.email_key', 'c.id as change_id', 'c.email as new_email', 'c.email_key as new_key', 'c.old_email', 'c.confirmed_at'])
    .where('u.id', '=', userId).where('u.disabled_at', 'is', null)

type NewToken = { hash: string; userId: string; purpose: string; emailKey: string; changeId: string | null; at: Date; expiresAt: Date }

export const insertMailedToken = (db: Queries, t: NewToken) => db.insertInto('mailed_tokens').values({
  hash: t.hash, user_id: t.userId, purpose: t.purpose, email_key: t.emailKey, change_id: t.changeId, created_at: t.at, expires_at: t.expiresAt,
})

/** A token that still works, untouched. */
export const findMailedToken = (db: Queries, hash: string, w: { purposes: string[]; now: Date }) =>
  db.selectFrom('mailed_tokens').select(['user_id', 'purpose', 'email_key', 'change_id'])
    .where('hash', '=', hash).where('purpose', 'in', w.purposes).where('used_at', 'is', null).where('expires_at', '>', w.now)

/** Uses a token up. One conditional statement: of any number of uses at once, one gets the row. */
export const spendMailedToken = (db: Queries, hash: string, now: Date) =>
  db.updateTable('mailed_tokens').set({ used_at: now }).where('hash', '=', hash).where('used_at', 'is', null).where('expires_at', '>', now)
    .returning(['user_id', 'purpose', 'email_key', 'change_id'])

/** Ends the other links of a person for that purpose. */
export const deleteMailedTokens = (db: Queries, userId: string, w: { purpose: string; except: string }) =>
  db.deleteFrom('mailed_tokens').where('user_id', '=', userId).where('purpose', '=', w.purpose).where('hash', '<>', w.except)

/** Forgets up to `limit` tokens that ended before that time; until then a late use is told that it is late. */
export const deleteOldMailedTokens = (db: Queries, before: Date, limit: number) =>
  db.deleteFrom('mailed_tokens').where('hash', 'in', (eb) => eb.selectFrom('mailed_tokens').select('hash').where('expires_at', '<=', before).orderBy('expires_at').limit(limit)).returning('hash')
