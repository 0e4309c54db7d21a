import type { Queries } from '../../platform/db/store.ts'
import type { Bilingual } from '../../platform/text.ts'

export type NewNotification = {
  id: string; userId: string; identityId: string | null; kind: string; title: Bilingual; body: Bilingual; link: string | null
  refType: string | null; refId: string | null; eventId: string; inApp: boolean; mailAt: Date | null; at: Date
}

/** No row when the person was told of that event already. */
export const insertNotification = (db: Queries, n: NewNotification) => db.insertInto('notifications').values({
  id: n.id, user_id: n.userId, identity_id: n.identityId, kind: n.kind, title: JSON.stringify(n.title), body: JSON.stringify(n.body), link: n.link,
  ref_type: n.refType, ref_id: n.refId, event_id: n.eventId, in_app: n.inApp, mail: n.mailAt ? 'waiting' : 'none', mail_at: n.mailAt, created_at: n.at,
}).onConflict((conflict) => conflict.columns(['user_id', 'event_id', 'kind']).doNothing()).returning('id')

/** What the approver of a checkpoint sees. */
export const findSummary = (db: Queries, checkpointId: string) => db.selectFrom('checkpoints').select('summary').where('id', '=', checkpointId)

export const findPreferences = (db: Queries, userId: string) => db.selectFrom('notification_preferences').selectAll().where('user_id', '=', userId)

/** Locks what a person chose, so that two changes at once both hold. */
export const lockPreferences = (db: Queries, userId: string) => findPreferences(db, userId).forUpdate()

export const openPreferences = (db: Queries, userId: string, at: Date) =>
  db.insertInto('notification_preferences').values({ user_id: userId, language: 'en', kinds: '{}', updated_at: at }).onConflict((conflict) => conflict.column('user_id').doNothing())

export const savePreferences = (db: Queries, userId: string, p: { language: string; kinds: unknown; at: Date }) =>
  db.updateTable('notification_preferences').set({ language: p.language, kinds: JSON.stringify(p.kinds), updated_at: p.at }).where('user_id', '=', userId)

type Filter = { unread: boolean; kind?: string | undefined; before?: string | undefined; limit: number }

/** Newest first, one more than `limit` so that the caller knows whether a page follows. */
export const listNotifications = (db: Queries, userId: string, f: Filter) =>
  db.selectFrom('notifications').selectAll().where('user_id', '=', userId).where('in_app', '=', true)
    .$if(f.unread, (q) => q.where('read_at', 'is', null)).$if(f.kind !== undefined, (q) => q.where('kind', '=', f.kind ?? '')).$if(f.before !== undefined, (q) => q.where('id', '<', f.before ?? ''))
    .orderBy('id', 'desc').limit(f.limit + 1)

/** Counts unread ones up to `limit`. */
export const countUnread = (db: Queries, userId: string, limit: number) =>
  db.selectFrom(db.selectFrom('notifications').select('id').where('user_id', '=', userId).where('in_app', '=', true).where('read_at', 'is', null).limit(limit).as('unread')).select((eb) => eb.fn.countAll<string>().as('count'))

export const findNotification = (db: Queries, userId: string, id: string) => db.selectFrom('notifications').selectAll().where('user_id', '=', userId).where('id', '=', id)

export const markRead = (db: Queries, userId: string, id: string, at: Date) =>
  db.updateTable('notifications').set({ read_at: at }).where('user_id', '=', userId).where('id', '=', id).where('read_at', 'is', null).returningAll()

export const markAllRead = (db: Queries, userId: string, at: Date) =>
  db.updateTable('notifications').set({ read_at: at }).where('user_id', '=', userId).where('in_app', '=', true).where('read_at', 'is', null).returning('id')

/** Whoever has waited longest for an e-mail that is due; locked with all that is due for them, and passed over by other nodes. */
export const lockFirstToMail = (db: Queries, now: Date) =>
  db.selectFrom('notifications').select('user_id').where('mail', '=', 'waiting').where('mail_at', '<=', now).orderBy('mail_at').limit(1).forUpdate().skipLocked()

export const lockToMail = (db: Queries, userId: string, now: Date, limit: number) =>
  db.selectFrom('notifications').selectAll().where('user_id', '=', userId).where('mail', '=', 'waiting').where('mail_at', '<=', now).orderBy('id').limit(limit).forUpdate().skipLocked()

/** When the e-mails of a person left since a time, oldest first; one row each. */
export const listMailTimes = (db: Queries, userId: string, since: Date, limit: number) =>
  db.selectFrom('notifications').select((eb) => ['mail_id', eb.fn.min('mail_at').as('at')]).where('user_id', '=', userId).where('mail', 'in', ['sending', 'sent', 'unknown']).where('mail_at', '>', since)
    .where('mail_id', 'is not', null).groupBy('mail_id').orderBy('at').limit(limit)

export const postponeMail = (db: Queries, userId: string, until: Date) =>
  db.updateTable('notifications').set({ mail_at: until }).where('user_id', '=', userId).where('mail', '=', 'waiting').where('mail_at', '<=', until)

export const claimMail = (db: Queries, ids: string[], c: { mailId: string; at: Date }) =>
  db.updateTable('notifications').set((eb) => ({ mail: 'sending', mail_id: c.mailId, mail_at: c.at, mail_attempts: eb('mail_attempts', '+', 1) })).where('id', 'in', ids)

export const settleMail = (db: Queries, mailId: string, s: { mail: 'sent' | 'waiting' | 'failed' | 'unknown'; at: Date }) =>
  db.updateTable('notifications').set({ mail: s.mail, mail_at: s.at }).where('mail_id', '=', mailId).where('mail', '=', 'sending')

/** Ends up to `limit` attempts whose worker is gone: nobody can say whether they left, so they are not repeated. */
export const loseMail = (db: Queries, before: Date, limit: number) =>
  db.updateTable('notifications').set({ mail: 'unknown' }).where('id', 'in', (eb) => eb.selectFrom('notifications').select('id').where('mail', '=', 'sending').where('mail_at', '<=', before).limit(limit).forUpdate().skipLocked()).returning('id')

/** Forgets up to `limit` notifications made before a time. */
export const deleteOldNotifications = (db: Queries, before: Date, limit: number) =>
  db.deleteFrom('notifications').where('id', 'in', (eb) => eb.selectFrom('notifications').select('id').where('created_at', '<', before).orderBy('created_at').limit(limit).forUpdate().skipLocked()).returning('id')

export type NotificationRow = Awaited<ReturnType<ReturnType<typeof findNotification>['executeTakeFirstOrThrow']>>
