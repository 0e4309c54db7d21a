import { sql } from 'kysely'
import type { Queries } from '../../platform/db/store.ts'
import { containing, foldTitle } from '../../platform/text.ts'
import { GENESIS } from '../audit/chain.ts'

type NewThread = { id: string; identityId: string; sphereId: number; title: string; firstHash: string; at: Date }

/** A thread begins with its first event, whose hash its creator computes: nobody else can be writing yet. */
export const insertThread = (db: Queries, t: NewThread) => db.insertInto('threads').values({
  id: t.id, identity_id: t.identityId, sphere_id: t.sphereId, title: t.title, title_key: foldTitle(t.title), status: 'active',
  last_seq: 1, last_hash: t.firstHash, created_at: t.at, updated_at: t.at,
}).returningAll().executeTakeFirstOrThrow()

export type Advance = {
  parts: [string, string, string]; at: Date
  /** Only a thread of this status moves. */
  from: 'active' | 'archived'
  expectedSeq?: number | undefined
  title?: string | undefined
  status?: 'active' | 'archived' | undefined
}

/**
 * Moves the head of a thread's log by one and links it. The row lock orders the writers: each reads the hash that the one
 * before left, so numbers have no gaps and no hash has two successors. No row when the thread is not as expected.
 * The version stays with a message: it counts changes of the thread itself, which an approval is bound to.
 */
export const advanceThread = (db: Queries, identityId: string, id: string, { parts: [a, b, c], at, from, expectedSeq, title, status }: Advance) =>
  db.updateTable('threads').set((eb) => ({
    last_seq: eb('last_seq', '+', 1), updated_at: at,
    last_hash: sql<string>`encode(sha256(convert_to(${a}::text || last_hash || ${b}::text || (last_seq + 1)::text || ${c}::text, 'UTF8')), 'hex')`,
    ...(title === undefined ? {} : { title, title_key: foldTitle(title) }), ...(status === undefined ? {} : { status }),
    ...(title === undefined && status === undefined ? {} : { version: eb('version', '+', 1) }),
  })).where('identity_id', '=', identityId).where('id', '=', id).where('binned_at', 'is', null).where('status', '=', from)
    .$if(expectedSeq !== undefined, (q) => q.where('last_seq', '=', expectedSeq ?? 0)).returningAll().executeTakeFirst()

type NewEvent = { id: string; threadId: string; identityId: string; seq: number; type: string; role: string; data: unknown; hash: string; at: Date }

/** The previous hash comes from the log itself; where the event before is missing, nothing can follow (not null). */
export const insertEvent = (db: Queries, e: NewEvent) => db.insertInto('thread_events').values((eb) => ({
  id: e.id, thread_id: e.threadId, identity_id: e.identityId, seq: e.seq, type: e.type, role: e.role, data: JSON.stringify(e.data), hash: e.hash, at: e.at,
  prev_hash: e.seq === 1 ? eb.val(GENESIS) : eb.selectFrom('thread_events').select('hash').where('thread_id', '=', e.threadId).where('seq', '=', e.seq - 1).$asScalar(),
}))

export const binThread = (db: Queries, identityId: string, id: string, at: Date) =>
  db.updateTable('threads').set((eb) => ({ binned_at: at, updated_at: at, version: eb('version', '+', 1) }))
    .where('identity_id', '=', identityId).where('id', '=', id).where('binned_at', 'is', null).returningAll().executeTakeFirst()

export const restoreThread = (db: Queries, identityId: string, id: string, at: Date) =>
  db.updateTable('threads').set((eb) => ({ binned_at: null, updated_at: at, version: eb('version', '+', 1) }))
    .where('identity_id', '=', identityId).where('id', '=', id).where('binned_at', 'is not', null).returningAll().executeTakeFirst()

export const findThread = (db: Queries, identityId: string, id: string) =>
  db.selectFrom('threads').selectAll().where('identity_id', '=', identityId).where('id', '=', id).executeTakeFirst()

type Filter = { sphereId?: number | null; status?: string | undefined; query?: string | undefined; binned: boolean; before?: string | undefined; limit: number }

/** Newest first, one more than `limit` so that the caller knows whether a page follows. */
export const listThreads = (db: Queries, identityId: string, f: Filter) =>
  db.selectFrom('threads').selectAll().where('identity_id', '=', identityId).where('binned_at', f.binned ? 'is not' : 'is', null)
    .$if(f.sphereId !== undefined && f.sphereId !== null, (q) => q.where('sphere_id', '=', f.sphereId ?? 0))
    .$if(f.status !== undefined, (q) => q.where('status', '=', f.status ?? ''))
    .$if(Boolean(f.query), (q) => q.where('title_key', 'like', containing(foldTitle(f.query ?? ''))))
    .$if(f.before !== undefined, (q) => q.where('id', '<', f.before ?? ''))
    .orderBy('id', 'desc').limit(f.limit + 1).execute()

export const findEvent = (db: Queries, identityId: string, threadId: string, id: string) =>
  db.selectFrom('thread_events').selectAll().where('identity_id', '=', identityId).where('thread_id', '=', threadId).where('id', '=', id).executeTakeFirst()

type Slice = { type?: string; order: 'asc' | 'desc'; from?: string | number | undefined; limit: number }

/** Events beyond the number `from` in the order asked for, one more than `limit`. */
export const listEvents = (db: Queries, identityId: string, threadId: string, { type, order, from, limit }: Slice) =>
  db.selectFrom('thread_events').selectAll().where('identity_id', '=', identityId).where('thread_id', '=', threadId)
    .$if(type !== undefined, (q) => q.where('type', '=', type ?? ''))
    .$if(from !== undefined, (q) => q.where('seq', order === 'asc' ? '>' : '<', Number(from)))
    .orderBy('seq', order).limit(limit + 1).execute()

/** Removes for good up to `limit` threads that went into the bin before a time, each with its whole log. */
export const deleteBinnedThreads = (db: Queries, before: Date, limit: number) =>
  db.with('doomed', (q) => q.selectFrom('threads').select('id').where('binned_at', '<', before).orderBy('binned_at').limit(limit).forUpdate().skipLocked())
    .with('logs', (q) => q.deleteFrom('thread_events').where('thread_id', 'in', (eb) => eb.selectFrom('doomed').select('id')).returning('id'))
    .deleteFrom('threads').where('id', 'in', (eb) => eb.selectFrom('doomed').select('id')).returning('identity_id').execute()

/** Where a record goes: both are given, also the one that stays. */
export type Target = { identityId: string; sphereId: number | null; at: Date }

/** Hands a thread that is not in the bin to an identity and a sphere; null leaves the sphere. Needs the transfer's scope. */
export const moveThread = (db: Queries, identityId: string, id: string, t: Target) =>
  db.updateTable('threads').set((eb) => ({ identity_id: t.identityId, sphere_id: t.sphereId ?? eb.ref('sphere_id'), updated_at: t.at, version: eb('version', '+', 1) }))
    .where('identity_id', '=', identityId).where('id', '=', id).where('binned_at', 'is', null).returning(['sphere_id', 'version'])

/** The log goes where its thread went. */
export const moveLog = (db: Queries, threadId: string, identityId: string) =>
  db.updateTable('thread_events').set({ identity_id: identityId }).where('thread_id', '=', threadId)

export type ThreadRow = NonNullable<Awaited<ReturnType<typeof findThread>>>
export type EventRow = NonNullable<Awaited<ReturnType<typeof findEvent>>>
