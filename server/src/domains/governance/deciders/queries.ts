import { sql, type RawBuilder } from 'kysely'
import type { Queries } from '../../../platform/db/store.ts'
import type { CheckpointRow } from '../queries.ts'

export const findUser = (db: Queries, userId: string) => db.selectFrom('users').select('id').where('id', '=', userId).where('disabled_at', 'is', null)

/** Seats people at a checkpoint; who sits there already stays. */
export const insertSeats = (db: Queries, { checkpointId, identityId, userIds }: { checkpointId: string; identityId: string; userIds: readonly string[] }) =>
  db.insertInto('checkpoint_deciders').values(userIds.map((userId) => ({ checkpoint_id: checkpointId, identity_id: identityId, user_id: userId }))).onConflict((conflict) => conflict.doNothing())

/** Who is seated at a checkpoint and still has the role that it asks for. */
export const listSeats = (db: Queries, checkpointId: string) => db.selectFrom('checkpoint_deciders').select('user_id').where('checkpoint_id', '=', checkpointId)
  .where(sql<boolean>`seat_stands(checkpoint_id, user_id)`).orderBy('user_id').limit(200)

/** Whose seat a user fills at a checkpoint (server/migrations/0012); null for none. */
export const findStanding = (checkpointId: string, userId: string, at: Date): RawBuilder<{ seat: string | null }> => sql<{ seat: string | null }>`select standing(${checkpointId}::uuid, ${userId}::uuid, ${at}) as seat`

/** A checkpoint that row-level security lets the scope see, whosever it is. */
export const findVisible = (db: Queries, id: string) => db.selectFrom('checkpoints').selectAll().where('id', '=', id)

/** The ids of up to `most` checkpoints that wait for the user of the scope, newest first. */
export const listToDecide = (db: Queries, { at, before, most }: { at: Date; before: string | undefined; most: number }) =>
  db.selectFrom('checkpoints').selectAll().where('id', 'in', sql<string>`(select to_decide(${at}, ${before ?? null}::uuid, ${most}))`).orderBy('id', 'desc').limit(most)

/** Those people and whoever they delegated to, the requester left out of the latter. */
export const listHearers = (userIds: readonly string[], { identityId, userId, at }: { identityId: string; userId: string; at: Date }): RawBuilder<{ user_id: string }> =>
  sql<{ user_id: string }>`select h as user_id from hearers_of(${userIds}::uuid[], ${identityId}::uuid, ${userId}::uuid, ${at}) h`

/** From here on the transaction sees the rows of this identity and user. */
export const enterScope = ({ identityId, userId }: { identityId: string; userId: string }): RawBuilder<unknown> =>
  sql`select set_config('app.identity_id', ${identityId}, true), set_config('app.user_id', ${userId}, true)`

export const isIdentityLive = (db: Queries, identityId: string) => db.selectFrom('identities').select('id').where('id', '=', identityId).where('archived_at', 'is', null)

type Cast = { id: string; verdict: 'approved' | 'rejected' | 'cancelled'; who: string; seat: string; note: string | null; at: Date }

/**
 * Casts a vote and, when it is the one that decides, claims the checkpoint: one statement under the row's lock, so that of
 * many who vote at once each counts once, and exactly one finds the quorum filled. A yes from a seat that does not stand any more
 * fills nothing. No row: over, or this person or seat voted.
 */
export const castVote = ({ id, verdict, who, seat, note, at }: Cast): RawBuilder<CheckpointRow> => {
  const decides = sql`(${verdict}::text <> 'approved' or (select count(*) from unnest(approved_seats) voted(seat) where seat_stands(id, voted.seat)) + 1 >= quorum)`
  return sql<CheckpointRow>`
    update checkpoints set
      approved_by = case when ${verdict}::text = 'approved' then approved_by || ${who}::uuid else approved_by end,
      approved_seats = case when ${verdict}::text = 'approved' then approved_seats || ${seat}::uuid else approved_seats end,
      status = case when ${decides} then ${verdict}::text else status end, version = version + 1,
      decided_at = case when ${decides} then ${at}::timestamptz else decided_at end, decided_by = case when ${decides} then ${who}::uuid else decided_by end,
      ended_because = case when ${verdict}::text = 'cancelled' then 'stale' else ended_because end,
      note = case when ${decides} then ${note}::text else note end,
      spent_at = case when ${decides} and ${verdict}::text = 'approved' then ${at}::timestamptz else spent_at end
    where id = ${id} and status = 'pending' and expires_at > ${at} and type <> 'identity_boundary'
      and not ${who}::uuid = any(approved_by) and not ${seat}::uuid = any(approved_seats) and standing(id, ${who}::uuid, ${at}) = ${seat}::uuid
    returning *`
}

export const insertVote = (db: Queries, v: { checkpointId: string; identityId: string; userId: string; seat: string; verdict: string; note: string | null; at: Date }) =>
  db.insertInto('checkpoint_votes').values({ checkpoint_id: v.checkpointId, identity_id: v.identityId, user_id: v.userId, seat_user_id: v.seat, verdict: v.verdict, note: v.note, at: v.at })

/** Oldest first: a quorum is small, and a person votes once. */
export const listVotes = (db: Queries, checkpointId: string) => db.selectFrom('checkpoint_votes').selectAll().where('checkpoint_id', '=', checkpointId).orderBy('at').limit(100)

export const insertAdvice = (db: Queries, a: { id: string; checkpointId: string; identityId: string; actorKind: string; actorId: string; recommends: string; text: string; at: Date }) =>
  db.insertInto('checkpoint_advice').values({ id: a.id, checkpoint_id: a.checkpointId, identity_id: a.identityId, actor_kind: a.actorKind, actor_id: a.actorId, recommends: a.recommends, text: a.text, at: a.at }).returningAll()

export const listAdvice = (db: Queries, checkpointId: string) => db.selectFrom('checkpoint_advice').selectAll().where('checkpoint_id', '=', checkpointId).orderBy('id', 'desc').limit(20)

/** Until the transaction ends, no other delegation is made: two at once cannot close a cycle. */
export const lockDelegations = (): RawBuilder<unknown> => sql`select pg_advisory_xact_lock(hashtextextended('delegations', 0))`

/** Whether what one person may decide comes, by delegations that have not ended, to another. */
export const findReach = (from: string, to: string, at: Date): RawBuilder<{ reaches: boolean }> => sql<{ reaches: boolean }>`select delegation_reaches(${from}::uuid, ${to}::uuid, ${at}) as reaches`

type NewDelegation = { id: string; identityId: string; from: string; to: string; startsAt: Date; endsAt: Date; at: Date }

export const insertDelegation = (db: Queries, d: NewDelegation) => db.insertInto('delegations').values({
  id: d.id, identity_id: d.identityId, from_user_id: d.from, to_user_id: d.to, starts_at: d.startsAt, ends_at: d.endsAt, created_at: d.at,
}).returningAll()

export const revokeDelegation = (db: Queries, identityId: string, id: string, at: Date) =>
  db.updateTable('delegations').set((eb) => ({ revoked_at: at, version: eb('version', '+', 1) })).where('identity_id', '=', identityId).where('id', '=', id).where('revoked_at', 'is', null).returningAll()

/** Those that the identity gave and those that its user was given, newest first. */
export const listDelegations = (db: Queries, { identityId, userId, before, limit }: { identityId: string; userId: string | null; before: string | undefined; limit: number }) =>
  db.selectFrom('delegations').selectAll().where((eb) => eb.or([eb('identity_id', '=', identityId), ...(userId === null ? [] : [eb('to_user_id', '=', userId)])]))
    .$if(before !== undefined, (b) => b.where('id', '<', before ?? '')).orderBy('id', 'desc').limit(limit + 1)

export type DelegationRow = Awaited<ReturnType<ReturnType<typeof insertDelegation>['executeTakeFirstOrThrow']>>
export type AdviceRow = Awaited<ReturnType<ReturnType<typeof insertAdvice>['executeTakeFirstOrThrow']>>
export type VoteRow = Awaited<ReturnType<ReturnType<typeof listVotes>['executeTakeFirstOrThrow']>>
