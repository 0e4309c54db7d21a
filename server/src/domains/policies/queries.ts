import { sql, type Compilable } from 'kysely'
import { statement } from '../../platform/db/statement.ts'
import type { Queries } from '../../platform/db/store.ts'
import type { Bilingual } from '../../platform/text.ts'
import type { NewDecision } from './decisions/note-decision.ts'

/** Versions of the instance's set and of the identity's, and how many rules and standing grants of its own it has. */
export type PolicyVersions = { instance: string; own: string; rules: number; grants: number }

/** Takes the sets' locks in share mode until the transaction ends, then reads their versions. */
export const readPolicyVersions = (identityId: string): Compilable<PolicyVersions> => statement('select instance, own, rules, grants from policy_version($1)', [identityId])

/** Waits for every decision under a set to commit, and keeps later ones waiting until this transaction ends. */
export const lockPolicies = (identityId: string): Compilable<unknown> => statement('select policy_changes($1)', [identityId])

/** Spends a version of a set, and counts anew what it holds. */
export const bumpPolicies = (identityId: string): Compilable<unknown> => statement(`
  insert into policy_versions as v (identity_id, version, rules, grants)
  select $1::uuid, 1, (select count(*) from governance_rules r where r.identity_id = $1 and r.layer = 'identity' and r.status in ('active', 'shadow')),
    (select count(*) from standing_grants g where g.identity_id = $1 and g.revoked_at is null and g.spent_at is null)
  on conflict (identity_id) do update set version = v.version + 1, rules = excluded.rules, grants = excluded.grants`, [identityId])

/** Active and shadow rules that bind an identity: the instance's, and its own where it has some. At most a few hundred. */
export const listBindingRules = (db: Queries, identityId: string | null, limit: number) =>
  db.selectFrom('governance_rules').select(['id', 'rule_id', 'layer', 'name', 'text', 'effect', 'laws', 'status', 'shipped', 'sentence'])
    .where((eb) => eb.or([eb('identity_id', 'is', null), ...(identityId === null ? [] : [eb('identity_id', '=', identityId)])])).where('layer', '<>', 'grant')
    .where('status', 'in', ['active', 'shadow']).orderBy('id').limit(limit)

/** A rule that the identity may see: its own, or one of the instance. */
export const findRule = (db: Queries, identityId: string | null, id: string) =>
  db.selectFrom('governance_rules').selectAll().where((eb) => eb.or([eb('identity_id', 'is', null), ...(identityId === null ? [] : [eb('identity_id', '=', identityId)])]))
    .where('layer', '<>', 'grant').where('id', '=', id)

export const findActiveOf = (db: Queries, ruleId: string) => db.selectFrom('governance_rules').selectAll().where('rule_id', '=', ruleId).where('status', '=', 'active')

export const lastVersionOf = (db: Queries, ruleId: string) => db.selectFrom('governance_rules').select('version').where('rule_id', '=', ruleId).orderBy('version', 'desc').limit(1)

export const countActive = (db: Queries, identityId: string | null) =>
  db.selectFrom('governance_rules').select((eb) => eb.fn.countAll<string>().as('count')).where('identity_id', identityId === null ? 'is' : '=', identityId).where('layer', '<>', 'grant').where('status', 'in', ['active', 'shadow'])

export const listSentences = (db: Queries, identityId: string, ruleIds: string[]) =>
  db.selectFrom('governance_rules').select(['rule_id', 'sentence']).where((eb) => eb.or([eb('identity_id', '=', identityId), eb('identity_id', 'is', null)])).where('rule_id', 'in', ruleIds).where('status', '=', 'active').limit(200)

type Filter = { layer?: string | undefined; status?: string | undefined; before?: string | undefined; limit: number }

/** Newest first, one more than `limit`; shipped rules have the lowest ids and come last. */
export const listRules = (db: Queries, identityId: string, f: Filter) =>
  db.selectFrom('governance_rules').selectAll().where((eb) => eb.or([eb('identity_id', '=', identityId), eb('identity_id', 'is', null)]))
    .$if(f.layer !== undefined, (q) => q.where('layer', '=', f.layer ?? ''))
    .$if(f.status !== undefined, (q) => q.where('status', '=', f.status ?? ''))
    .$if(f.before !== undefined, (q) => q.where('id', '<', f.before ?? ''))
    .orderBy('id', 'desc').limit(f.limit + 1)

export const listShipped = (db: Queries) => db.selectFrom('governance_rules').select(['name', 'status']).where('shipped', '=', true).orderBy('name').limit(100)

export type NewRule = {
  id: string; ruleId: string; identityId: string | null; layer: 'instance' | 'identity' | 'grant'; name: string; text: string; effect: 'permit' | 'forbid'
  sentence: Bilingual; laws?: string[]; author: string; version: number; status: 'draft' | 'active'; at: Date
}

export const insertRule = (db: Queries, r: NewRule) => db.insertInto('governance_rules').values({
  id: r.id, rule_id: r.ruleId, identity_id: r.identityId, layer: r.layer, name: r.name, text: r.text, effect: r.effect, sentence: JSON.stringify(r.sentence), laws: r.laws ?? [],
  author: r.author, version: r.version, status: r.status, created_at: r.at, updated_at: r.at,
}).returningAll()

/** Moves a rule from one of these states to another; no row when it is in none of them. */
export const moveRule = (db: Queries, id: string, { from, to, at }: { from: string[]; to: string; at: Date }) =>
  db.updateTable('governance_rules').set({ status: to, updated_at: at }).where('id', '=', id).where('status', 'in', from).returningAll()

/** Writes the rules that come with the product, as the owner of the database; one that was retired stays retired. */
export const upsertShipped = (db: Queries, rules: Array<{ id: string; name: string; text: string; effect: string; sentence: Bilingual; laws: string[] }>, at: Date) =>
  db.insertInto('governance_rules').values(rules.map((r) => ({
    id: r.id, rule_id: r.id, identity_id: null, layer: 'instance', name: r.name, text: r.text, effect: r.effect, sentence: JSON.stringify(r.sentence), laws: r.laws,
    author: 'chenu', version: 1, status: 'active', shipped: true, created_at: at, updated_at: at,
  }))).onConflict((conflict) => conflict.column('id').doUpdateSet((eb) => ({ text: eb.ref('excluded.text'), effect: eb.ref('excluded.effect'), sentence: eb.ref('excluded.sentence'), laws: eb.ref('excluded.laws'), updated_at: eb.ref('excluded.updated_at') })))

type NewGrant = { id: string; identityId: string; userId: string; ruleId: string; tool: string; pattern: unknown; kind: string; threadId: string | null; endsAt: Date; checkpointId: string; at: Date }

export const insertGrant = (db: Queries, g: NewGrant) => db.insertInto('standing_grants').values({
  id: g.id, identity_id: g.identityId, user_id: g.userId, rule_id: g.ruleId, tool: g.tool, pattern: JSON.stringify(g.pattern), kind: g.kind, thread_id: g.threadId,
  created_at: g.at, ends_at: g.endsAt, checkpoint_id: g.checkpointId,
}).returningAll()

/** The live grants of a tool with the policies that they are, oldest first. */
export const listLiveGrants = (db: Queries, identityId: string, tool: string, { now, limit }: { now: Date; limit: number }) =>
  db.selectFrom('standing_grants as g').innerJoin('governance_rules as r', 'r.id', 'g.rule_id').select(['g.id', 'r.text']).where('g.identity_id', '=', identityId).where('g.tool', '=', tool)
    .where('g.revoked_at', 'is', null).where('g.spent_at', 'is', null).where('g.ends_at', '>', now).orderBy('g.id').limit(limit)

/**
 * Uses a grant: one conditional statement in the effect's own transaction. It holds the row, so of many uses of a grant
 * for once the first one commits and the others find it spent; a grant that was revoked or is over is not used.
 */
export const useGrant = (db: Queries, identityId: string, id: string, now: Date) =>
  db.updateTable('standing_grants').set((eb) => ({
    uses: eb('uses', '+', 1), last_used_at: now, spent_at: eb.case().when('kind', '=', 'once').then(now).else(eb.ref('spent_at')).end(),
  })).where('identity_id', '=', identityId).where('id', '=', id).where('revoked_at', 'is', null).where('spent_at', 'is', null).where('ends_at', '>', now).returning(['id', 'kind'])

export const revokeGrant = (db: Queries, identityId: string, id: string, at: Date) =>
  db.updateTable('standing_grants').set((eb) => ({ revoked_at: at, version: eb('version', '+', 1) })).where('identity_id', '=', identityId).where('id', '=', id).where('revoked_at', 'is', null).returningAll()

export const findGrant = (db: Queries, identityId: string, id: string) => db.selectFrom('standing_grants').selectAll().where('identity_id', '=', identityId).where('id', '=', id)

export const countLiveGrants = (db: Queries, identityId: string, now: Date) =>
  db.selectFrom('standing_grants').select((eb) => eb.fn.countAll<string>().as('count')).where('identity_id', '=', identityId)
    .where('revoked_at', 'is', null).where('spent_at', 'is', null).where('ends_at', '>', now)

export const listGrants = (db: Queries, identityId: string, q: { before?: string | undefined; limit: number }) =>
  db.selectFrom('standing_grants').selectAll().where('identity_id', '=', identityId).$if(q.before !== undefined, (b) => b.where('id', '<', q.before ?? '')).orderBy('id', 'desc').limit(q.limit + 1)

const INSERT_DECISION = `insert into policy_decisions (id, identity_id, at, action, effect, verdict, policies, requests, set_version, shadow, grant_id, checkpoint_id)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`

export const insertDecision = (d: NewDecision): Compilable<unknown> => statement(INSERT_DECISION, [
  d.id, d.identityId, d.at, d.action, d.effect, d.verdict, d.policies, d.requests === null ? null : JSON.stringify(d.requests), d.setVersion, d.shadow === null ? null : JSON.stringify(d.shadow), d.grantId, d.checkpointId])

export const listDecisions = (db: Queries, identityId: string | null, q: { verdict?: string | undefined; before?: string | undefined; limit: number }) =>
  db.selectFrom('policy_decisions').selectAll().$if(identityId !== null, (b) => b.where('identity_id', '=', identityId ?? '')).$if(q.verdict !== undefined, (b) => b.where('verdict', '=', q.verdict ?? ''))
    .$if(q.before !== undefined, (b) => b.where('id', '<', q.before ?? '')).orderBy('id', 'desc').limit(q.limit + 1)

/** Forgets up to `limit` decisions made before a time, oldest first. They are not locked first: nobody may change a decision. */
export const deleteOldDecisions = (db: Queries, before: Date, limit: number) => db.deleteFrom('policy_decisions')
  .where('id', 'in', (eb) => eb.selectFrom('policy_decisions').select('id').where('at', '<', before).orderBy('at').limit(limit)).returning('id')

/** Spends a version of the instance's set as the owner of the database, when the seeds are written. */
export const bumpInstance = (db: Queries) => sql`update policy_versions set version = version + 1 where identity_id = '00000000-0000-7000-8000-000000000000'`.execute(db)

export type RuleRow = Awaited<ReturnType<ReturnType<typeof findRule>['executeTakeFirstOrThrow']>>
export type BindingRule = Awaited<ReturnType<ReturnType<typeof listBindingRules>['executeTakeFirstOrThrow']>>
export type GrantRow = Awaited<ReturnType<ReturnType<typeof findGrant>['executeTakeFirstOrThrow']>>
export type DecisionRow = Awaited<ReturnType<ReturnType<typeof listDecisions>['executeTakeFirstOrThrow']>>
