import { sql } from 'kysely'
import type { Queries } from '../../platform/db/store.ts'

type NewIdentity = { id: string; userId: string; type: string; name: string; isDefault: boolean; at: Date; organisationId?: string }

/** No row when the user has an identity of that kind and name. */
export const insertIdentity = (db: Queries, i: NewIdentity) => db.insertInto('identities').values({
  id: i.id, user_id: i.userId, type: i.type, name: i.name, is_default: i.isDefault, created_at: i.at, updated_at: i.at, organisation_id: i.organisationId ?? null,
}).onConflict((conflict) => conflict.columns(['user_id', 'type', 'name']).doNothing()).returningAll()

export const countIdentities = (db: Queries, userId: string) =>
  db.selectFrom('identities').select((eb) => eb.fn.countAll<string>().as('count')).where('user_id', '=', userId)

export const findIdentity = (db: Queries, userId: string, id: string) =>
  db.selectFrom('identities').selectAll().where('user_id', '=', userId).where('id', '=', id)

type Filter = { archived: boolean; after?: string | undefined; limit: number }

/** Oldest first, one more than `limit` so that the caller knows whether a page follows. */
export const listIdentities = (db: Queries, userId: string, f: Filter) =>
  db.selectFrom('identities').selectAll().where('user_id', '=', userId).where('archived_at', f.archived ? 'is not' : 'is', null)
    .$if(f.after !== undefined, (q) => q.where('id', '>', f.after ?? ''))
    .orderBy('id').limit(f.limit + 1)

export const renameIdentity = (db: Queries, userId: string, id: string, { name, at }: { name: string; at: Date }) =>
  db.updateTable('identities').set((eb) => ({ name, updated_at: at, version: eb('version', '+', 1) }))
    .where('user_id', '=', userId).where('id', '=', id).where('archived_at', 'is', null).returningAll()

/** No row for the default identity, for the one acting, and for one that is archived already. */
export const archiveIdentity = (db: Queries, userId: string, id: string, { actingId, at }: { actingId: string; at: Date }) =>
  db.updateTable('identities').set((eb) => ({ archived_at: at, updated_at: at, version: eb('version', '+', 1) }))
    .where('user_id', '=', userId).where('id', '=', id).where('id', '<>', actingId).where('is_default', '=', false).where('archived_at', 'is', null).returningAll()

export const restoreIdentity = (db: Queries, userId: string, id: string, at: Date) =>
  db.updateTable('identities').set((eb) => ({ archived_at: null, updated_at: at, version: eb('version', '+', 1) }))
    .where('user_id', '=', userId).where('id', '=', id).where('archived_at', 'is not', null)
    .where(sql<boolean>`may_work_in(user_id, organisation_id)`).returningAll()

/** Puts away the identities that a member has in an organisation. */
export const archiveOfMember = (db: Queries, m: { organisationId: string; userId: string; at: Date }) =>
  db.updateTable('identities').set((eb) => ({ archived_at: m.at, updated_at: m.at, version: eb('version', '+', 1) }))
    .where('organisation_id', '=', m.organisationId).where('user_id', '=', m.userId).where('archived_at', 'is', null).returning('id')

/** Gives an organisation's identity to another of its people, active. */
export const giveIdentity = (db: Queries, g: { organisationId: string; identityId: string; userId: string; at: Date }) =>
  db.updateTable('identities').set((eb) => ({ user_id: g.userId, archived_at: null, updated_at: g.at, version: eb('version', '+', 1) }))
    .where('organisation_id', '=', g.organisationId).where('id', '=', g.identityId).returningAll()

/** The identities of an organisation, oldest first, one more than `limit`. */
export const listOfOrganisation = (db: Queries, f: { organisationId: string; after?: string | undefined; limit: number }) =>
  db.selectFrom('identities').selectAll().where('organisation_id', '=', f.organisationId)
    .$if(f.after !== undefined, (q) => q.where('id', '>', f.after ?? '')).orderBy('id').limit(f.limit + 1)

export type IdentityRow = Awaited<ReturnType<ReturnType<typeof findIdentity>['executeTakeFirstOrThrow']>>
