import { sql } from 'kysely'
import type { Queries } from '../../platform/db/store.ts'
import type { CommittedEvent } from '../../platform/events/event.ts'

export type HeaderRow = { name: string; value: string }
type NewWebhook = { id: string; identityId: string; userId: string; url: string; description: string; events: string[]; regex: string; headers: HeaderRow[]; secret: string; at: Date }

export const insertWebhook = (db: Queries, w: NewWebhook) => db.insertInto('webhooks').values({
  id: w.id, identity_id: w.identityId, user_id: w.userId, url: w.url, description: w.description, events: w.events, event_regex: w.regex, headers: JSON.stringify(w.headers),
  secret: w.secret, status: 'enabled', created_at: w.at, updated_at: w.at,
}).returningAll().executeTakeFirstOrThrow()

export const countWebhooks = (db: Queries, identityId: string) =>
  db.selectFrom('webhooks').select((eb) => eb.fn.countAll<string>().as('count')).where('identity_id', '=', identityId)

type Changes = { url?: string | undefined; description?: string | undefined; events?: string[] | undefined; regex?: string | undefined; headers?: HeaderRow[] | undefined; at: Date }

export const changeWebhook = (db: Queries, identityId: string, id: string, c: Changes) =>
  db.updateTable('webhooks').set((eb) => ({
    updated_at: c.at, version: eb('version', '+', 1), ...(c.url === undefined ? {} : { url: c.url }), ...(c.description === undefined ? {} : { description: c.description }),
    ...(c.events === undefined || c.regex === undefined ? {} : { events: c.events, event_regex: c.regex }), ...(c.headers === undefined ? {} : { headers: JSON.stringify(c.headers) }),
  })).where('identity_id', '=', identityId).where('id', '=', id).returningAll().executeTakeFirst()

export const enableWebhook = (db: Queries, identityId: string, id: string, at: Date) =>
  db.updateTable('webhooks').set((eb) => ({ status: 'enabled', disabled_because: null, failures: 0, updated_at: at, version: eb('version', '+', 1) }))
    .where('identity_id', '=', identityId).where('id', '=', id).returningAll().executeTakeFirst()

export const disableWebhook = (db: Queries, identityId: string, id: string, d: { because: 'person' | 'failures'; at: Date }) =>
  db.updateTable('webhooks').set((eb) => ({ status: 'disabled', disabled_because: d.because, updated_at: d.at, version: eb('version', '+', 1) }))
    .where('identity_id', '=', identityId).where('id', '=', id).where('status', '=', 'enabled').returningAll()

/** The old secret signs until a time beside the new one, which nobody has seen yet. */
export const rotateSecret = (db: Queries, identityId: string, id: string, r: { secret: string; oldUntil: Date; at: Date }) =>
  db.updateTable('webhooks').set((eb) => ({ old_secret: eb.ref('secret'), old_secret_until: r.oldUntil, secret: r.secret, secret_shown_at: null, updated_at: r.at, version: eb('version', '+', 1) }))
    .where('identity_id', '=', identityId).where('id', '=', id).returningAll().executeTakeFirst()

/** Claims the one time that a secret is shown; no row when it was shown before. */
export const claimSecret = (db: Queries, identityId: string, id: string, at: Date) =>
  db.updateTable('webhooks').set({ secret_shown_at: at }).where('identity_id', '=', identityId).where('id', '=', id).where('secret_shown_at', 'is', null).returning(['id', 'secret'])

/** Its deliveries go with it. */
export const deleteWebhook = (db: Queries, identityId: string, id: string) =>
  db.deleteFrom('webhooks').where('identity_id', '=', identityId).where('id', '=', id).returning('id').executeTakeFirst()

export const findWebhook = (db: Queries, identityId: string, id: string) => db.selectFrom('webhooks').selectAll().where('identity_id', '=', identityId).where('id', '=', id)

/** Newest first, one more than `limit` so that the caller knows whether a page follows. */
export const listWebhooks = (db: Queries, identityId: string, f: { before?: string | undefined; limit: number }) =>
  db.selectFrom('webhooks').selectAll().where('identity_id', '=', identityId).$if(f.before !== undefined, (q) => q.where('id', '<', f.before ?? '')).orderBy('id', 'desc').limit(f.limit + 1)

type DeliveryFilter = { webhookId: string; status?: string | undefined; before?: string | undefined; limit: number }

export const listDeliveries = (db: Queries, identityId: string, f: DeliveryFilter) =>
  db.selectFrom('webhook_deliveries').selectAll().where('identity_id', '=', identityId).where('webhook_id', '=', f.webhookId)
    .$if(f.status !== undefined, (q) => q.where('status', '=', f.status ?? '')).$if(f.before !== undefined, (q) => q.where('id', '<', f.before ?? '')).orderBy('id', 'desc').limit(f.limit + 1)

/**
 * Endpoints that hear an event, in the order of their ids, after one: those whose socket would. An event of an identity is
 * heard by that identity's own, one of an account by that person's, one of the instance by all.
 */
export const listHearing = (db: Queries, { name, identityId, userId }: Pick<CommittedEvent, 'name' | 'identityId' | 'userId'>, p: { after: string; limit: number }) =>
  db.selectFrom('webhooks').select(['id', 'identity_id']).where('status', '=', 'enabled').where('id', '>', p.after)
    .$if(identityId !== null, (q) => q.where('identity_id', '=', identityId ?? '')).$if(userId !== null, (q) => q.where('user_id', '=', userId ?? ''))
    .where(sql<boolean>`${name} ~ event_regex`).orderBy('id').limit(p.limit)

export type NewDelivery = { id: string; webhookId: string; identityId: string; eventId: string; eventName: string; body: string; at: Date }

/** An event that an endpoint has a delivery of already gets no second one. */
export const insertDeliveries = (db: Queries, rows: NewDelivery[]) => db.insertInto('webhook_deliveries').values(rows.map((d) => ({
  id: d.id, webhook_id: d.webhookId, identity_id: d.identityId, event_id: d.eventId, event_name: d.eventName, body: d.body, status: 'waiting', next_attempt_at: d.at, created_at: d.at,
}))).onConflict((conflict) => conflict.columns(['webhook_id', 'event_id']).doNothing()).returningAll()

type Due = { now: Date; busy: string[]; resting: string[]; failing: boolean; limit: number }

/**
 * Deliveries that are due, longest first, with their endpoints; locked, and passed over where another node has locked them.
 * Left out: endpoints that are busy here, identities that rest, and, unless `failing`, endpoints whose last attempt failed.
 */
export const lockDue = (db: Queries, d: Due) =>
  db.selectFrom('webhook_deliveries as d').innerJoin('webhooks as w', 'w.id', 'd.webhook_id')
    .select(['d.id', 'd.webhook_id', 'd.identity_id', 'd.attempts', 'd.body', 'w.user_id', 'w.url', 'w.headers', 'w.secret', 'w.old_secret', 'w.old_secret_until', 'w.failures'])
    .where('d.status', '=', 'waiting').where('d.next_attempt_at', '<=', d.now).where('w.status', '=', 'enabled')
    .where(sql<boolean>`d.webhook_id <> all(${d.busy}::uuid[])`).where(sql<boolean>`d.identity_id <> all(${d.resting}::uuid[])`)
    .$if(!d.failing, (q) => q.where('w.failures', '=', 0)).orderBy('d.next_attempt_at').limit(d.limit).forUpdate('d').skipLocked()

/** Counts attempts of an identity in this minute; the sum with these. */
export const countPace = (db: Queries, identityId: string, p: { minute: Date; used: number }) =>
  db.insertInto('webhook_pace').values({ identity_id: identityId, minute: p.minute, used: p.used })
    .onConflict((conflict) => conflict.column('identity_id').doUpdateSet({ minute: p.minute, used: sql`case when webhook_pace.minute = excluded.minute then webhook_pace.used else 0 end + excluded.used` })).returning('used')

export const leaseDeliveries = (db: Queries, ids: string[], until: Date) =>
  db.updateTable('webhook_deliveries').set((eb) => ({ status: 'sending', attempts: eb('attempts', '+', 1), next_attempt_at: until })).where('id', 'in', ids)

/** Gives up to `limit` deliveries whose worker is gone back to whoever comes next; at least once, so it may arrive twice. */
export const releaseLost = (db: Queries, now: Date, limit: number) =>
  db.updateTable('webhook_deliveries').set({ status: 'waiting', next_attempt_at: now, error: 'lost' })
    .where('id', 'in', (eb) => eb.selectFrom('webhook_deliveries').select('id').where('status', '=', 'sending').where('next_attempt_at', '<=', now).orderBy('next_attempt_at').limit(limit).forUpdate().skipLocked())
    .where('status', '=', 'sending').returning('id')

export type Outcome = {
  status: 'delivered' | 'waiting' | 'failed'; attempts: number; nextAttemptAt: Date; settledAt: Date | null
  error: string | null; responseStatus: number | null; responseText: string | null; durationMs: number | null
}

/** Writes down what became of an attempt; only that attempt's own worker may. */
export const settleDelivery = (db: Queries, attempt: { id: string; attempts: number }, o: Outcome) =>
  db.updateTable('webhook_deliveries').set({
    status: o.status, attempts: o.attempts, next_attempt_at: o.nextAttemptAt, settled_at: o.settledAt, error: o.error, response_status: o.responseStatus, response_text: o.responseText, response_ms: o.durationMs,
  }).where('id', '=', attempt.id).where('attempts', '=', attempt.attempts).where('status', '=', 'sending').returning('id')

/** Failures in a row of an endpoint, after one more or a success. Its version stays: approvals are bound to what it is, not to how it fares. */
export const countFailures = (db: Queries, id: string, failed: boolean) =>
  db.updateTable('webhooks').set((eb) => ({ failures: failed ? eb('failures', '+', 1) : 0 })).where('id', '=', id).where((eb) => (failed ? eb.val(true) : eb('failures', '>', 0))).returning(['failures', 'status'])

/** Makes a delivery that has ended due again, under its id; no row while it is on its way. */
export const redeliver = (db: Queries, identityId: string, id: string, at: Date) =>
  db.updateTable('webhook_deliveries').set({ status: 'waiting', attempts: 0, next_attempt_at: at, settled_at: null }).where('identity_id', '=', identityId).where('id', '=', id)
    .where('status', 'in', ['delivered', 'failed']).returningAll().executeTakeFirst()

/** Forgets up to `limit` deliveries made before a time. */
export const deleteOldDeliveries = (db: Queries, before: Date, limit: number) =>
  db.deleteFrom('webhook_deliveries').where('id', 'in', (eb) => eb.selectFrom('webhook_deliveries').select('id').where('created_at', '<', before).orderBy('created_at').limit(limit).forUpdate().skipLocked()).returning('id')

export type WebhookRow = Awaited<ReturnType<ReturnType<typeof findWebhook>['executeTakeFirstOrThrow']>>
export type DeliveryRow = Awaited<ReturnType<ReturnType<typeof listDeliveries>['executeTakeFirstOrThrow']>>
export type DueRow = Awaited<ReturnType<ReturnType<typeof lockDue>['executeTakeFirstOrThrow']>>
