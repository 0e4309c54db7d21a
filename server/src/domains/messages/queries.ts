import type { Queries } from '../../platform/db/store.ts'

type NewMessage = {
  id: string; identityId: string; direction: 'in' | 'out'; channel: 'instance' | 'email'; peerName: string | null; peerAddress: string
  subject: string | null; body: string; outboxId: string | null; at: Date
}

export const insertMessage = (db: Queries, m: NewMessage) => db.insertInto('messages').values({
  id: m.id, identity_id: m.identityId, direction: m.direction, channel: m.channel, peer_name: m.peerName, peer_address: m.peerAddress,
  subject: m.subject, body: m.body, outbox_id: m.outboxId, created_at: m.at,
}).returningAll()

const withOutbox = (db: Queries) => db.selectFrom('messages').leftJoin('outbox', 'outbox.id', 'messages.outbox_id')
  .selectAll('messages').select(['outbox.status as outbox_status', 'outbox.last_error as outbox_error'])

export const findMessage = (db: Queries, identityId: string, id: string) =>
  withOutbox(db).where('messages.identity_id', '=', identityId).where('messages.id', '=', id).executeTakeFirst()

type Filter = { direction?: 'in' | 'out' | undefined; before?: string | undefined; limit: number }

/** Newest first, one more than `limit` so that the caller knows whether a page follows. */
export const listMessages = (db: Queries, identityId: string, f: Filter) =>
  withOutbox(db).where('messages.identity_id', '=', identityId)
    .$if(f.direction !== undefined, (q) => q.where('messages.direction', '=', f.direction ?? ''))
    .$if(f.before !== undefined, (q) => q.where('messages.id', '<', f.before ?? ''))
    .orderBy('messages.id', 'desc').limit(f.limit + 1).execute()

/** No row when it was read before. */
export const markRead = (db: Queries, identityId: string, id: string, at: Date) =>
  db.updateTable('messages').set({ read_at: at }).where('identity_id', '=', identityId).where('id', '=', id).where('read_at', 'is', null).returning('id').executeTakeFirst()

export const insertOutbox = (db: Queries, o: { id: string; identityId: string; payload: OutboxPayload; checkpointId: string | null; at: Date }) => db.insertInto('outbox').values({
  id: o.id, identity_id: o.identityId, kind: 'mail', payload: JSON.stringify(o.payload), status: 'waiting', next_attempt_at: o.at, created_at: o.at, checkpoint_id: o.checkpointId,
})

/** Ids only: the text stays in its message. */
export type OutboxPayload = { message_id: string; user_id: string }

/**
 * Claims one due e-mail for one attempt, until `leaseUntil`. Two workers never get the same row: each locks what it takes
 * and passes over what another has locked.
 */
export const claimOutbox = (db: Queries, now: Date, leaseUntil: Date) =>
  db.updateTable('outbox').set((eb) => ({ status: 'sending', attempts: eb('attempts', '+', 1), next_attempt_at: leaseUntil }))
    .where('id', '=', (eb) => eb.selectFrom('outbox').select('id').where('kind', '=', 'mail').where('status', '=', 'waiting').where('next_attempt_at', '<=', now).orderBy('next_attempt_at').limit(1).forUpdate().skipLocked())
    .where('status', '=', 'waiting').returningAll()

/**
 * Ends up to `limit` attempts whose worker is gone. Whether their mail left cannot be asked, so they are over: told as
 * unknown, and never repeated (invariant 2).
 */
export const loseOutbox = (db: Queries, now: Date, limit: number) =>
  db.updateTable('outbox').set({ status: 'failed', last_error: 'unknown' })
    .where('id', 'in', (eb) => eb.selectFrom('outbox').select('id').where('kind', '=', 'mail').where('status', '=', 'sending').where('next_attempt_at', '<=', now).orderBy('next_attempt_at').limit(limit).forUpdate().skipLocked())
    .where('status', '=', 'sending').returningAll()

type Outcome = { status: 'sent' | 'waiting' | 'failed'; error: string | null; at: Date; sentAt: Date | null }

/**
 * Writes down what became of an attempt: only that attempt's own worker may. One that was taken for gone and comes back
 * still knows better than `unknown`; but it puts nothing back: the owner may have asked anew since.
 */
export const settleOutbox = (db: Queries, attempt: { id: string; attempts: number }, o: Outcome) =>
  db.updateTable('outbox').set({ status: o.status, last_error: o.error, next_attempt_at: o.at, sent_at: o.sentAt })
    .where('id', '=', attempt.id).where('attempts', '=', attempt.attempts)
    .where((eb) => eb.or([eb('status', '=', 'sending'), ...(o.status === 'waiting' ? [] : [eb.and([eb('status', '=', 'failed'), eb('last_error', '=', 'unknown')])])]))
    .returning('id')

export type MessageRow = NonNullable<Awaited<ReturnType<typeof findMessage>>>
export type OutboxRow = Awaited<ReturnType<ReturnType<typeof claimOutbox>['executeTakeFirstOrThrow']>>
