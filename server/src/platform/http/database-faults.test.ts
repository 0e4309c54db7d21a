import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, test } from 'node:test'
import { startDatabaseProxy, type DatabaseProxy } from '../../testing/database-proxy.ts'
import type { Answer, Person } from '../../testing/person.ts'
import { eventually } from '../../testing/process/eventually.ts'
import { startWorld, type World } from '../../testing/world.ts'

const LIMITS = { connectMs: 600, beginMs: 400, statementMs: 1_500, silenceMs: 2_000 }

let proxy: DatabaseProxy
let world: World
let ada: Person
const faults: unknown[] = []
const note = (error: unknown): void => { faults.push(error) }
before(async () => {
  process.on('uncaughtException', note)
  process.on('unhandledRejection', note)
  proxy = await startDatabaseProxy()
  world = await startWorld({ through: (url) => proxy.through(url), storeLimits: LIMITS })
  ada = await world.person()
})
after(async () => {
  proxy.pass()
  await world.close()
  await proxy.close()
  process.off('uncaughtException', note)
  process.off('unhandledRejection', note)
  assert.deepEqual(faults, [])
})

/** One request of each kind that needs the database. */
const everything = (): Array<Promise<Answer>> => [
  ada.get('/api/v2/notes'), ada.get('/api/v2/auth/me'), ada.get('/api/v2/governance/checkpoints'), ada.get('/api/v2/governance/audit/verify'), ada.get('/api/v2/spheres/personal/bureau'),
  ada.post('/api/v2/notes', { title: 'x' }), ada.post('/api/v2/nova/query', { message: 'Crée une note « x »' }), ada.post('/api/v2/nova/query', { action: { tool: 'notes.search', args: {} } }),
  ada.post('/api/v2/payments/orders', { beneficiary: 'Bob', amount_minor: 1, currency: 'EUR' }), ada.post('/api/v2/auth/logout', {}, { authorization: 'Bearer x' }),
  world.anyone.post('/api/v2/auth/login', { email: ada.user.email, password: ada.password }), world.anyone.post('/api/v2/auth/register', { email: `n-${randomUUID()}@example.org`, password: 'Correct horse 42!', name: 'N' }),
  world.anyone.post('/api/v2/auth/refresh', { refresh_token: randomUUID() }), world.anyone.get('/ready'), world.anyone.get('/api/v2/health/db'), world.anyone.get('/api/atom/status'), world.anyone.get('/api/v2/agents', { authorization: `Bearer ${ada.token}` }),
]

const isHonest = ({ status, headers, body }: Answer): void => {
  assert.ok(status < 500 || status === 503 || status === 504, `${status} ${JSON.stringify(body)}`)
  if (status < 503) return
  assert.match(headers.get('retry-after') ?? '', /^[1-9]\d*$/)
  assert.equal(headers.get('content-type'), 'application/problem+json; charset=utf-8')
  assert.doesNotMatch(JSON.stringify(body), /postgres|ECONN|127\.0\.0\.1|\.ts/i)
}

const isServing = async (): Promise<boolean> => (await ada.get('/api/v2/notes')).status === 200 && (await world.anyone.get('/ready')).status === 200

for (const fault of ['refuse', 'hang'] as const) {
  test(`ERR-14, ERR-15: while the database ${fault === 'hang' ? 'hangs' : 'is gone'}, every request ends, with 503 and Retry-After; afterwards everything works`, async () => {
    proxy[fault]()
    for (let round = 0; round < 3; round += 1) {
      const answers = await Promise.all(everything())
      for (const answer of answers) isHonest(answer)
      assert.ok(answers.filter(({ status }) => status === 503).length > 12)
      assert.equal((await world.anyone.get('/health')).status, 200, 'it is alive all the while')
    }
    proxy.pass()

    await eventually('everything works again', async () => {
      const answers = await Promise.all(everything())
      for (const answer of answers) isHonest(answer)
      return answers.every(({ status }) => status < 500)
    })
  })
}

test('ERR-15: connections that end in the middle of writes: what was answered is there, once, and a retry completes the rest', async () => {
  const bob = await world.person()
  const keys = Array.from({ length: 150 }, (_, n) => `key-${n}`)
  const write = (key: string): Promise<Answer> => bob.post('/api/v2/notes', { title: key }, { 'idempotency-key': key })
  const titles = async (): Promise<string[]> => (await world.owner.query('select title from notes where identity_id = $1', [bob.identity.id])).rows.map(({ title }) => title as string)
  let answered = 0

  const first = await Promise.all(keys.map(async (key) => {
    const answer = await write(key)
    answered += 1
    if (answered === 20 || answered === 60) proxy.cut()
    return answer
  }))
  for (const answer of first) isHonest(answer)
  assert.ok(first.some(({ status }) => status === 503), 'some were hit')
  const kept = await titles()
  for (const [index, { status }] of first.entries()) if (status === 201) assert.ok(kept.includes(keys[index] ?? ''))

  await eventually('it serves again', isServing)
  for (const key of keys) await eventually(`${key} is written`, async () => (await write(key)).status === 201)
  assert.deepEqual((await titles()).toSorted(), keys.toSorted())
  const { body: chain } = await bob.get('/api/v2/governance/audit/verify')
  assert.equal(chain.valid, true)
  const { rows } = await world.owner.query(`select count(*)::int as count from audit_events where identity_id = $1 and action = 'notes.create'`, [bob.identity.id])
  assert.equal(rows[0].count, keys.length)
})

test('ERR-13: PostgreSQL that ends every connection (57P01), idle ones too, does not end this process', async () => {
  const end = (): Promise<unknown> => world.owner.query(`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name like 'chenu%'`)
  await Promise.all(everything())
  await end()
  for (let round = 0; round < 3; round += 1) {
    const answers = Promise.all(everything())
    await end()
    for (const answer of await answers) isHonest(answer)
  }

  await eventually('it serves again', isServing)
})

test('ERR-15: with every connection taken, what waits too long is 503, and the kill-switch works', async () => {
  const blocker = await world.owner.connect()
  try {
    await blocker.query('begin; lock table notes in access exclusive mode')
    const stuck = Array.from({ length: 40 }, (_, n) => ada.post('/api/v2/notes', { title: `n${n}` }))
    const killed = world.anyone.post('/api/atom/killswitch', {}, { 'x-architect-seal': world.seal })
    for (const answer of await Promise.all(stuck)) {
      isHonest(answer)
      assert.ok(answer.status === 503 || answer.status === 504, String(answer.status))
    }
    assert.equal((await killed).status, 200)
  } finally {
    await blocker.query('rollback')
    blocker.release()
  }
  assert.equal((await world.anyone.post('/api/atom/revive', {}, { 'x-architect-seal': world.seal })).status, 200)
  assert.equal((await ada.post('/api/v2/notes', { title: 'x' })).status, 201)
})
