import { sql, type RawBuilder } from 'kysely'
import type { Queries } from '../../../platform/db/store.ts'

/** Figures are taken over the checkpoints since a day, and over at most so many, newest first. */
const COUNTED_MAX = 10_000

const counted = (identityId: string, since: Date) => sql`(
  select id, type, effect, tool, actor_kind, status, created_at, expires_at, decided_at, escalated_at from checkpoints
  where identity_id = ${identityId} and created_at >= ${since} order by id desc limit ${sql.lit(COUNTED_MAX)}) c`

/** As it stands now: what waited too long is expired before the clock's job has written it. */
const statusAt = (at: Date) => sql<string>`case when status = 'pending' and expires_at <= ${at} then 'expired' else status end`

export type Count = { type: string; status: string; count: number }

export const countByStatus = (identityId: string, { since, at }: { since: Date; at: Date }): RawBuilder<Count> => sql<Count>`
  select type, ${statusAt(at)} as status, count(*)::int as count from ${counted(identityId, since)} group by 1, 2 order by 1, 2 limit 100`

export type Timings = { decided: number; median_seconds: number | null; p95_seconds: number | null; ended: number; expired: number; escalated: number; waiting: number; oldest_waiting: Date | null }

export const measure = (identityId: string, { since, at }: { since: Date; at: Date }): RawBuilder<Timings> => sql<Timings>`
  select count(*) filter (where status in ('approved', 'rejected'))::int as decided,
    percentile_cont(0.5) within group (order by extract(epoch from decided_at - created_at)) filter (where status in ('approved', 'rejected')) as median_seconds,
    percentile_cont(0.95) within group (order by extract(epoch from decided_at - created_at)) filter (where status in ('approved', 'rejected')) as p95_seconds,
    count(*) filter (where ${statusAt(at)} <> 'pending')::int as ended, count(*) filter (where ${statusAt(at)} = 'expired')::int as expired,
    count(*) filter (where escalated_at is not null)::int as escalated, count(*) filter (where ${statusAt(at)} = 'pending')::int as waiting,
    min(created_at) filter (where ${statusAt(at)} = 'pending') as oldest_waiting
  from ${counted(identityId, since)} where type <> 'identity_boundary'`

export const countPauses = (db: Queries, identityId: string, since: Date) =>
  db.selectFrom('actor_pauses').select((eb) => ['reason', eb.fn.countAll<string>().as('count')]).where('identity_id', '=', identityId).where('since', '>=', since).groupBy('reason').limit(10)

export type Slice = { key: string; status: string; count: number }

/** Counts by day, tool or kind of actor, the largest first. */
export const countBy = (identityId: string, by: 'day' | 'tool' | 'actor', { since, at }: { since: Date; at: Date }): RawBuilder<Slice> => {
  const key = { day: sql`to_char(created_at at time zone 'UTC', 'YYYY-MM-DD')`, tool: sql`coalesce(tool, '')`, actor: sql`actor_kind` }[by]
  return sql<Slice>`select ${key} as key, ${statusAt(at)} as status, count(*)::int as count from ${counted(identityId, since)} group by 1, 2 order by 3 desc, 1, 2 limit 500`
}

export type SignalRow = { id: string; type: string; summary: unknown; created_at: Date; expires_at: Date; cannot_be_met: boolean; escalated_at: Date | null }

/** What waits, longest first; of one thread when that is named. */
export const listWaiting = (db: Queries, identityId: string, { threadId, at, limit }: { threadId: string | null; at: Date; limit: number }) =>
  db.selectFrom('checkpoints').select(['id', 'type', 'summary', 'created_at', 'expires_at', 'cannot_be_met', 'escalated_at']).where('identity_id', '=', identityId).where('status', '=', 'pending').where('expires_at', '>', at)
    .$if(threadId !== null, (b) => b.where('run_id', 'in', (eb) => eb.selectFrom('nova_runs').select('id').where('identity_id', '=', identityId).where('thread_id', '=', threadId)))
    .orderBy('id').limit(limit)

/** Refused attempts at the boundary since a time. */
export const listViolations = (db: Queries, identityId: string, { since, limit }: { since: Date; limit: number }) =>
  db.selectFrom('checkpoints').select(['id', 'type', 'summary', 'created_at', 'expires_at', 'cannot_be_met', 'escalated_at']).where('identity_id', '=', identityId).where('status', '=', 'rejected').where('type', '=', 'identity_boundary').where('created_at', '>', since)
    .orderBy('id', 'desc').limit(limit)

export const listPausesInForce = (db: Queries, identityId: string, { at, limit }: { at: Date; limit: number }) =>
  db.selectFrom('actor_pauses').selectAll().where('identity_id', '=', identityId).where('lifted_at', 'is', null).where((eb) => eb.or([eb('ends_at', 'is', null), eb('ends_at', '>', at)])).orderBy('id', 'desc').limit(limit)

/** What ended without anybody's decision, or of whose effect nobody knows, and was not seen to; newest first. */
export const listBacklog = (db: Queries, identityId: string, { before, limit }: { before: string | undefined; limit: number }) =>
  db.selectFrom('checkpoints').selectAll().where('identity_id', '=', identityId).where('resolved_at', 'is', null)
    .where((eb) => eb.or([eb('status', '=', 'expired'), eb('effect_state', '=', 'unknown')]))
    .$if(before !== undefined, (b) => b.where('id', '<', before ?? '')).orderBy('id', 'desc').limit(limit + 1)

export const resolveExpired = (db: Queries, identityId: string, id: string, { at, note }: { at: Date; note: string | null }) =>
  db.updateTable('checkpoints').set({ resolved_at: at, note }).where('identity_id', '=', identityId).where('id', '=', id).where('status', '=', 'expired').where('resolved_at', 'is', null).returningAll()
