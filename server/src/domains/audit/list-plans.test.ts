import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startStore, type Member, type TestStore } from '../../testing/store.ts'
import { listAudit } from './queries.ts'

const EVENTS = 60_000
const RARE = 3

let house: TestStore
let ada: Member
before(async () => {
  house = await startStore()
  ada = await house.member()
  // As the owner, past the chain: what is looked at here is how rows are found, not what they prove.
  await house.owner.query(`
    insert into audit_events (identity_id, seq, id, body, prev_hash, hash, at, action, resource_type, resource_id, agent, outcome, latest)
    select $1::uuid, n, gen_random_uuid(), '{}', '', '', t.at, case when n <= ${RARE} then 'rare.action' else 'notes.create' end, case when n <= ${RARE} then 'rare' else 'note' end,
      case when n <= ${RARE} then 'rare' else gen_random_uuid()::text end, case when n <= ${RARE} then 'rare' when n % 2 = 0 then 'nova' end, case when n <= ${RARE} then 'failed' else 'done' end, t.at
    from generate_series(1, ${EVENTS}) n, lateral (select timestamptz '2026-01-01' + n * interval '1 minute' as at) t`, [ada.identityId])
  await house.owner.query('analyze audit_events')
})
after(() => house.close())

type Plan = { 'Node Type': string; 'Actual Rows': number; 'Actual Loops': number; 'Rows Removed by Filter'?: number; Plans?: Plan[] }

/** Rows that a plan has touched, in all of its nodes. */
const touched = (plan: Plan): number =>
  (plan['Actual Rows'] + (plan['Rows Removed by Filter'] ?? 0)) * plan['Actual Loops'] + (plan.Plans ?? []).reduce((sum, part) => sum + touched(part), 0)

const nodesOf = (plan: Plan): string[] => [plan['Node Type'], ...(plan.Plans ?? []).flatMap(nodesOf)]

async function explain(filter: Omit<Parameters<typeof listAudit>[2], 'limit'>): Promise<Plan> {
  return house.store.within(ada, async (tx) => {
    const query = listAudit(tx.db, ada.identityId, { ...filter, limit: 25 }).compile()
    const [row] = await tx.send<{ 'QUERY PLAN': Array<{ Plan: Plan }> }>({ ...query, sql: `explain (analyze, format json) ${query.sql}` } as never)
    return row?.['QUERY PLAN'][0]?.Plan as Plan
  })
}

const FIRST_DAY = new Date('2026-01-01T00:03:30Z')
const filters: Array<[string, Omit<Parameters<typeof listAudit>[2], 'limit'>]> = [
  ['none', {}], ['a late page', { before: '100' }],
  ['a common action', { action: 'notes.create' }], ['a rare action', { action: 'rare.action' }], ['no such action', { action: 'nowhere' }],
  ['a common type', { resourceType: 'note' }], ['a rare type', { resourceType: 'rare' }], ['a row', { resourceType: 'rare', resourceId: 'rare' }], ['no such row', { resourceId: 'nowhere' }],
  ['a common agent', { agent: 'nova' }], ['a rare agent', { agent: 'rare' }], ['no such agent', { agent: 'nobody' }],
  ['a common outcome', { outcome: 'done' }], ['a rare outcome', { outcome: 'failed' }], ['no such outcome', { outcome: 'denied' }],
  ['the last minutes', { from: new Date('2026-02-11T15:00:00Z') }], ['the first minutes', { to: FIRST_DAY }], ['after the end', { from: new Date('2030-01-01') }], ['before the beginning', { to: new Date('2020-01-01') }],
  ['a rare action in the first minutes', { action: 'rare.action', to: FIRST_DAY }], ['a common action in the first minutes', { action: 'notes.create', to: FIRST_DAY }], ['an outcome after the end', { outcome: 'done', from: new Date('2030-01-01') }],
]

test('no filter of the list walks the table: each touches a few rows of an index, however long the chain', async () => {
  for (const [name, filter] of filters) {
    const plan = await explain(filter)

    assert.ok(!nodesOf(plan).includes('Seq Scan'), `${name}: ${nodesOf(plan).join(' > ')}`)
    assert.ok(touched(plan) < 500, `${name}: ${touched(plan)} rows, ${nodesOf(plan).join(' > ')}`)
  }
})
