import { sql, type RawBuilder } from 'kysely'
import type { Queries } from '../db/store.ts'
import type { IdentityId, UserId } from '../ids.ts'

export const EVENTS_CHANNEL = 'chenu_events'

export const readCounter = (db: Queries) => db.selectFrom('event_counter').select('last').where('id', '=', 1)

/** Makes this relay the only one that numbers, until its transaction ends. */
export const lockCounter = (db: Queries) => db.selectFrom('event_counter').select('last').where('id', '=', 1).forUpdate()

/**
 * Numbers up to `limit` waiting events in the order of their ids, moves the counter and tells the other nodes; no row when
 * nothing waited. Must follow lockCounter as a statement of its own, so that it sees what the relay before it numbered.
 * Rows are found again by their place: only who holds the counter's lock ever changes a row that waits.
 */
export const claimEvents = (limit: number): RawBuilder<{ claimed: string; last: string }> => sql<{ claimed: string; last: string }>`
  with waiting as materialized (select ctid as place, id from events where seq is null order by id limit ${limit}),
    numbered as (select place, row_number() over (order by id) as position from waiting),
    claimed as (
      update events e set seq = c.last + n.position from numbered n, event_counter c
      where e.ctid = n.place and c.id = 1 returning e.id),
    moved as (
      update event_counter set last = last + (select count(*) from claimed)
      where id = 1 and exists (select 1 from claimed) returning last)
  select (select count(*) from claimed) as claimed, last, pg_notify(${sql.lit(EVENTS_CHANNEL)}, last::text) from moved`

/** The numbered events after one number, in order. */
export const listAfter = (db: Queries, { after, limit }: { after: number; limit: number }) =>
  db.selectFrom('events').selectAll().where('seq', '>', String(after)).orderBy('seq').limit(limit)

/** The oldest number that is still kept. */
export const findOldest = (db: Queries) => db.selectFrom('events').select('seq').where('seq', 'is not', null).orderBy('seq').limit(1)

export type Missed = { identityId: IdentityId; userId: UserId; channels: string[]; after: number; upTo: number; limit: number; offset?: number }

export type EventRow = { id: string; seq: string | null; identity_id: string | null; user_id: string | null; name: string; channels: string[]; data: unknown; at: Date }

/** What an identity may hear on the channels, between two numbers, in order: its own events, those of its account and those of the instance. */
export const listMissed = ({ identityId, userId, channels, after, upTo, limit, offset = 0 }: Missed): RawBuilder<EventRow> => sql<EventRow>`
  (select * from events where identity_id = ${identityId} and seq > ${after} and seq <= ${upTo}
    and (user_id is null or user_id = ${userId}) and channels && ${channels}::text[] order by seq limit ${limit + offset})
  union all
  (select * from events where identity_id is null and seq > ${after} and seq <= ${upTo}
    and (user_id is null or user_id = ${userId}) and channels && ${channels}::text[] order by seq limit ${limit + offset})
  order by seq limit ${limit} offset ${offset}`

/** Forgets the oldest `limit` events as far as they were handed on and are older than a time; reads no more than those. */
export const deleteOldEvents = (before: Date, limit: number): RawBuilder<{ id: string }> => sql<{ id: string }>`
  with oldest as (select seq from (select seq, at from events where seq is not null order by seq limit ${limit}) e where e.at < ${before})
  delete from events where seq in (select seq from oldest) returning id`

/** Where a follower stands that is seen for the first time: at the newest number, so that it hears what comes. */
export const openCursor = (name: string): RawBuilder<unknown> => sql`
  insert into event_cursors (name, seq) select ${name}, last from event_counter where id = 1 on conflict (name) do nothing`

/** Takes a follower's place for this transaction; no row while another node works on it. */
export const takeCursor = (db: Queries, name: string) => db.selectFrom('event_cursors').selectAll().where('name', '=', name).forUpdate().skipLocked()

export type Ahead = { last: string; id: string | null } & Omit<EventRow, 'id'>

/**
 * The next `limit` events after a number whose name matches one of the expressions, and the number up to which the events
 * were looked through. One statement, so that both are of one moment: every event up to `last` is visible to it.
 */
export const listAhead = ({ after, regexes, limit }: { after: string; regexes: string[]; limit: number }): RawBuilder<Ahead> => sql<Ahead>`
  select c.last, e.* from event_counter c left join lateral (
    select * from events where seq > ${after} and seq <= c.last and name ~ any(${regexes}::text[]) order by seq limit ${limit}) e on true
  where c.id = 1 order by e.seq`

/** Holds identities against their erasure until the transaction ends; waits for one that is under way. */
export const shareIdentities = (ids: string[]): RawBuilder<unknown> => sql`select pg_advisory_xact_lock_shared(hashtextextended(id, 0)) from unnest(${ids}::text[]) id`

/** Those of some events that are still there. */
export const listLeft = (db: Queries, ids: string[]) => db.selectFrom('events').select('id').where('id', 'in', ids)

export const moveCursor = (db: Queries, name: string, c: { seq: string; failures: number; nextAttemptAt: Date | null }) =>
  db.updateTable('event_cursors').set({ seq: c.seq, failures: c.failures, next_attempt_at: c.nextAttemptAt }).where('name', '=', name)
