import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { canonical } from '../../../platform/canonical.ts'
import { createDatabase } from '../../../testing/database.ts'
import { startStore, type Member, type TestStore } from '../../../testing/store.ts'
import { startWorld, type World } from '../../../testing/world.ts'
import { record, type AuditEntry } from '../record.ts'
import { openBodies } from '../testing.ts'
import { verifyChain } from '../verify/verify-chain.ts'
import { rewrapKeys } from './rewrap-keys.ts'
import { commitTo } from './commitment.ts'

let house: TestStore
let world: World
before(async () => { [house, world] = await Promise.all([startStore(), startWorld()]) })
after(() => Promise.all([house.close(), world.close()]))

const CANARY = 'cnry-what-only-the-owner-reads'

const write = (member: Member, given: Partial<AuditEntry> = {}): Promise<string> => house.store.within(member, async (tx) =>
  record(tx, { ...member, actor: { kind: 'person', id: member.userId }, via: 'rest', requestId: 'request-1', now: () => new Date('2026-05-06T07:08:09Z') }, { action: 'notes.create', outcome: 'done', details: { reason: CANARY }, ...given }))

const bodiesOf = async ({ identityId }: Member): Promise<string[]> =>
  (await house.owner.query<{ body: string }>('select body from audit_events where identity_id = $1 order by seq', [identityId])).rows.map(({ body }) => body)

test('AUD-09: details lie sealed in the chain, which verifies without their key, and open for their identity', async () => {
  const ada = await house.member()
  await write(ada)
  await write(ada)

  const bodies = await bodiesOf(ada)
  assert.doesNotMatch(bodies.join(), /cnry/)
  assert.deepEqual((await openBodies(house.store, ada.identityId, bodies)).map(({ details }) => details), [{ reason: CANARY }, { reason: CANARY }])
  await house.owner.query('delete from audit_keys where identity_id = $1', [ada.identityId])
  assert.equal((await verifyChain(house.store, ada.identityId)).valid, true)
  assert.deepEqual((await openBodies(house.store, ada.identityId, bodies)).map(({ details }) => details), [{}, {}])
})

test('SEC-03: sealed details moved to another event or cut open for nobody, and no two are alike', async () => {
  const ada = await house.member()
  for (let n = 0; n < 3; n += 1) await write(ada)
  type Sealed = { id: string; details: { sealed: string } }
  const bodies = (await bodiesOf(ada)).map((body) => JSON.parse(body) as Sealed)
  const [one, other] = bodies as [Sealed, Sealed]

  const damaged = [{ ...one, details: other.details }, { ...one, id: other.id }, { ...one, details: { ...one.details, sealed: one.details.sealed.slice(0, -4) } }, { ...one, details: { ...one.details, sealed: 'AAAA' } }]

  assert.equal(new Set(bodies.map(({ details }) => details.sealed)).size, 3)
  for (const { details } of await openBodies(house.store, ada.identityId, damaged.map((body) => canonical(body)))) assert.deepEqual(details, {})
})

test('20 first events at once make one key for their identity and day, which all of them open with', async () => {
  const ada = await house.member()

  await Promise.all(Array.from({ length: 20 }, () => write(ada)))

  const { rows } = await house.owner.query('select 1 from audit_keys where identity_id = $1', [ada.identityId])
  assert.equal(rows.length, 1)
  assert.ok((await openBodies(house.store, ada.identityId, await bodiesOf(ada))).every(({ details }) => details.reason === CANARY))
})

test('a key that was made in a transaction that failed seals nothing', async () => {
  const ada = await house.member()

  await assert.rejects(house.store.within(ada, async (tx) => {
    record(tx, { ...ada, actor: { kind: 'person', id: ada.userId }, via: 'rest', requestId: 'r', now: () => new Date('2026-05-06T07:08:09Z') }, { action: 'notes.create', outcome: 'done', details: { reason: CANARY } })
    tx.atClose(() => { throw new Error('too late') })
  }), /too late/)
  await write(ada)

  assert.deepEqual((await openBodies(house.store, ada.identityId, await bodiesOf(ada))).map(({ details }) => details), [{ reason: CANARY }])
})

test('an event that was sealed with a key from before an erasure is sealed anew', async () => {
  const ada = await house.member()
  await write(ada)
  await house.owner.query(`update audit_heads set epoch = epoch + 1 where identity_id = $1`, [ada.identityId])
  await house.owner.query('delete from audit_keys where identity_id = $1', [ada.identityId])

  await write(ada)

  const [, last] = await openBodies(house.store, ada.identityId, await bodiesOf(ada))
  assert.deepEqual(last?.details, { reason: CANARY })
})

test('AUD-05: a change names its right and commits to what was before and after; the owner’s salts open it, nobody else’s guess', async () => {
  const ada = await world.person()
  const { body: note } = await ada.post('/api/v2/notes', { title: 'Before' })
  const { body: changed } = await ada.patch(`/api/v2/notes/${note.id}`, { title: 'After' })

  const { body: { items: [update, create] } } = await ada.get('/api/v2/governance/audit?limit=2')

  assert.equal(create.before, null)
  assert.equal(create.after, commitTo(create.salts.after, note))
  assert.equal(update.after, commitTo(update.salts.after, changed))
  assert.notEqual(update.before, null)
  assert.notEqual(update.after, commitTo('', changed))
  assert.match(update.permission, /^policy:/)
  const { rows: [row] } = await world.owner.query('select data from record_versions where record_id = $1', [note.id])
  const { rows: [now] } = await world.owner.query('select to_jsonb(n) as state from notes n where id = $1', [note.id])
  const was = { ...now.state, ...row.data, title_key: 'before' }
  assert.equal(update.before, commitTo(update.salts.before, [{ type: 'note', id: note.id, state: was }]))
  const stored = await world.owner.query('select string_agg(body, \'\') as text from audit_events where identity_id = $1', [ada.identity.id])
  assert.ok(!stored.rows[0].text.includes(update.salts.after) && !stored.rows[0].text.includes('After'))
})

test('SEC-05: after a change of the secret details open, and once their keys are wrapped anew the old secret can go', async () => {
  const database = await createDatabase()
  const turned = (settings: Record<string, string>) => startWorld({ settings, database })
  try {
    const before = await turned({ JWT_SECRET: 'kB7mW2xTq9LpVz4RdN8sHc3YfJ6gUaE1' })
    const ada = await before.person()
    const newest = async (on: World): Promise<{ erased: boolean }> => {
      const { body } = await on.anyone.post('/api/v2/auth/login', { email: ada.user.email, password: ada.password })
      return (await on.anyone.get('/api/v2/governance/audit?action=notes.create', { authorization: `Bearer ${body.access_token}` })).body.items[0]
    }
    await ada.post('/api/v2/notes', { title: 'Under the old secret' })
    await before.close()

    const between = await turned({ JWT_SECRET: 'Zx5nQe8RtY2uIo7PaS4dFg9HjK3lCvB6', JWT_SECRET_PREVIOUS: 'kB7mW2xTq9LpVz4RdN8sHc3YfJ6gUaE1' })
    assert.equal((await newest(between)).erased, false)
    assert.ok(await rewrapKeys(between.platform, new AbortController().signal) > 0)
    assert.equal(await rewrapKeys(between.platform, new AbortController().signal), 0)
    await between.close()
    const after = await turned({ JWT_SECRET: 'Zx5nQe8RtY2uIo7PaS4dFg9HjK3lCvB6' })
    assert.equal((await newest(after)).erased, false)
    await after.close()
  } finally {
    await database.drop()
  }
})

test('AUD-05: no event holds a network address or a user agent', async () => {
  const ada = await world.person()
  await ada.post('/api/v2/notes', { title: 'Mine' }, { 'user-agent': 'cnry-agent', 'x-forwarded-for': '203.0.113.77' })

  const { body } = await ada.get('/api/v2/governance/audit')

  assert.doesNotMatch(JSON.stringify(body), /cnry-agent|203\.0\.113\.77|127\.0\.0\.1|user_agent|"ip"/)
})
