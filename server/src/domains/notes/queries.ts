import type { Queries } from '../../platform/db/store.ts'
import { containing, foldTitle } from '../../platform/text.ts'

type NewNote = { id: string; identityId: string; sphereId: number; title: string; body: string; at: Date }

export const insertNote = (db: Queries, n: NewNote) => db.insertInto('notes').values({
  id: n.id, identity_id: n.identityId, sphere_id: n.sphereId, title: n.title, title_key: foldTitle(n.title), body: n.body, created_at: n.at, updated_at: n.at,
}).returningAll().executeTakeFirstOrThrow()

type Changes = { title?: string | undefined; body?: string | undefined; at: Date }

export const updateNote = (db: Queries, identityId: string, id: string, { title, body, at }: Changes) =>
  db.updateTable('notes').set((eb) => ({
    updated_at: at, version: eb('version', '+', 1),
    ...(title === undefined ? {} : { title, title_key: foldTitle(title) }), ...(body === undefined ? {} : { body }),
  })).where('identity_id', '=', identityId).where('id', '=', id).where('binned_at', 'is', null).returningAll().executeTakeFirst()

export const binNote = (db: Queries, identityId: string, id: string, at: Date) =>
  db.updateTable('notes').set((eb) => ({ binned_at: at, updated_at: at, version: eb('version', '+', 1) }))
    .where('identity_id', '=', identityId).where('id', '=', id).where('binned_at', 'is', null).returningAll().executeTakeFirst()

export const restoreNote = (db: Queries, identityId: string, id: string, at: Date) =>
  db.updateTable('notes').set((eb) => ({ binned_at: null, updated_at: at, version: eb('version', '+', 1) }))
    .where('identity_id', '=', identityId).where('id', '=', id).where('binned_at', 'is not', null).returningAll().executeTakeFirst()

export const findNote = (db: Queries, identityId: string, id: string) =>
  db.selectFrom('notes').selectAll().where('identity_id', '=', identityId).where('id', '=', id).executeTakeFirst()

type Filter = { sphereId?: number | null; query?: string | undefined; binned: boolean; before?: string | undefined; limit: number }

/** Newest first, one more than `limit` so that the caller knows whether a page follows. */
export const listNotes = (db: Queries, identityId: string, f: Filter) =>
  db.selectFrom('notes').selectAll().where('identity_id', '=', identityId).where('binned_at', f.binned ? 'is not' : 'is', null)
    .$if(f.sphereId !== undefined && f.sphereId !== null, (q) => q.where('sphere_id', '=', f.sphereId ?? 0))
    .$if(Boolean(f.query), (q) => q.where((eb) => eb.or([eb('title_key', 'like', containing(foldTitle(f.query ?? ''))), eb('body', 'ilike', containing(f.query ?? ''))])))
    .$if(f.before !== undefined, (q) => q.where('id', '<', f.before ?? ''))
    .orderBy('id', 'desc').limit(f.limit + 1).execute()

/** Removes for good up to `limit` notes that went into the bin before a time; a note being restored is passed over. */
export const deleteBinnedNotes = (db: Queries, before: Date, limit: number) =>
  db.deleteFrom('notes').where('id', 'in', (eb) => eb.selectFrom('notes').select('id').where('binned_at', '<', before).orderBy('binned_at').limit(limit).forUpdate().skipLocked())
    .returning('identity_id').execute()

/** Where a record goes: both are given, also the one that stays. */
export type Target = { identityId: string; sphereId: number | null; at: Date }

/** Hands a note that is not in the bin to an identity and a sphere; null leaves the sphere. Needs the transfer's scope. */
export const moveNote = (db: Queries, identityId: string, id: string, t: Target) =>
  db.updateTable('notes').set((eb) => ({ identity_id: t.identityId, sphere_id: t.sphereId ?? eb.ref('sphere_id'), updated_at: t.at, version: eb('version', '+', 1) }))
    .where('identity_id', '=', identityId).where('id', '=', id).where('binned_at', 'is', null).returning(['sphere_id', 'version'])

export type NoteRow = NonNullable<Awaited<ReturnType<typeof findNote>>>
