import type { Compilable } from 'kysely'
import { statement } from '../../platform/db/statement.ts'
import type { Queries } from '../../platform/db/store.ts'

type Charge = { identityId: string; keyId: string | null; period: string; credits: number; defaultLimit: number }

/** Takes credits for good. Fails with CB429 when the identity's budget or the key's does not suffice. */
export const chargeBudget = ({ identityId, keyId, period, credits, defaultLimit }: Charge): Compilable<unknown> =>
  statement('select budget_charge($1, $2, $3, $4, $5)', [identityId, keyId, period, credits, defaultLimit])

/** Sets credits aside until they are settled. Fails as chargeBudget does. */
export const reserveBudget = (r: Charge & { id: string; at: Date; until: Date }): Compilable<unknown> =>
  statement('select budget_reserve($1, $2, $3, $4, $5, $6, $7, $8)', [r.id, r.identityId, r.keyId, r.period, r.credits, r.defaultLimit, r.at, r.until])

/** Ends a reservation with what it cost; false when it has ended already. */
export const settleBudget = (id: string, actual: number): Compilable<{ settled: boolean }> => statement(`select budget_settle($1, $2, 'settled') as settled`, [id, actual])

/** The key, if any, by whose session something is done. */
export const findKeyOfSession = (db: Queries, sessionId: string) => db.selectFrom('api_keys').select('id').where('session_id', '=', sessionId)

/** Gives back up to `limit` reservations that nobody settled in time; one that another node gives back is passed over. */
export const expireReservations = (now: Date, limit: number): Compilable<{ ended: boolean }> => statement(
  `select budget_settle(due.id, 0, 'expired') as ended from (select r.id from budget_reservations r where r.state = 'open' and r.expires_at <= $1 order by r.expires_at limit $2 for update skip locked) due`, [now, limit])

export const deleteOldReservations = (db: Queries, before: Date, limit: number) =>
  db.deleteFrom('budget_reservations').where('id', 'in', (eb) => eb.selectFrom('budget_reservations').select('id').where('created_at', '<', before).where('state', '<>', 'open').orderBy('created_at').limit(limit)).returning('id')

/** The budgets of a month, the identity's and its keys'. */
export const listBudgets = (db: Queries, identityId: string, f: { period: string; after?: string | undefined; limit: number }) =>
  db.selectFrom('budgets').selectAll().where('identity_id', '=', identityId).where('period', '=', f.period)
    .$if(f.after !== undefined, (q) => q.where('scope_id', '>', f.after ?? ''))
    .orderBy('scope_id').limit(f.limit + 1)

type Which = { scope: string; scopeId: string }

/** The latest month of a budget. */
export const findBudget = (db: Queries, identityId: string, { scope, scopeId }: Which) =>
  db.selectFrom('budgets').selectAll().where('identity_id', '=', identityId).where('scope', '=', scope).where('scope_id', '=', scopeId).orderBy('period', 'desc').limit(1)

/** Sets the limit of a month; what was used and reserved stays. */
export const putBudget = (db: Queries, identityId: string, b: Which & { period: string; credits: number }) =>
  db.insertInto('budgets').values({ identity_id: identityId, scope: b.scope, scope_id: b.scopeId, period: b.period, credit_limit: b.credits })
    .onConflict((conflict) => conflict.columns(['identity_id', 'scope', 'scope_id', 'period']).doUpdateSet({ credit_limit: b.credits })).returningAll()

export type BudgetRow = Awaited<ReturnType<ReturnType<typeof findBudget>['executeTakeFirstOrThrow']>>
