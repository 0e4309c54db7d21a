import type { Queries } from '../../platform/db/store.ts'

type NewOrder = {
  id: string; identityId: string; beneficiary: string; amountMinor: number; currency: string; reference: string | null
  checkpointId: string; approvedBy: string; at: Date
}

/** One order a checkpoint: a second one fails on the unique key, whatever else went wrong. */
export const insertOrder = (db: Queries, o: NewOrder) => db.insertInto('payment_orders').values({
  id: o.id, identity_id: o.identityId, beneficiary: o.beneficiary, amount_minor: o.amountMinor, currency: o.currency, reference: o.reference,
  checkpoint_id: o.checkpointId, status: 'approved', approved_by: o.approvedBy, created_at: o.at,
}).returningAll().executeTakeFirstOrThrow()

export const findOrder = (db: Queries, identityId: string, id: string) =>
  db.selectFrom('payment_orders').selectAll().where('identity_id', '=', identityId).where('id', '=', id).executeTakeFirst()

/** Newest first, one more than `limit` so that the caller knows whether a page follows. */
export const listOrders = (db: Queries, identityId: string, f: { before?: string | undefined; limit: number }) =>
  db.selectFrom('payment_orders').selectAll().where('identity_id', '=', identityId)
    .$if(f.before !== undefined, (q) => q.where('id', '<', f.before ?? ''))
    .orderBy('id', 'desc').limit(f.limit + 1).execute()

/** Oldest first: approved at `from` or later and before `until`, one more than `limit`. */
export const listApproved = (db: Queries, identityId: string, f: { from?: Date | undefined; until?: Date | undefined; limit: number }) =>
  db.selectFrom('payment_orders').selectAll().where('identity_id', '=', identityId)
    .$if(f.from !== undefined, (q) => q.where('created_at', '>=', f.from ?? new Date(0)))
    .$if(f.until !== undefined, (q) => q.where('created_at', '<', f.until ?? new Date(0)))
    .orderBy('id').limit(f.limit + 1).execute()

export type OrderRow = NonNullable<Awaited<ReturnType<typeof findOrder>>>
