import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, test } from 'node:test'
import type { Answer, Person } from '../../testing/person.ts'
import { eventually } from '../../testing/process/eventually.ts'
import { openWire } from '../../testing/wire.ts'
import { startWorld, type World } from '../../testing/world.ts'

let world: World
let ada: Person
before(async () => { world = await startWorld() })
after(() => world.close())

type Way = {
  name: string
  path: string
  body: (title: string) => Record<string, unknown>
  status: number
  /** How often the effect happened. */
  effects(): Promise<number>
}

const notesOf = async (): Promise<number> => (await world.owner.query('select count(*)::int as count from notes where identity_id = $1', [ada.identity.id])).rows[0].count as number
const ordersHeld = async (): Promise<number> => (await world.owner.query(`select count(*)::int as count from checkpoints where identity_id = $1 and status = 'pending'`, [ada.identity.id])).rows[0].count as number
const runsOf = async (): Promise<number> => (await world.owner.query('select count(*)::int as count from nova_runs where identity_id = $1', [ada.identity.id])).rows[0].count as number

const WAYS: Way[] = [
  { name: 'POST /notes', path: '/api/v2/notes', body: (title) => ({ title }), status: 201, effects: notesOf },
  { name: 'a held POST /payments/orders', path: '/api/v2/payments/orders', body: (title) => ({ beneficiary: title, amount_minor: 1_000, currency: 'EUR' }), status: 423, effects: ordersHeld },
  { name: 'POST /nova/query with a tool call', path: '/api/v2/nova/query', body: (title) => ({ action: { tool: 'notes.create', args: { title } } }), status: 200, effects: notesOf },
  { name: 'POST /nova/query in a sentence', path: '/api/v2/nova/query', body: (title) => ({ message: `Crée une note « ${title} »` }), status: 200, effects: notesOf },
  { name: 'POST /nova/query with several commands', path: '/api/v2/nova/query', body: (title) => ({ message: `Create a note "${title}" and create a task "Water the plants"` }), status: 200, effects: notesOf },
]

const send = (way: Way, key: string, title: string, who: Person = ada): Promise<Answer> => who.post(way.path, way.body(title), { 'idempotency-key': key })

for (const way of WAYS) {
  test(`IDEM-01: ${way.name}: the same key and body find the same answer, marked, and nothing happens again`, async () => {
    ada = await world.person()
    const first = await send(way, 'key-1', 'Courses')
    const second = await send(way, 'key-1', 'Courses')

    assert.equal(first.status, way.status, JSON.stringify(first.body))
    assert.deepEqual([second.status, second.body], [first.status, first.body])
    assert.deepEqual([first.headers.get('idempotency-replayed'), second.headers.get('idempotency-replayed')], [null, 'true'])
    for (const name of ['location', 'x-checkpoint-id', 'content-type']) assert.equal(second.headers.get(name), first.headers.get(name))
    assert.equal(await way.effects(), 1)
    await send(way, 'key-2', 'Autre chose')
    assert.equal(await way.effects(), 2, 'another key is another request')
  })

  test(`IDEM-02: ${way.name}: another body under the same key is 422, and nothing happens`, async () => {
    ada = await world.person()
    await send(way, 'key', 'Courses')

    const { status, body } = await send(way, 'key', 'Lait')

    assert.deepEqual([status, body.code], [422, 'idempotency_mismatch'])
    assert.equal(await way.effects(), 1)
  })

  test(`IDEM-03: ${way.name}: one key sent 100 times at once has one effect, and everyone gets its answer or 409`, async () => {
    ada = await world.person()

    const answers = await Promise.all(Array.from({ length: 100 }, () => send(way, 'key', 'Courses')))

    assert.equal(await way.effects(), 1)
    const told = answers.filter(({ status }) => status !== 409)
    assert.ok(told.length > 0)
    for (const { status, body } of told) assert.deepEqual([status, body.id ?? body.checkpoint.id], [way.status, told[0]?.body.id ?? told[0]?.body.checkpoint.id])
    assert.ok(answers.every(({ status }) => status === way.status || status === 409))
    assert.deepEqual((await send(way, 'key', 'Courses')).body, told[0]?.body)
  })

  test(`IDEM-07: ${way.name}: when the connection is lost before the answer, a retry finds what was done`, async () => {
    ada = await world.person()
    const keys = Array.from({ length: 12 }, () => randomUUID())
    await Promise.all(keys.map((key, n) => sendAndHangUp(way, key, `Note ${n}`)))

    const answers = await Promise.all(keys.map((key, n) => send(way, key, `Note ${n}`)))

    assert.ok(answers.every(({ status }) => status === way.status || status === 409), JSON.stringify(answers.map(({ body }) => body)))
    await Promise.all(keys.map((key, n) => eventually(`${key} finds its answer`, async () => {
      const { status, headers } = await send(way, key, `Note ${n}`)
      return status === way.status && headers.get('idempotency-replayed') === 'true'
    })))
    assert.equal(await way.effects(), 12)
  })
}

/** Sends a whole request and cuts the connection at once: the server does its work, and nobody hears of it. */
async function sendAndHangUp(way: Way, key: string, title: string): Promise<void> {
  const socket = await openWire(world.url)
  const body = JSON.stringify(way.body(title))
  const request = [`POST ${way.path} HTTP/1.1`, 'Host: x', `Authorization: Bearer ${ada.token}`, `Idempotency-Key: ${key}`, 'Content-Type: application/json', `Content-Length: ${Buffer.byteLength(body)}`, '', body].join('\r\n')
  await new Promise<void>((resolve) => { socket.write(request, () => { resolve() }) })
  socket.resetAndDestroy()
}

test('IDEM-01: a command whose object is gone by its own doing still finds its answer', async () => {
  ada = await world.person()
  await ada.post('/api/v2/notes', { title: 'Courses' })
  const ask = (): Promise<Answer> => ada.post('/api/v2/nova/query', { message: 'Supprime la note « Courses »' }, { 'idempotency-key': 'key' })
  const held = await ask()
  assert.equal(held.status, 423)
  assert.equal((await ada.post(`/api/v2/governance/checkpoints/${held.body.checkpoint.id}/approve`, {})).status, 200)

  const again = await ask()

  assert.deepEqual([again.status, again.body.checkpoint?.id, again.headers.get('idempotency-replayed')], [423, held.body.checkpoint.id, 'true'])
  assert.equal(await runsOf(), 1)
})

test('IDEM-05: a key is 1 to 255 printable characters, else 400', async () => {
  ada = await world.person()
  const post = (key: string): Promise<Answer> => ada.post('/api/v2/notes', { title: 'x' }, { 'idempotency-key': key })
  for (const bad of ['', 'x'.repeat(256), 'clé', 'a\tb']) assert.deepEqual([(await post(bad)).status, await notesOf()], [400, 0], JSON.stringify(bad))
  for (const good of ['1', 'x'.repeat(255), '"quoted-as-RFC-8941"', 'with blank and ;,=']) assert.equal((await post(good)).status, 201, good)
})

test('IDEM-06: a key belongs to one identity and one route', async () => {
  ada = await world.person()
  const bob = await world.person()
  const [hers, his] = [await ada.post('/api/v2/notes', { title: 'Hers' }, { 'idempotency-key': 'key' }), await bob.post('/api/v2/notes', { title: 'His' }, { 'idempotency-key': 'key' })]
  const [task, alias] = [await ada.post('/api/v2/tasks', { title: 'Hers' }, { 'idempotency-key': 'key' }), await ada.post('/api/v1/notes', { title: 'Hers' }, { 'idempotency-key': 'key' })]
  const { body: second } = await ada.post('/api/v2/identities', { type: 'enterprise', name: 'Atelier' })
  const other = await ada.post('/api/v2/notes', { title: 'Another of hers' }, { 'idempotency-key': 'key', 'x-identity-id': second.id })

  assert.deepEqual([hers, his, task, other].map(({ status, headers }) => [status, headers.get('idempotency-replayed')]), Array.from({ length: 4 }, () => [201, null]))
  assert.deepEqual([his.body.title, other.body.title], ['His', 'Another of hers'])
  assert.deepEqual([alias.body.id, alias.headers.get('idempotency-replayed')], [hers.body.id, 'true'], 'the alias is the same route')
})

test('IDEM-06: on a route with an id the key stands for that id', async () => {
  ada = await world.person()
  const ids = await Promise.all(['a', 'b'].map(async (title) => (await ada.post('/api/v2/tasks', { title })).body.id as string))

  const [first, second] = await Promise.all(ids.map((id) => ada.post(`/api/v2/tasks/${id}/complete`, {}, { 'idempotency-key': 'key' })))

  assert.deepEqual([first?.status, second?.status].toSorted(), [200, 422])
})

test('IDEM-08: what is refused is not kept: the key is free for the corrected request', async () => {
  ada = await world.person()
  const key = { 'idempotency-key': 'key' }
  assert.equal((await ada.post('/api/v2/notes', { title: '' }, key)).status, 422)
  assert.equal((await ada.post('/api/v2/notes', '{', key)).status, 400)
  assert.equal((await ada.post('/api/v2/notes', { title: 'x', sphere_id: 'nowhere' }, key)).status, 422)
  assert.equal((await ada.post('/api/v2/nova/query', { action: { tool: 'notes.create', args: {} } }, key)).status, 422)
  assert.equal((await ada.post('/api/v2/nova/query', { action: { tool: 'no.such_tool', args: {} } }, key)).status, 422)

  assert.equal((await ada.post('/api/v2/notes', { title: 'Right' }, key)).status, 201)
  assert.equal((await ada.post('/api/v2/nova/query', { action: { tool: 'notes.create', args: { title: 'Right' } } }, key)).status, 200)
})

test('IDEM-01, IDEM-10: keys live in the database: another server, and one that was started anew, answer the same', async () => {
  ada = await world.person()
  const first = await ada.post('/api/v2/notes', { title: 'x' }, { 'idempotency-key': 'key' })
  const second = await world.another()
  try {
    const again = await second.anyone.post('/api/v2/notes', { title: 'x' }, { 'idempotency-key': 'key', authorization: `Bearer ${ada.token}` })

    assert.deepEqual([again.status, again.body, again.headers.get('idempotency-replayed')], [201, first.body, 'true'])
    assert.equal(await notesOf(), 1)
  } finally {
    await second.close()
  }
})
