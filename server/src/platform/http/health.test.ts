import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startWorld, type World } from '../../testing/world.ts'
import { VERSION } from '../version.ts'
import { ALIAS_PREFIX, CANONICAL_PREFIX } from './mount.ts'

let world: World
before(async () => { world = await startWorld() })
after(() => world.close())

test('/health says alive, /ready says able to serve, the version and the database say what they are', async () => {
  const [health, ready, version, database] = await Promise.all(['/health', '/ready', '/api/v1/version', '/api/v1/health/db'].map((path) => world.anyone.get(path)))

  assert.deepEqual([health?.status, health?.body], [200, { status: 'ok' }])
  assert.equal(ready?.status, 200)
  assert.match(ready?.body.migrations, /^\d{4}_\w+$/)
  assert.deepEqual({ ...ready?.body, migrations: '' }, { status: 'ready', database: 'ok', migrations: '', queue: 'ok' })
  assert.deepEqual(version?.body, { name: 'CHE·NU', version: VERSION, api: ['v1', 'v2'] })
  assert.equal(database?.body.status, 'ok')
  assert.match(database?.body.postgres, /^\d+/)
})

test('a server without its queue is alive, and not ready', async () => {
  const other = await startWorld()
  try {
    await other.owner.query('drop schema pgboss cascade')

    const { status, headers, body } = await other.anyone.get('/ready')
    assert.deepEqual([status, headers.get('retry-after'), body.code], [503, '5', 'unavailable'])
    assert.equal((await other.anyone.get('/health')).status, 200)
  } finally {
    await other.close()
  }
})

test('/metrics counts requests by the pattern of their route, and connections by their state', async () => {
  await world.anyone.get('/api/v2/notes/01890000-0000-7000-8000-000000000000')
  await world.anyone.get('/no/such/address')
  const { status, body } = await world.anyone.get('/metrics')

  assert.equal(status, 200)
  assert.match(body, /^chenu_http_request_seconds_count\{method="GET",route="\/api\/v2\/notes\/:note_id",status="401"\} [1-9]/m)
  assert.match(body, /^chenu_http_request_seconds_count\{method="GET",route="unknown",status="404"\} [1-9]/m)
  for (const state of ['idle', 'busy', 'waiting']) assert.match(body, new RegExp(`^chenu_database_connections\\{state="${state}"\\} \\d+$`, 'm'))
  assert.doesNotMatch(body, /such|01890000/)
})

test('every route under /api/v2 answers under /api/v1 as well', () => {
  const { server, routes } = world.app
  const ours = routes.filter(({ base }) => base === 'api')
  assert.ok(ours.length > 60)
  for (const { method, url } of ours) for (const prefix of [CANONICAL_PREFIX, ALIAS_PREFIX]) assert.ok(server.hasRoute({ method, url: `${prefix}${url}` }), `${method} ${prefix}${url}`)
})
