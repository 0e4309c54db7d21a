import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { newId, type IdentityId } from '../../../platform/ids.ts'
import type { Answer, Person } from '../../../testing/person.ts'
import { startWorld, type World } from '../../../testing/world.ts'
import { approved, join, organisationOf } from '../../organisations/testing.ts'
import { streamOf } from '../testing.ts'
import { verifyExport } from '../verify/verify-export.ts'
import { ownedTables, plantCanary, tablesWith } from './testing.ts'

let world: World
before(async () => { world = await startWorld() })
after(() => world.close())

const AUDIT = '/api/v2/governance/audit'
/** The record of what was, which no erasure touches, and sessions, which only end. */
const STAYS = new Set(['audit_events', 'audit_heads', 'audit_nodes', 'audit_anchors', 'audit_pending', 'sessions'])

const ask = (person: Person, id: string, confirm: string): Promise<Answer> => person.del(`/api/v2/identities/${id}/data?confirm=${encodeURIComponent(confirm)}`)

/** Asks for the erasure, approves it, and signs in again. */
async function erase(person: Person, identity = person.identity): Promise<{ approved: Answer; back: Person }> {
  const held = await ask(person, identity.id, identity.name)
  assert.equal(held.status, 423, JSON.stringify(held.body))
  const approved = await person.post(`/api/v2/governance/checkpoints/${held.body.checkpoint.id}/approve`, {})
  assert.equal(approved.status, 200, JSON.stringify(approved.body))
  return { approved, back: await signIn(person) }
}

async function signIn(person: Person): Promise<Person> {
  const { status, body } = await world.anyone.post('/api/v2/auth/login', { email: person.user.email, password: person.password })
  assert.equal(status, 200, JSON.stringify(body))
  const headers = { authorization: `Bearer ${body.access_token}` }
  return { ...person, token: body.access_token, get: (path) => world.anyone.get(path, headers), post: (path, given) => world.anyone.post(path, given, headers), del: (path) => world.anyone.del(path, headers) }
}

const exportOf = async (person: Person): Promise<string[]> => String((await person.get(`${AUDIT}/export`)).body).trimEnd().split('\n')

test('AUD-09: an erasure waits at a checkpoint even for the person, and takes the name of the identity', async () => {
  const ada = await world.person({ name: 'Ada' })
  const { body: note } = await ada.post('/api/v2/notes', { title: 'Still here' })

  const [wrong, held, none] = [await ask(ada, ada.identity.id, 'Bob'), await ask(ada, ada.identity.id, 'Ada'), await ada.del(`/api/v2/identities/${ada.identity.id}/data`)]

  assert.deepEqual([wrong.status, held.status, held.body.checkpoint.type, none.status], [422, 423, 'destructive_action', 422])
  assert.equal((await ada.get(`/api/v2/notes/${note.id}`)).status, 200)
  const bob = await world.person()
  assert.equal((await ask(bob, ada.identity.id, 'Ada')).status, 403)
  assert.equal((await ask(bob, newId(), 'Ada')).status, 404)
  const { status } = await ada.post('/api/v2/nova/query', { message: '', action: { tool: 'identities.erase_data', args: { identity_id: ada.identity.id, confirm: 'Ada' } } })
  assert.equal(status, 403)
})

test('AUD-09: an erasure leaves no canary in any table, whichever there are, and nobody else’s rows are touched', async () => {
  const [ada, bob] = [await world.person({ name: 'Ada' }), await world.person()]
  const [canary, other] = [`cnry-${newId()}`, `cnry-${newId()}`]
  await ada.post('/api/v2/notes', { title: canary, body: canary }, { 'idempotency-key': 'one' })
  await ada.post('/api/v2/nova/query', { message: `note ${canary}` })
  await ada.post('/api/v2/nova/query', { message: '', action: { tool: 'messages.send', args: { to: `${canary}@example.org`, subject: canary, body: canary } } })
  await world.owner.query(`insert into pgboss.job (name, data) select name, jsonb_build_object('identity_id', $1::text, 'canary', $2::text) from pgboss.queue limit 1`, [ada.identity.id, canary])
  const tables = (await ownedTables(world.owner)).filter((table) => !STAYS.has(table))
  for (const table of tables) {
    await world.owner.query(`delete from ${table} where identity_id = $1 and $2 in ('hub_states', 'audit_retention')`, [ada.identity.id, table])
    await plantCanary(world.owner, { table, identityId: ada.identity.id, canary })
    await plantCanary(world.owner, { table, identityId: bob.identity.id, canary: other })
  }
  const before = await tablesWith(world.owner, other)
  assert.ok((await tablesWith(world.owner, canary)).length >= before.length && before.length > 10)

  const { approved } = await erase(ada)

  assert.deepEqual(await tablesWith(world.owner, canary), [])
  for (const table of tables) assert.ok(approved.body.outcome.result.rows[table] > 0, table)
  assert.deepEqual(await tablesWith(world.owner, other), before)
})

test('AUD-09: the chain that an erasure leaves verifies, its details are gone, and a tombstone says what was without saying it', async () => {
  const ada = await world.person({ name: 'Ada' })
  await ada.post('/api/v2/notes', { title: 'Mine' })
  await world.app.anchorer.anchorDue()
  const before = (await ada.get(`${AUDIT}?limit=100`)).body.items

  const { back, approved } = await erase(ada)
  const verified = (await back.get(`${AUDIT}/verify`)).body
  const items = (await back.get(`${AUDIT}?limit=100`)).body.items as Array<{ seq: number; action: string; erased: boolean; details: Record<string, unknown> | null; hash: string }>
  const lines = await exportOf(back)

  assert.equal(verified.valid, true)
  const tombstone = items.find(({ action }) => action === 'identity.erased')
  assert.equal(tombstone?.details?.hash, approved.body.outcome.result.hash)
  assert.equal(tombstone?.details?.notes, 1)
  for (const { seq, hash } of before) assert.equal(items.find((item) => item.seq === seq)?.hash, hash)
  assert.ok(items.filter(({ seq, action }) => seq < (tombstone?.seq ?? 0) && action === 'notes.create').every(({ erased, details }) => erased && details === null))
  assert.equal((await verifyExport(streamOf(lines))).kind, 'holds')
  assert.equal(JSON.parse(lines[0] ?? '').erased, tombstone?.seq)
  assert.ok(lines.some((line) => line.includes('"opened":null')) && !lines.slice(0, Number(tombstone?.seq)).some((line) => line.includes('"opened":{')))
})

test('after an erasure the default identity goes on empty, under its name, and its record takes new details', async () => {
  const ada = await world.person({ name: 'Ada' })
  await ada.post('/api/v2/notes', { title: 'Gone' })

  const { back } = await erase(ada)

  assert.equal((await ada.get('/api/v2/notes')).status, 401)
  assert.deepEqual((await back.get('/api/v2/notes')).body.items, [])
  assert.equal((await back.post('/api/v2/notes', { title: 'New' })).status, 201)
  const { body: { items: [newest] } } = await back.get(`${AUDIT}?limit=1`)
  assert.deepEqual([newest.action, newest.erased, typeof newest.salts.after], ['notes.create', false, 'string'])
  assert.equal((await back.get('/api/v2/hubs/state')).status, 200)
})

test('another identity of the person is erased without the one that acts, and a second time too', async () => {
  const ada = await world.person()
  const { body: work } = await ada.post('/api/v2/identities', { type: 'enterprise', name: 'Ada & Co' })
  const asWork = { 'x-identity-id': work.id }
  await ada.post('/api/v2/notes', { title: 'Work' }, asWork)
  const { body: own } = await ada.post('/api/v2/notes', { title: 'Own' })

  for (let n = 0; n < 2; n += 1) {
    const held = await ask(ada, work.id, 'Ada & Co')
    assert.equal((await ada.post(`/api/v2/governance/checkpoints/${held.body.checkpoint.id}/approve`, {})).status, 200)
  }

  assert.deepEqual((await ada.get('/api/v2/notes', asWork)).body.items, [])
  assert.equal((await ada.get(`/api/v2/notes/${own.id}`)).status, 200)
  assert.equal((await ada.get(`${AUDIT}/verify`, asWork)).body.valid, true)
  const { body: { items } } = await ada.get(`${AUDIT}?action=identity.erased`, asWork)
  assert.equal(items.length, 2)
  assert.equal((await ada.get(`${AUDIT}/verify`)).body.valid, true)
})

test('what is in flight when an erasure begins is erased with the rest, or never commits', async () => {
  const ada = await world.person({ name: 'Ada' })
  const other = await world.another()
  try {
    const held = await ask(ada, ada.identity.id, 'Ada')
    const at = [world.url, other.url]
    const write = (n: number): Promise<Response> => fetch(`${at[n % 2]}/api/v2/notes`, { method: 'POST', headers: { authorization: `Bearer ${ada.token}`, 'content-type': 'application/json' }, body: JSON.stringify({ title: `cnry-flight-${n}` }) })

    const writes = Array.from({ length: 30 }, (_, n) => write(n))
    const approved = await ada.post(`/api/v2/governance/checkpoints/${held.body.checkpoint.id}/approve`, {})
    const answers = await Promise.all([...writes, ...Array.from({ length: 10 }, (_, n) => write(n))])

    assert.equal(approved.status, 200, JSON.stringify(approved.body))
    assert.ok(answers.every(({ status }) => status === 201 || status === 401), answers.map(({ status }) => status).join())
    const { rows } = await world.owner.query('select count(*)::int as count from notes where identity_id = $1', [ada.identity.id])
    assert.equal(rows[0].count, 0)
    assert.equal((await (await signIn(ada)).get(`${AUDIT}/verify`)).body.valid, true)
  } finally {
    await other.close()
  }
})

test('AUD-09: the server’s role erases no identity but one of its scope’s user', async () => {
  const [ada, bob] = [await world.person(), await world.person()]

  await assert.rejects(world.platform.store.within({ identityId: bob.identity.id as IdentityId, userId: bob.user.id as never }, (tx) =>
    tx.send({ compile: () => ({ sql: 'select erase_identity($1)', parameters: [ada.identity.id], query: { kind: 'RawNode', sqlFragments: [], parameters: [] }, queryId: { queryId: '1' } }) } as never)), { code: '42501' })
})

test('what an identity of an organisation holds is erased by an owner or admin there, still so when it is approved', async () => {
  const [owner, member] = [await world.person(), await world.person()]
  const organisation = await organisationOf(owner)
  await join(owner, organisation, { person: member, role: 'member' })
  const { body: identity } = await member.post(`/api/v2/organisations/${organisation}/identities`, { type: 'enterprise', name: 'Sales' })
  const become = async (role: string) => approved(owner, await owner.patch(`/api/v2/organisations/${organisation}/members/${member.user.id}`, { role }))

  const refused = await ask(member, identity.id, 'Sales')
  await become('admin')
  const held = await ask(member, identity.id, 'Sales')
  await become('member')
  const late = await member.post(`/api/v2/governance/checkpoints/${held.body.checkpoint.id}/approve`, {})
  await become('admin')
  const { body: { outcome } } = await approved(member, await ask(member, identity.id, 'Sales'))

  assert.deepEqual([refused.status, held.status, outcome.status], [403, 423, 'completed'])
  assert.notEqual(late.body.outcome?.status, 'completed')
})
