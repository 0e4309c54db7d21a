import type { Queries } from '../../../platform/db/store.ts'

/** Uses a flow up: of any number of callbacks at once one gets the row. */
export const spendFlow = (db: Queries, f: { id: string; expiresAt: Date }) =>
  db.insertInto('spent_flows').values({ id: f.id, expires_at: f.expiresAt }).onConflict((conflict) => conflict.column('id').doNothing()).returning('id')

export const deleteOldFlows = (db: Queries, now: Date, limit: number) =>
  db.deleteFrom('spent_flows').where('id', 'in', (eb) => eb.selectFrom('spent_flows').select('id').where('expires_at', '<=', now).orderBy('expires_at').limit(limit)).returning('id')

/** By issuer and subject alone, never by an address. */
export const findExternal = (db: Queries, e: { issuer: string; subject: string }) =>
  db.selectFrom('external_accounts').select(['id', 'user_id']).where('issuer', '=', e.issuer).where('subject', '=', e.subject)

type NewExternal = { id: string; userId: string; provider: string; issuer: string; subject: string; at: Date }

export const insertExternal = (db: Queries, e: NewExternal) => db.insertInto('external_accounts')
  .values({ id: e.id, user_id: e.userId, provider: e.provider, issuer: e.issuer, subject: e.subject, created_at: e.at, last_used_at: e.at })
  .onConflict((conflict) => conflict.columns(['issuer', 'subject']).doNothing()).returningAll()

export const useExternal = (db: Queries, id: string, at: Date) => db.updateTable('external_accounts').set({ last_used_at: at }).where('id', '=', id)

export const listExternal = (db: Queries, userId: string) => db.selectFrom('external_accounts').selectAll().where('user_id', '=', userId).orderBy('id').limit(50)

export const deleteExternal = (db: Queries, userId: string, id: string) => db.deleteFrom('external_accounts').where('user_id', '=', userId).where('id', '=', id).returning('id')

export type ExternalRow = Awaited<ReturnType<ReturnType<typeof listExternal>['executeTakeFirstOrThrow']>>
