import { sql, type Compilable, type RawBuilder } from 'kysely'
import type { Actor } from '../../../platform/ctx.ts'
import { statement } from '../../../platform/db/statement.ts'
import type { Queries } from '../../../platform/db/store.ts'

// One advisory lock is the fence's gate: effects hold it shared until they commit, the kill-switch takes it alone. A second
// one, by identity, says whose an effect is, so that a pause waits for its own and ends no other's.
const FENCE_LOCK = 0x4348_4e55
const WHOSE_LOCK = 0x4348_4e56

const SHARE = `select pg_advisory_xact_lock_shared(${FENCE_LOCK})`

/** Shares the fence until the transaction ends. A statement of its own: what reads the state must see it as of now. */
export const shareFence = (identityId?: string): Compilable<unknown> =>
  identityId ? statement(`${SHARE}, pg_advisory_xact_lock_shared(${WHOSE_LOCK}, hashtext($1))`, [identityId]) : statement(SHARE)

/** Waits for every effect in flight to end. */
export const holdFence = (): RawBuilder<unknown> => sql`select pg_advisory_xact_lock(${sql.lit(FENCE_LOCK)})`

/** Who set something, as a role; why; since when. As PostgreSQL writes it into JSON. */
export type Stop = { by: string; reason: string | null; since: string }
export type Pause = Stop & { id: string; scope: string; target: string; is_home: boolean }

/** What may stand in the way of one actor's work for one identity; null or false: it does not. */
export type Stops = { state: string | null; held: Stop | null; dispersal: (Stop & { level: string }) | null; is_dispersed: boolean; pauses: Pause[] | null }

/** For $1 an identity, $2 and $3 the kind and id of who acts. A person's own hands meet the stop alone. */
export const STOPS = `
  f.state,
  case when f.held_since is null then null else json_build_object('by', f.held_by, 'reason', f.held_reason, 'since', f.held_since) end as held,
  case when f.dispersal is null then null else json_build_object('level', f.dispersal, 'by', f.dispersal_by, 'reason', f.dispersal_reason, 'since', f.dispersal_since) end as dispersal,
  ($2 = 'agent' and exists (select 1 from atom_agents a where a.agent_code = $3 and a.status = 'dispersed')) as is_dispersed,
  case when $2 = 'person' then null else (
    select json_agg(json_build_object('id', p.id, 'scope', p.scope, 'target', p.target, 'by', p.set_by, 'reason', p.reason, 'since', p.since,
      'is_home', p.scope = 'sphere' and $2 = 'agent' and exists (select 1 from agents g where g.code = $3 and g.sphere_id::text = p.target)))
    from (select * from fence_pauses q where (q.identity_id is null or q.identity_id = $1::uuid)
      and (q.scope = 'sphere' or (q.scope = 'identity' and q.target = $1::text) or (q.scope = $2 and q.target = $3)) order by q.id limit 64) p) end as pauses
  from (values (1)) one(id) left join fence f on f.id = one.id`

export const readStops = (identityId: string | null, { kind, id }: Actor): Compilable<Stops> => statement(`select ${STOPS}`, [identityId, kind, id])

export const readFence = (db: Queries) => db.selectFrom('fence').selectAll().where('id', '=', 1)

/** The fence as it is, until the transaction ends: changes of it come one after the other. */
export const lockFence = (db: Queries) => readFence(db).forUpdate()

type Set = { by: string; reason: string | null; at: Date }

/** No row when it stands closed already. */
export const closeFence = (db: Queries, { by, reason, at }: Set) =>
  db.updateTable('fence').set((eb) => ({ state: 'dormant', reason, since: at, changed_by: by, version: eb('version', '+', '1'), stopped_version: eb('version', '+', '1') }))
    .where('id', '=', 1).where('state', '<>', 'dormant').returningAll()

const NOT_HELD = { held_by: null, held_reason: null, held_since: null }
const NOT_DISPERSED = { dispersal: null, dispersal_by: null, dispersal_reason: null, dispersal_since: null, dispersal_sphere: null }

/** Lifts the stop, the hold and the dispersal; no row when there is none. */
export const openFence = (db: Queries, { by, reason, at }: Set) =>
  db.updateTable('fence').set((eb) => ({ state: 'operational', reason, since: at, changed_by: by, version: eb('version', '+', '1'), ...NOT_HELD, ...NOT_DISPERSED }))
    .where('id', '=', 1).where((eb) => eb.or([eb('state', '<>', 'operational'), eb('held_since', 'is not', null), eb('dispersal', 'is not', null)])).returningAll()

export const holdWork = (db: Queries, { by, reason, at }: Set) =>
  db.updateTable('fence').set((eb) => ({ held_by: by, held_reason: reason, held_since: at, version: eb('version', '+', '1') })).where('id', '=', 1).where('held_since', 'is', null).returningAll()

export const resumeWork = (db: Queries) =>
  db.updateTable('fence').set((eb) => ({ ...NOT_HELD, version: eb('version', '+', '1') })).where('id', '=', 1).where('held_since', 'is not', null).returningAll()

export const setDispersal = (db: Queries, { by, reason, at, level, sphereId }: Set & { level: string; sphereId: number | null }) =>
  db.updateTable('fence').set((eb) => ({ dispersal: level, dispersal_by: by, dispersal_reason: reason, dispersal_since: at, dispersal_sphere: sphereId, version: eb('version', '+', '1') }))
    .where('id', '=', 1).returningAll()

export const clearDispersal = (db: Queries) => db.updateTable('fence').set((eb) => ({ ...NOT_DISPERSED, version: eb('version', '+', '1') })).where('id', '=', 1).returningAll()

/** A part of the fleet is back: what stays dispersed is a sector, whatever it was before. */
export const narrowDispersal = (db: Queries) => db.updateTable('fence').set((eb) => ({ dispersal: 'sectoral', dispersal_sphere: null, version: eb('version', '+', '1') })).where('id', '=', 1).returningAll()

/** Gives what waited back the time that it stood still: from when it stopped, or from when it was opened if that was later. */
export const thawCheckpoints = (db: Queries, { stoppedAt, at }: { stoppedAt: Date; at: Date }) =>
  db.updateTable('checkpoints').set({ expires_at: sql`expires_at + greatest(${at}::timestamptz - greatest(created_at, ${stoppedAt}::timestamptz), interval '0')` })
    .where('status', '=', 'pending').where('expires_at', '>', stoppedAt)

export const FENCE_CHANNEL = 'chenu_fence'

/** Tells every node, once this commits, that the fence has changed. */
export const notifyFence = (version: string): RawBuilder<unknown> => sql`select pg_notify(${sql.lit(FENCE_CHANNEL)}, ${version})`

export const ACKNOWLEDGED_CHANNEL = 'chenu_fence_acknowledged'

export const notifyAcknowledged = (version: string): RawBuilder<unknown> => sql`select pg_notify(${sql.lit(ACKNOWLEDGED_CHANNEL)}, ${version})`

/** How many nodes hear notices now, by their connections (platform/events/listener.ts). */
export const countListeners = (): RawBuilder<{ count: string }> => sql<{ count: string }>`
  select count(*) as count from pg_stat_activity where datname = current_database() and application_name = 'chenu-listen' and usename = current_user`

/** How long the statements that follow in this transaction wait for a lock before they fail with 55P03. */
export const limitLockWait = (ms: number): RawBuilder<unknown> => sql`select set_config('lock_timeout', ${String(ms)}, true)`

/** Ends the connections that share the fence; PostgreSQL rolls back what they had not committed. */
export const endFenceSharers = (): RawBuilder<unknown> => sql`
  select pg_terminate_backend(l.pid) from pg_locks l join pg_database d on d.oid = l.database
  where d.datname = current_database() and l.locktype = 'advisory' and l.classid = 0 and l.objid = ${sql.lit(FENCE_LOCK)} and l.objsubid = 1
    and l.granted and l.mode = 'ShareLock' and l.pid <> pg_backend_pid()`

/** A transaction that shares the fence. */
export type Sharer = { pid: number; transaction: string }

/** The transactions that share the fence now: all, or those of one identity. */
export const listSharers = (identityId: string | null): RawBuilder<Sharer> => sql<Sharer>`
  select l.pid, l.virtualtransaction as transaction from pg_locks l join pg_database d on d.oid = l.database
  where d.datname = current_database() and l.locktype = 'advisory' and l.classid = 0 and l.objid = ${sql.lit(FENCE_LOCK)} and l.objsubid = 1
    and l.granted and l.mode = 'ShareLock' and l.pid <> pg_backend_pid()
    and (${identityId}::text is null or exists (select 1 from pg_locks w where w.pid = l.pid and w.locktype = 'advisory' and w.database = l.database
      and w.classid = ${sql.lit(WHOSE_LOCK)} and w.objsubid = 2 and w.granted and w.objid = (hashtext(${identityId}::text)::bigint & 4294967295)::oid))`

/** Ends those of these transactions that still share the fence. */
export const endSharers = (sharers: Sharer[]): RawBuilder<unknown> => sql`
  select pg_terminate_backend(l.pid) from pg_locks l join unnest(${sharers.map(({ pid }) => pid)}::int[], ${sharers.map(({ transaction }) => transaction)}::text[]) as s(pid, transaction)
    on s.pid = l.pid and s.transaction = l.virtualtransaction
  where l.locktype = 'advisory' and l.classid = 0 and l.objid = ${sql.lit(FENCE_LOCK)} and l.objsubid = 1 and l.granted`

type NewPause = { id: string; scope: string; target: string; identityId: string | null; by: string; reason: string; at: Date }

/** No row when the same role set the same one already. */
export const insertPause = (db: Queries, p: NewPause) => db.insertInto('fence_pauses')
  .values({ id: p.id, scope: p.scope, target: p.target, identity_id: p.identityId, set_by: p.by, reason: p.reason, since: p.at }).onConflict((conflict) => conflict.doNothing()).returningAll()

export const findSamePause = (db: Queries, p: Pick<NewPause, 'scope' | 'target' | 'identityId' | 'by'>) => db.selectFrom('fence_pauses').selectAll()
  .where('scope', '=', p.scope).where('target', '=', p.target).where('set_by', '=', p.by).where('identity_id', 'is not distinct from', p.identityId)

export const findPause = (db: Queries, id: string) => db.selectFrom('fence_pauses').selectAll().where('id', '=', id)

export const deletePause = (db: Queries, id: string) => db.deleteFrom('fence_pauses').where('id', '=', id).returningAll()

/** Newest first, one more than `limit`; of one identity, with those that hold for all, or every one. */
export const listPauses = (db: Queries, q: { identityId: string | null; before?: string | undefined; limit: number }) => db.selectFrom('fence_pauses').selectAll()
  .$if(q.identityId !== null, (b) => b.where((eb) => eb.or([eb('identity_id', '=', q.identityId), eb('identity_id', 'is', null)])))
  .$if(q.before !== undefined, (b) => b.where('id', '<', q.before ?? '')).orderBy('id', 'desc').limit(q.limit + 1)

export const countPauses = (db: Queries, identityId: string) => db.selectFrom('fence_pauses').select((eb) => eb.fn.countAll<string>().as('count')).where('identity_id', '=', identityId)

export const listDispersedCodes = (db: Queries) => db.selectFrom('atom_agents').select('agent_code').where('status', '=', 'dispersed').orderBy('agent_code').limit(350)

export const insertCode = (db: Queries, c: { id: string; hash: string; to: string; at: Date; expiresAt: Date }) =>
  db.insertInto('dispersal_codes').values({ id: c.id, hash: c.hash, issued_to: c.to, created_at: c.at, expires_at: c.expiresAt })

/** How many codes people were given since a time; those that the safeguard gives itself are none of them. */
export const countCodesSince = (db: Queries, since: Date) =>
  db.selectFrom('dispersal_codes').select((eb) => eb.fn.countAll<string>().as('count')).where('created_at', '>', since).where('issued_to', '<>', 'safeguard')

/** Spends a code: no row when it is unknown, over, or spent. */
export const spendCode = (db: Queries, c: { hash: string; level: string; at: Date }) => db.updateTable('dispersal_codes').set({ spent_at: c.at, level: c.level })
  .where('hash', '=', c.hash).where('spent_at', 'is', null).where('expires_at', '>', c.at).returning('id')

/** The last dispersal before the one that this code is for. */
export const findLastSpent = (db: Queries, id: string) => db.selectFrom('dispersal_codes').select(['spent_at', 'level']).where('spent_at', 'is not', null).where('id', '<>', id).orderBy('spent_at', 'desc').limit(1)

export const deleteOldCodes = (db: Queries, before: Date) => db.deleteFrom('dispersal_codes').where('created_at', '<', before)

export type FenceRow = Awaited<ReturnType<ReturnType<typeof readFence>['executeTakeFirstOrThrow']>>
export type PauseRow = Awaited<ReturnType<ReturnType<typeof findPause>['executeTakeFirstOrThrow']>>
