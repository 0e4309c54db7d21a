import type { Queries } from '../../platform/db/store.ts'
import { containing, foldTitle } from '../../platform/text.ts'

type NewTask = { id: string; identityId: string; sphereId: number; title: string; dueAt: string | null; at: Date }

export const insertTask = (db: Queries, t: NewTask) => db.insertInto('tasks').values({
  id: t.id, identity_id: t.identityId, sphere_id: t.sphereId, title: t.title, title_key: foldTitle(t.title), due_at: t.dueAt, status: 'open', created_at: t.at, updated_at: t.at,
}).returningAll().executeTakeFirstOrThrow()

type Changes = { title?: string | undefined; dueAt?: string | null | undefined; status?: 'open' | 'done' | undefined; at: Date }

/** A task that is done keeps the time of its completion when it is marked done again, and loses it when it is reopened. */
export const updateTask = (db: Queries, identityId: string, id: string, { title, dueAt, status, at }: Changes) =>
  db.updateTable('tasks').set((eb) => ({
    updated_at: at, version: eb('version', '+', 1),
    ...(title === undefined ? {} : { title, title_key: foldTitle(title) }), ...(dueAt === undefined ? {} : { due_at: dueAt }),
    ...(status === undefined ? {} : { status, completed_at: status === 'done' ? eb.fn.coalesce('completed_at', eb.val(at)) : null }),
  })).where('identity_id', '=', identityId).where('id', '=', id).where('binned_at', 'is', null).returningAll().executeTakeFirst()

/** No row when it is done already, in the bin or not there. */
export const completeTask = (db: Queries, identityId: string, id: string, at: Date) =>
  db.updateTable('tasks').set((eb) => ({ status: 'done', completed_at: at, updated_at: at, version: eb('version', '+', 1) }))
    .where('identity_id', '=', identityId).where('id', '=', id).where('status', '=', 'open').where('binned_at', 'is', null).returningAll().executeTakeFirst()

export const binTask = (db: Queries, identityId: string, id: string, at: Date) =>
  db.updateTable('tasks').set((eb) => ({ binned_at: at, updated_at: at, version: eb('version', '+', 1) }))
    .where('identity_id', '=', identityId).where('id', '=', id).where('binned_at', 'is', null).returningAll().executeTakeFirst()

export const restoreTask = (db: Queries, identityId: string, id: string, at: Date) =>
  db.updateTable('tasks').set((eb) => ({ binned_at: null, updated_at: at, version: eb('version', '+', 1) }))
    .where('identity_id', '=', identityId).where('id', '=', id).where('binned_at', 'is not', null).returningAll().executeTakeFirst()

export const findTask = (db: Queries, identityId: string, id: string) =>
  db.selectFrom('tasks').selectAll().where('identity_id', '=', identityId).where('id', '=', id).executeTakeFirst()

type Filter = { sphereId?: number | null; status?: string | undefined; query?: string | undefined; binned: boolean; before?: string | undefined; limit: number }

/** Newest first, one more than `limit` so that the caller knows whether a page follows. */
export const listTasks = (db: Queries, identityId: string, f: Filter) =>
  db.selectFrom('tasks').selectAll().where('identity_id', '=', identityId).where('binned_at', f.binned ? 'is not' : 'is', null)
    .$if(f.sphereId !== undefined && f.sphereId !== null, (q) => q.where('sphere_id', '=', f.sphereId ?? 0))
    .$if(f.status !== undefined, (q) => q.where('status', '=', f.status ?? ''))
    .$if(Boolean(f.query), (q) => q.where('title_key', 'like', containing(foldTitle(f.query ?? ''))))
    .$if(f.before !== undefined, (q) => q.where('id', '<', f.before ?? ''))
    .orderBy('id', 'desc').limit(f.limit + 1).execute()

/** Removes for good up to `limit` tasks that went into the bin before a time; a task being restored is passed over. */
export const deleteBinnedTasks = (db: Queries, before: Date, limit: number) =>
  db.deleteFrom('tasks').where('id', 'in', (eb) => eb.selectFrom('tasks').select('id').where('binned_at', '<', before).orderBy('binned_at').limit(limit).forUpdate().skipLocked())
    .returning('identity_id').execute()

/** Where a record goes: both are given, also the one that stays. */
export type Target = { identityId: string; sphereId: number | null; at: Date }

/** Hands a task that is not in the bin to an identity and a sphere; null leaves the sphere. Needs the transfer's scope. */
export const moveTask = (db: Queries, identityId: string, id: string, t: Target) =>
  db.updateTable('tasks').set((eb) => ({ identity_id: t.identityId, sphere_id: t.sphereId ?? eb.ref('sphere_id'), updated_at: t.at, version: eb('version', '+', 1) }))
    .where('identity_id', '=', identityId).where('id', '=', id).where('binned_at', 'is', null).returning(['sphere_id', 'version'])

export type TaskRow = NonNullable<Awaited<ReturnType<typeof findTask>>>
