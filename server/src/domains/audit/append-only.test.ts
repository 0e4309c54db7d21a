import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startStore, type Member, type TestStore } from '../../testing/store.ts'
import { EMPTY_ROOT } from './merkle/tree-hash.ts'
import { record } from './record.ts'
import { verifyChain } from './verify/verify-chain.ts'

let house: TestStore
let ada: Member
before(async () => {
  house = await startStore()
  ada = await house.member()
  for (let n = 1; n <= 30; n += 1) {
    await house.store.within(ada, async (tx) => {
      record(tx, { ...ada, actor: { kind: 'person', id: ada.userId }, via: 'rest', requestId: 'request-1', now: () => new Date(1_767_000_000_000 + n) }, { action: 'notes.create', outcome: 'done', resource: { type: 'note', id: String(n) }, details: { n } })
    })
  }
  await house.owner.query('create table kept_events as select * from audit_events; create table kept_heads as select * from audit_heads')
})
after(() => house.close())

/** Tries a statement over the server's own pool, as a hole in our code would. */
async function attempt(statement: string): Promise<string | undefined> {
  const client = await house.store.pool.connect()
  try {
    await client.query('begin')
    await client.query(`select set_config('app.identity_id', '${ada.identityId}', true), set_config('app.service', 'relay', true)`)
    await client.query(statement)
    return undefined
  } catch (error) {
    return (error as { code?: string }).code
  } finally {
    await client.query('rollback')
    client.release()
  }
}

test('AUD-02: the server’s role may not change, delete, cut, insert or redefine anything of the audit', async () => {
  const refused = [
    ...['audit_events', 'audit_heads', 'audit_anchors', 'audit_nodes'].flatMap((table) => [
      `update ${table} set identity_id = identity_id`, `delete from ${table}`, `truncate ${table}`, ...(/events|heads/.test(table) ? [`insert into ${table} select * from ${table}`] : []), `drop table ${table}`, `alter table ${table} disable row level security`,
      `create trigger t before insert on ${table} for each row execute function suppress_redundant_updates_trigger()`, `select * from ${table} for update`,
    ]),
    `create or replace function audit_append(of_identity uuid, event_id uuid, event_body text, event_at timestamptz, event_action text, event_resource_type text, event_resource_id text, event_agent text, event_outcome text, key_epoch integer) returns bigint language sql as 'select 1::bigint'`,
    'drop function audit_append(uuid, uuid, text, timestamptz, text, text, text, text, text, integer)',
    'create table public.shadow (id integer)',
  ]

  for (const statement of refused) assert.equal(await attempt(statement), '42501', statement)
  const { rows: [owner] } = await house.owner.query('select quote_ident(current_user) as name')
  assert.equal(await attempt(`set role ${owner.name}`), '42501')
})

test('SEC-11: the server’s role is neither superuser nor owner, has no BYPASSRLS and makes no roles', async () => {
  const { rows } = await house.store.pool.query('select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication from pg_roles where rolname = current_user')
  assert.deepEqual(rows, [{ rolsuper: false, rolbypassrls: false, rolcreaterole: false, rolcreatedb: false, rolreplication: false }])

  const owned = await house.store.pool.query(`select count(*)::int as count from pg_class where relowner = (select oid from pg_roles where rolname = current_user) and relnamespace = 'public'::regnamespace`)
  assert.equal(owned.rows[0].count, 0)
})

const restore = (): Promise<unknown> => house.owner.query('truncate audit_events, audit_heads; insert into audit_events select * from kept_events; insert into audit_heads select * from kept_heads')

const link = (seq: number): string => `identity_id = '${ada.identityId}' and seq = ${seq}`

/** What an owner of the database might try, and the first number at which it shows. */
const damages = (seq: number): Array<[string, string, { seq: number; because: string }]> => [
  ['an edited body', `update audit_events set body = replace(body, 'done', 'held') where ${link(seq)}`, { seq, because: 'changed' }],
  ['one changed letter', `update audit_events set body = overlay(body placing 'X' from 40) where ${link(seq)}`, { seq, because: 'changed' }],
  ['a blank added', `update audit_events set body = body || ' ' where ${link(seq)}`, { seq, because: 'changed' }],
  ['another hash', `update audit_events set hash = repeat('a', 64) where ${link(seq)}`, { seq, because: 'changed' }],
  ['another previous hash', `update audit_events set prev_hash = repeat('a', 64) where ${link(seq)}`, { seq, because: 'broken_link' }],
  ['a removed row', `delete from audit_events where ${link(seq)}`, { seq: seq + 1, because: 'missing' }],
  ['a cut tail', `delete from audit_events where identity_id = '${ada.identityId}' and seq >= ${seq}`, { seq, because: 'cut' }],
  ['two swapped bodies', `update audit_events e set body = o.body from audit_events o where e.identity_id = o.identity_id and e.seq + o.seq = ${2 * seq + 1} and e.seq in (${seq}, ${seq + 1})`, { seq, because: 'changed' }],
  ['a searched column', `update audit_events set action = 'notes.search' where ${link(seq)}`, { seq, because: 'column_mismatch' }],
  ['a searched outcome', `update audit_events set outcome = 'denied' where ${link(seq)}`, { seq, because: 'column_mismatch' }],
  ['a searched row id', `update audit_events set resource_id = 'other' where ${link(seq)}`, { seq, because: 'column_mismatch' }],
  ['a searched time', `update audit_events set at = at - interval '1 hour' where ${link(seq)}`, { seq, because: 'column_mismatch' }],
  ['a hidden agent', `update audit_events set agent = 'nova' where ${link(seq)}`, { seq, because: 'column_mismatch' }],
  ['an event replaced with its hash', `update audit_events set body = replace(body, 'request-1', 'request-2'), hash = encode(sha256(convert_to('{"event":' || replace(body, 'request-1', 'request-2') || ',"prev_hash":"' || prev_hash || '","seq":' || seq || '}', 'UTF8')), 'hex') where ${link(seq)}`, { seq: seq + 1, because: 'broken_link' }],
]

test('AUD-03: whatever the owner of the database edits, removes or swaps is found at its place', async () => {
  for (const seq of [1, 14, 28]) {
    for (const [name, statement, expected] of damages(seq)) {
      await house.owner.query(statement)
      const verdict = await verifyChain(house.store, ada.identityId)
      await restore()

      assert.equal(verdict.valid, false, `${name} at ${seq}`)
      assert.deepEqual(verdict.first_broken, expected, `${name} at ${seq}`)
      assert.equal(verdict.events, Math.min(seq, expected.seq) - (expected.because === 'broken_link' && expected.seq > seq ? 0 : 1), `${name} at ${seq}`)
    }
  }

  assert.equal((await verifyChain(house.store, ada.identityId)).valid, true)
})

test('AUD-03: a tail that was cut together with other rows still shows at the head', async () => {
  const cases = [
    ['a head set back', `update audit_heads set seq = 20, hash = (select hash from audit_events where ${link(20)}) where identity_id = '${ada.identityId}'`, { seq: 21, because: 'head_mismatch' }],
    ['a head of another hash', `update audit_heads set hash = repeat('b', 64) where identity_id = '${ada.identityId}'`, { seq: 30, because: 'head_mismatch' }],
    ['a head taken away', `delete from audit_heads where identity_id = '${ada.identityId}'`, { seq: 1, because: 'head_mismatch' }],
    ['all links taken away', `delete from audit_events where identity_id = '${ada.identityId}'`, { seq: 1, because: 'cut' }],
  ] as const

  for (const [name, statement, expected] of cases) {
    await house.owner.query(statement)
    const verdict = await verifyChain(house.store, ada.identityId)
    await restore()

    assert.deepEqual(verdict.first_broken, expected, name)
  }
})

test('a chain without an event holds', async () => {
  const { identityId } = await house.member()

  assert.deepEqual(await verifyChain(house.store, identityId), { valid: true, events: 0, head: '0'.repeat(64), root: EMPTY_ROOT, anchored: 0, anchored_at: null, not_anchored: 0, unknown: 0 })
})
