import type { Queries } from '../../platform/db/store.ts'
import { containing, foldTitle } from '../../platform/text.ts'

type NewContact = { id: string; identityId: string; name: string; email: string | null; at: Date }

export const insertContact = (db: Queries, c: NewContact) => db.insertInto('contacts').values({
  id: c.id, identity_id: c.identityId, name: c.name, title_key: foldTitle(c.name), email: c.email, created_at: c.at, updated_at: c.at,
}).returningAll().executeTakeFirstOrThrow()

type Changes = { name?: string | undefined; email?: string | null | undefined; at: Date }

export const updateContact = (db: Queries, identityId: string, id: string, { name, email, at }: Changes) =>
  db.updateTable('contacts').set((eb) => ({
    updated_at: at, version: eb('version', '+', 1),
    ...(name === undefined ? {} : { name, title_key: foldTitle(name) }), ...(email === undefined ? {} : { email }),
  })).where('identity_id', '=', identityId).where('id', '=', id).where('binned_at', 'is', null).returningAll().executeTakeFirst()

export const binContact = (db: Queries, identityId: string, id: string, at: Date) =>
  db.updateTable('contacts').set((eb) => ({ binned_at: at, updated_at: at, version: eb('version', '+', 1) }))
    .where('identity_id', '=', identityId).where('id', '=', id).where('binned_at', 'is', null).returningAll().executeTakeFirst()

export const restoreContact = (db: Queries, identityId: string, id: string, at: Date) =>
  db.updateTable('contacts').set((eb) => ({ binned_at: null, updated_at: at, version: eb('version', '+', 1) }))
    .where('identity_id', '=', identityId).where('id', '=', id).where('binned_at', 'is not', null).returningAll().executeTakeFirst()

export const findContact = (db: Queries, identityId: string, id: string) =>
  db.selectFrom('contacts').selectAll().where('identity_id', '=', identityId).where('id', '=', id).executeTakeFirst()

/** Those of exactly that name, whatever its accents and capitals; none that lies in the bin. */
export const listContactsNamed = (db: Queries, identityId: string, name: string, limit: number) =>
  db.selectFrom('contacts').selectAll().where('identity_id', '=', identityId).where('title_key', '=', foldTitle(name)).where('binned_at', 'is', null)
    .orderBy('id', 'desc').limit(limit).execute()

type Filter = { query?: string | undefined; binned: boolean; before?: string | undefined; limit: number }

/** Newest first, one more than `limit` so that the caller knows whether a page follows. */
export const listContacts = (db: Queries, identityId: string, f: Filter) =>
  db.selectFrom('contacts').selectAll().where('identity_id', '=', identityId).where('binned_at', f.binned ? 'is not' : 'is', null)
    .$if(Boolean(f.query), (q) => q.where((eb) => eb.or([eb('title_key', 'like', containing(foldTitle(f.query ?? ''))), eb('email', 'ilike', containing(f.query ?? ''))])))
    .$if(f.before !== undefined, (q) => q.where('id', '<', f.before ?? ''))
    .orderBy('id', 'desc').limit(f.limit + 1).execute()

/** Removes for good up to `limit` contacts that went into the bin before a time; a contact being restored is passed over. */
export const deleteBinnedContacts = (db: Queries, before: Date, limit: number) =>
  db.deleteFrom('contacts').where('id', 'in', (eb) => eb.selectFrom('contacts').select('id').where('binned_at', '<', before).orderBy('binned_at').limit(limit).forUpdate().skipLocked())
    .returning('identity_id').execute()

export type ContactRow = NonNullable<Awaited<ReturnType<typeof findContact>>>
