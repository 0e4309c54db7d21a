import { sql, type Compilable, type RawBuilder } from 'kysely'
import { statement } from '../../platform/db/statement.ts'
import type { Queries } from '../../platform/db/store.ts'
import type { Caller } from '../../platform/ctx.ts'
import { STOPS, type Stops } from './fence/queries.ts'

export { shareFence } from './fence/queries.ts'

export type Guard = Stops & { session_live: boolean; identity_live: boolean }

const GUARD = `
  select exists (select 1 from sessions s join users u on u.id = s.user_id
      where s.id = $4 and s.user_id = $5 and s.revoked_at is null and s.expires_at > $6 and u.disabled_at is null) as session_live,
    exists (select 1 from identities i where i.id = $1 and i.user_id = $5 and i.archived_at is null) as identity_live, ${STOPS}`

/** The fence with all its strengths, the session and the identity as they are now, in one statement. */
export const readGuard = ({ sessionId, userId, identityId, actor }: Caller, now: Date): Compilable<Guard> =>
  statement(GUARD, [identityId, actor.kind, actor.id, sessionId, userId, now])

export type Owned = { position: number; identity_id: string; sphere_id: number | null; version: number; title: string | null; /** What the row says, where it is locked as the caller's own. */ state?: unknown }

/** Locks the caller's own rows of those named, until the transaction ends, and reads them: what an approval is bound to stays as it was read. */
export const lockOwned = (types: string[], ids: string[]): Compilable<{ type: string; id: string; state: unknown }> => statement(
  'select w.type, w.id, lock_owned(w.type, w.id) as state from (select * from unnest($1::text[], $2::uuid[]) as u(type, id) order by u.id) w', [types, ids])

/**
 * Locks the rows that a waiting checkpoint is about, before a decision locks the checkpoint itself. Whoever asks for the same
 * action holds its row when the open checkpoint makes them wait; the other way round the two would wait for each other.
 */
export const lockRowsOf = (identityId: string, id: string): Compilable<unknown> => statement(`
  select lock_owned(w.type, w.id) from (
    select r.type, r.id from checkpoints c, jsonb_to_recordset(c.action::jsonb -> 'resources') as r(type text, id uuid)
    where c.identity_id = $1 and c.id = $2 and c.status = 'pending' order by r.id) w`, [identityId, id])

/** Owner, sphere and version of each named row that exists, whoever owns it; its title only when it is the caller's own. */
export const findOwners = (types: string[], ids: string[]): RawBuilder<Owned> => sql<Owned>`
  select w.position::int as position, o.identity_id, o.sphere_id, o.version, title_of(w.type, w.id) as title
  from unnest(${types}::text[], ${ids}::uuid[]) with ordinality as w(type, id, position), owner_of(w.type, w.id) o`

export type StoredAnswer = { request_hash: string; status: number | null; headers: Record<string, string> | null; body: unknown; run_id: string | null }

export const findAnswer = (db: Queries, identityId: string, route: string, key: string) =>
  db.selectFrom('idempotency_keys').select(['request_hash', 'status', 'headers', 'body', 'run_id'])
    .where('identity_id', '=', identityId).where('route', '=', route).where('key', '=', key)

type Answer = { identityId: string; route: string; key: string; requestHash: string; runId: string | null; status: number | null; headers: Record<string, string>; body: unknown; at: Date }

/** Keeps the answer under its key. A second one fails on the primary key, which rolls its effect back. */
export const insertAnswer = (db: Queries, a: Answer) => db.insertInto('idempotency_keys').values({
  identity_id: a.identityId, route: a.route, key: a.key, request_hash: a.requestHash, run_id: a.runId,
  status: a.status, headers: JSON.stringify(a.headers), body: a.body === undefined ? null : JSON.stringify(a.body), created_at: a.at,
})

/** Completes an answer that was claimed when its run began. */
export const updateAnswer = (db: Queries, a: Omit<Answer, 'requestHash' | 'at' | 'runId'>) =>
  db.updateTable('idempotency_keys').set({ status: a.status, headers: JSON.stringify(a.headers), body: JSON.stringify(a.body) })
    .where('identity_id', '=', a.identityId).where('route', '=', a.route).where('key', '=', a.key)

/** Forgets up to `limit` answers kept before a time, oldest first; one that another node is forgetting is passed over. */
export const deleteOldAnswers = (db: Queries, before: Date, limit: number) => db.deleteFrom('idempotency_keys')
  .where((eb) => eb(eb.refTuple('identity_id', 'route', 'key'), 'in', eb.selectFrom('idempotency_keys').select(['identity_id', 'route', 'key'])
    .where('created_at', '<', before).orderBy('created_at').limit(limit).forUpdate().skipLocked().$asTuple('identity_id', 'route', 'key'))).returning('key')

export type NewCheckpoint = {
  id: string; identityId: string; userId: string; runId: string | null; via: string; type: string; effect: string; tool: string | null; args: unknown
  action: string; actionHash: string; summary: unknown; status: string; createdAt: Date; expiresAt: Date; note: string | null; parentId?: string | null
  asked?: { actor: { kind: string; id: string }; quorum: number; role: string | null; excludeRequester: boolean; seated: boolean; cannotBeMet: boolean }
}

// Spelled out, not bound: once PostgreSQL plans the prepared statement without its values, parameters match no partial index.
const OPEN = sql<boolean>`status = 'pending' and type <> 'identity_boundary'`

/** Opens a checkpoint, or finds the open one of the same action: the same request again waits at the same place. */
export const openCheckpoint = (db: Queries, c: NewCheckpoint) => db.insertInto('checkpoints').values({
  id: c.id, identity_id: c.identityId, user_id: c.userId, run_id: c.runId, via: c.via, type: c.type, effect: c.effect, tool: c.tool,
  args: c.args === null ? null : JSON.stringify(c.args), action: c.action, action_hash: c.actionHash, summary: JSON.stringify(c.summary),
  status: c.status, created_at: c.createdAt, expires_at: c.expiresAt, note: c.note, parent_id: c.parentId ?? null,
  ...(c.asked ? { actor_kind: c.asked.actor.kind, actor_id: c.asked.actor.id, quorum: c.asked.quorum, decider_role: c.asked.role, exclude_requester: c.asked.excludeRequester, seated: c.asked.seated, cannot_be_met: c.asked.cannotBeMet } : {}),
}).onConflict((conflict) => conflict.columns(['identity_id', 'action_hash']).where(OPEN).doNothing()).returningAll()

export const findOpenCheckpoint = (db: Queries, identityId: string, actionHash: string) =>
  db.selectFrom('checkpoints').selectAll().where('identity_id', '=', identityId).where('action_hash', '=', actionHash).where('status', '=', 'pending').where('type', '<>', 'identity_boundary')

/** Ends the open checkpoint of an action whose time is over, so that the same action can wait anew. */
export const expireSame = (db: Queries, identityId: string, actionHash: string, now: Date) =>
  db.updateTable('checkpoints').set({ status: 'expired' }).where('identity_id', '=', identityId).where('action_hash', '=', actionHash)
    .where('status', '=', 'pending').where('expires_at', '<=', now).returningAll()

type Decided = { status: 'approved' | 'rejected' | 'cancelled'; by: string; note: string | null; at: Date; because?: 'taken_back' | 'stale' | 'edited' }

/**
 * Claims the decision: of two people pressing at once, one gets the row. An approval is spent in the transaction of its
 * effect, so there is no approved checkpoint whose effect may still happen.
 */
export const claimCheckpoint = (db: Queries, identityId: string, id: string, d: Decided) =>
  db.updateTable('checkpoints').set((eb) => ({ status: d.status, decided_at: d.at, decided_by: d.by, note: d.note, version: eb('version', '+', 1), ...(d.status === 'approved' ? { spent_at: d.at } : {}), ...(d.status === 'cancelled' ? { ended_because: d.because ?? 'taken_back' } : {}) }))
    .where('identity_id', '=', identityId).where('id', '=', id).where('status', '=', 'pending').where('expires_at', '>', d.at).where('type', '<>', 'identity_boundary')
    // Where seats are kept, a vote decides (deciders/queries.ts); taking back needs none.
    .$if(d.status !== 'cancelled', (b) => b.where('seated', '=', false)).returningAll()

export const findCheckpoint = (db: Queries, identityId: string, id: string) =>
  db.selectFrom('checkpoints').selectAll().where('identity_id', '=', identityId).where('id', '=', id)

export const listCheckpoints = (db: Queries, identityId: string, q: { status?: string | undefined; type?: string | undefined; ended?: boolean; before?: string | undefined; limit: number; now: Date }) =>
  db.selectFrom('checkpoints').selectAll().where('identity_id', '=', identityId)
    .$if(q.status !== undefined, (b) => b.where('status', '=', q.status ?? ''))
    .$if(q.ended === true, (b) => b.where('status', '<>', 'pending'))
    .$if(q.status === 'pending', (b) => b.where('expires_at', '>', q.now))
    .$if(q.type !== undefined, (b) => b.where('type', '=', q.type ?? ''))
    .$if(q.before !== undefined, (b) => b.where('id', '<', q.before ?? ''))
    .orderBy('id', 'desc').limit(q.limit + 1)

/** Ends up to `limit` checkpoints whose time is over, oldest first, on whichever node comes first. */
export const expireDue = (db: Queries, now: Date, limit: number) => db.updateTable('checkpoints').set({ status: 'expired' })
  .where('id', 'in', (eb) => eb.selectFrom('checkpoints').select('id').where('status', '=', 'pending').where('expires_at', '<=', now).orderBy('expires_at').limit(limit).forUpdate().skipLocked())
  .where('status', '=', 'pending').returningAll()

/** Of the named checkpoints, those that are the identity's own or that the user may decide. */
export const listVisible = (ids: string[], { identityId, userId }: Caller, at: Date): RawBuilder<{ id: string; identity_id: string }> => sql<{ id: string; identity_id: string }>`
  select id, identity_id from checkpoints where id = any(${ids}::uuid[]) and (identity_id = ${identityId} or standing(id, ${userId}::uuid, ${at}) is not null)`

/** Ends one checkpoint whose time is over, whoever found out. */
export const expireOne = (db: Queries, id: string, now: Date) => db.updateTable('checkpoints').set({ status: 'expired' })
  .where('id', '=', id).where('status', '=', 'pending').where('expires_at', '<=', now).where('type', '<>', 'identity_boundary').returningAll()

/** Ends what is over of one identity, at most `limit`. */
export const expireOwn = (db: Queries, identityId: string, now: Date, limit: number) => db.updateTable('checkpoints').set({ status: 'expired' })
  .where('id', 'in', (eb) => eb.selectFrom('checkpoints').select('id').where('identity_id', '=', identityId).where('status', '=', 'pending').where('expires_at', '<=', now).orderBy('id').limit(limit).forUpdate().skipLocked())
  .where('status', '=', 'pending').returningAll()

/** Marks one as escalated; no row when it is over, or was escalated after `since`. */
export const markEscalated = (db: Queries, { id, at, since }: { id: string; at: Date; since: Date }) => db.updateTable('checkpoints').set({ escalated_at: at })
  .where('id', '=', id).where('status', '=', 'pending').where((eb) => eb.or([eb('escalated_at', 'is', null), eb('escalated_at', '<=', since)])).returningAll()

const HALF = sql<string>`(epoch_ms(created_at) + epoch_ms(expires_at)) / 2`
const THREE_QUARTERS = sql<string>`(epoch_ms(created_at) + 3 * epoch_ms(expires_at)) / 4`

/** Marks up to `limit` that have waited for half their life and were not escalated. */
export const escalateDue = (db: Queries, now: Date, limit: number) => db.updateTable('checkpoints').set({ escalated_at: now })
  .where('id', 'in', (eb) => eb.selectFrom('checkpoints').select('id').where('status', '=', 'pending').where('escalated_at', 'is', null).where(HALF, '<=', String(now.getTime())).orderBy(HALF).limit(limit).forUpdate().skipLocked())
  .where('escalated_at', 'is', null).returningAll()

/** Marks up to `limit` that expire soon and of which nobody was warned. */
export const warnDue = (db: Queries, now: Date, limit: number) => db.updateTable('checkpoints').set({ warned_at: now })
  .where('id', 'in', (eb) => eb.selectFrom('checkpoints').select('id').where('status', '=', 'pending').where('warned_at', 'is', null).where(THREE_QUARTERS, '<=', String(now.getTime())).orderBy(THREE_QUARTERS).limit(limit).forUpdate().skipLocked())
  .where('warned_at', 'is', null).returningAll()

export type CheckpointRow = Awaited<ReturnType<ReturnType<typeof findCheckpoint>['executeTakeFirstOrThrow']>>
