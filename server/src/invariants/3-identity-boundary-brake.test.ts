import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { keyOf } from '../domains/keys/testing.ts'
import { client, type Answer, type Person } from '../testing/person.ts'
import { listenTo } from '../testing/socket.ts'
import { startWorld, type World } from '../testing/world.ts'

const NOWHERE = '019f0000-0000-7000-8000-000000000000'

suite('Invariant 3: the identity boundary, by other ways', () => {
  let world: World
  let ada: Person
  before(async () => {
    world = await startWorld({ settings: { RATE_LIMIT: 'on', SAFEGUARD: 'off' } })
    ada = await world.person({ name: 'Ada' })
  })
  after(() => world.close())

  test('IDB-04: more than 20 violations in a minute hold the identity back with 429 and one alarm; the next minute it is free', async () => {
    const eve = await world.person({ name: 'Eve' })
    const { body: note } = await ada.post('/api/v2/notes', { title: 'cnry' })
    const socket = await listenTo(world.url, eve.token)

    const answers: Answer[] = []
    for (let turn = 0; turn < 25; turn += 1) answers.push(await eve.get(`/api/v2/notes/${note.id}`))

    assert.deepEqual([403, 429].map((status) => answers.filter((answer) => answer.status === status).length), [21, 4])
    assert.ok(Number(answers.at(-1)?.headers.get('retry-after')) > 0)
    assert.equal((await eve.get('/api/v2/notes')).status, 429)
    const { rows } = await world.owner.query(`select action, count(*)::int as times from audit_events where identity_id = $1 and action like 'identity.%' group by action order by action`, [eve.identity.id])
    assert.deepEqual(rows, [{ action: 'identity.alarm', times: 1 }, { action: 'identity.violation', times: 21 }])
    await socket.find((frame) => frame.type === 'event' && frame.name === 'identity.alarm')
    socket.close()
    assert.equal((await ada.get('/api/v2/notes')).status, 200)
    world.clock.advance(61_000)
    assert.equal((await eve.get('/api/v2/notes')).status, 200)
  })

  test('IDB-04: ids that exist nowhere are 404 and hold nobody back', async () => {
    const eve = await world.person({ name: 'Eve' })
    for (let turn = 0; turn < 25; turn += 1) assert.equal((await eve.get(`/api/v2/notes/${NOWHERE}`)).status, 404)
    assert.equal((await eve.get('/api/v2/notes')).status, 200)
  })

  test('IDB-01: an API key is a stranger to others’ rows as its person is, on every route with an id', async () => {
    const other = await startWorld({ settings: { SAFEGUARD: 'off' } })
    const [owner, eve] = [await other.person(), await other.person()]
    const nouns = [...new Set([...other.app.gate.actions.values()].filter(({ keys, effect }) => keys !== false && effect !== 'GRANT').map(({ name }) => `${name.split('.')[0]}.*`))]
    const robot = await keyOf(eve, other.url, { scopes: [...nouns, 'read', 'nova.query'] })
    const ids: Record<string, string> = {}
    for (const [noun, body] of [['note', { title: 'x' }], ['task', { title: 'x' }], ['contact', { name: 'x' }], ['thread', { title: 'x', sphere_id: 1 }]] as const) ids[`${noun}_id`] = (await owner.post(`/api/v2/${noun}s`, body)).body.id
    const routes = other.app.routes.filter(({ url, base }) => base === 'api' && /:(note|task|contact|thread)_id/.test(url) && !url.includes(':event_id'))
    assert.ok(routes.length >= 15)

    for (const { method, url } of routes) {
      const path = `/api/v2${url.replace(/:(\w+)/g, (_, name: string) => ids[name] ?? NOWHERE)}`
      const body = method === 'PATCH' ? (url.startsWith('/contacts') ? { name: 'Mine' } : { title: 'Mine' }) : url.endsWith('/messages') ? { text: 'Mine' } : {}
      const answer = method === 'GET' ? await robot.get(path) : method === 'DELETE' ? await robot.del(path) : method === 'PATCH' ? await robot.patch(path, body) : method === 'PUT' ? await robot.put(path, body) : await robot.post(path, body)
      assert.equal(answer.status, 403, `${method} ${url} ${JSON.stringify(answer.body)}`)
      assert.ok(['identity_boundary', 'insufficient_scope'].includes(answer.body.code), `${method} ${url}`)
    }
    await other.close()
  })

  test('IDB-03: every id that an address names is a UUIDv7', async () => {
    const made = await Promise.all([ada.post('/api/v2/notes', { title: 'x' }), ada.post('/api/v2/threads', { title: 'x', sphere_id: 1 }), ada.post('/api/v2/identities', { type: 'design', name: 'x' }), ada.post('/api/v2/organisations', { name: 'x' })])
    const robot = await keyOf(ada, world.url)

    for (const id of [...made.map(({ body }) => body.id), robot.id, ada.identity.id]) assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    for (const id of ['1', '0', '42', 'me']) assert.equal((await ada.get(`/api/v2/notes/${id}`)).status, 422)
  })

  test('IDB-12: the same address by two people answers each their own, and nothing may keep it for others', async () => {
    const eve = await world.person({ name: 'Eve' })
    await ada.post('/api/v2/notes', { title: 'cnry-cached' })

    for (const path of ['/api/v2/notes', '/api/v2/auth/me', '/api/v2/keys', '/api/v2/budgets', '/api/v2/organisations']) {
      const [mine, theirs] = [await ada.get(path), await eve.get(path)]
      assert.match(mine.headers.get('cache-control') ?? '', /no-store/, path)
      assert.ok(!JSON.stringify(theirs.body).includes('cnry') && !JSON.stringify(theirs.body).includes(ada.user.id), path)
    }
  })

  test('IDB-18: what only the architect or a signed-in person may do is 401 to nobody and 403 to a key; the public routes are these', async () => {
    const robot = await keyOf(await world.person(), world.url, { scopes: ['read'] })
    const open = world.app.routes.filter((route) => route.kind === 'handle' && route.auth === 'none').map(({ method, url }) => `${method} ${url}`)
    const seal = world.app.routes.filter(({ bucket }) => bucket === 'seal')
    assert.ok(seal.length > 0 && open.length < 50, `${open.length} public routes`)

    for (const { method, url, base } of seal.filter(({ method }) => method === 'POST')) {
      const path = `${base === 'api' ? '/api/v2' : ''}${url}`
      assert.ok((await world.anyone.post(path, {})).status >= 401, `${method} ${path}`)
      assert.ok([401, 403, 404, 422].includes((await robot.post(path, {})).status), `${method} ${path}`)
    }
    for (const route of world.app.routes.filter(({ base, method }) => base === 'api' && method === 'GET')) {
      const { status } = await client(world.url).get(`/api/v2${route.url.replace(/:\w+/g, NOWHERE)}`)
      if (route.kind !== 'handle' || route.auth === 'session') assert.equal(status, 401, route.url)
    }
  })
})
