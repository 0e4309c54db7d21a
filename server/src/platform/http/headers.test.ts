import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Person } from '../../testing/person.ts'
import { rawRequest, sendRaw } from '../../testing/wire.ts'
import { startWorld, type World } from '../../testing/world.ts'
import { SAFE_HEADERS } from './safe-headers.ts'
import { startBareServer } from './testing.ts'

const LISTED = 'https://front.example'

let world: World
let ada: Person
before(async () => {
  world = await startWorld({ settings: { CORS_ORIGINS: `${LISTED},https://other.example`, RATE_LIMIT: 'on' } })
  ada = await world.person()
})
after(() => world.close())

const ask = (path: string, init: RequestInit = {}): Promise<Response> => fetch(world.url + path, init)
const withToken = (headers: Record<string, string> = {}): RequestInit => ({ headers: { authorization: `Bearer ${ada.token}`, ...headers } })

/** One answer of each kind: of a route, of each layer that refuses, of a failing route, of no route. */
async function everyKind(): Promise<Array<[string, Headers]>> {
  const bare = await startBareServer({ mount: (server) => { server.get('/fails', async () => { throw new Error('x') }) } })
  try {
    const limited = await Promise.all(Array.from({ length: 61 }, () => ask('/api/v2/auth/login', { method: 'POST' })))
    const kinds: Record<string, Response> = {
      '200': await ask('/api/v2/notes', withToken()), '200 public': await ask('/health'), '201': await ask('/api/v2/notes', { method: 'POST', body: '{"title":"x"}', ...withToken({ 'content-type': 'application/json' }) }),
      '401': await ask('/api/v2/notes'), '404': await ask('/nowhere'), '405': await ask('/health', { method: 'PUT' }), '400': await ask('/api/v2/notes?x=%00'), '400 of the router': await ask('/api/v2/notes/%ff'),
      '404 of the router': await ask(`/api/v2/agents/${'x'.repeat(300)}`), '406': await ask('/health', { headers: { accept: 'text/csv' } }), '415': await ask('/api/v2/notes', { method: 'POST', body: 'x', ...withToken() }),
      '422': await ask('/api/v2/notes', { method: 'POST', body: '{}', ...withToken({ 'content-type': 'application/json' }) }), '429': limited.find(({ status }) => status === 429) as Response, '500': await fetch(`${bare.url}/fails`),
      metrics: await ask('/metrics'), openapi: await ask('/openapi.json'), alias: await ask('/api/v1/notes', withToken()), export: await ask('/api/v2/governance/audit/export', withToken()),
    }
    for (const response of Object.values(kinds)) await response.text()
    for (const [name, { status }] of Object.entries(kinds)) if (/^\d/.test(name)) assert.equal(status, Number.parseInt(name, 10))
    return Object.entries(kinds).map(([name, { headers }]) => [name, headers])
  } finally {
    await bare.server.close()
  }
}

test('HDR-01, HDR-02: every answer carries the safe headers and is stored by nobody, whichever layer gives it', async () => {
  for (const [kind, headers] of await everyKind()) {
    for (const [name, value] of Object.entries(SAFE_HEADERS)) assert.equal(headers.get(name), value, `${name} of ${kind}`)
    assert.match(headers.get('x-request-id') ?? '', /^[A-Za-z0-9-]{8,64}$/, kind)
  }
})

test('HDR-01: they are what the requirement lists', () => {
  assert.match(SAFE_HEADERS['strict-transport-security'] ?? '', /max-age=31536000/)
  assert.equal(SAFE_HEADERS['content-security-policy'], "default-src 'none';frame-ancestors 'none'")
  assert.deepEqual(['x-content-type-options', 'referrer-policy', 'cross-origin-opener-policy', 'cross-origin-resource-policy'].map((name) => SAFE_HEADERS[name]), ['nosniff', 'no-referrer', 'same-origin', 'same-origin'])
})

test('HDR-01: a refused upgrade carries them too', async () => {
  const { status, headers } = await sendRaw(world.url, rawRequest('GET /ws', ['Upgrade: websocket', 'Origin: https://evil.example', 'Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==']).replace('Connection: close', 'Connection: Upgrade'))

  assert.equal(status, 403)
  for (const [name, value] of Object.entries(SAFE_HEADERS)) assert.equal(headers[name], value)
})

test('HDR-01: the pages of the documentation take everything from this server', async () => {
  const page = await ask('/docs/')
  const text = await page.text()

  assert.match(page.headers.get('content-security-policy') ?? '', /^default-src 'self';.* frame-ancestors 'none'/)
  assert.equal(page.headers.get('x-content-type-options'), 'nosniff')
  assert.doesNotMatch(text, /(?:src|href)="(?:https?:)?\/\//)
})

test('HDR-03: nothing names the software or its version', async () => {
  for (const [kind, headers] of await everyKind()) {
    for (const name of ['server', 'x-powered-by', 'via', 'x-aspnet-version']) assert.equal(headers.get(name), null, kind)
    assert.doesNotMatch(JSON.stringify([...headers]), /fastify|node|pino/i, kind)
  }
})

test('HDR-04: only a listed origin may read an answer, and never all of them', async () => {
  const listed = await ask('/api/v2/notes', withToken({ origin: LISTED }))
  assert.deepEqual([listed.headers.get('access-control-allow-origin'), listed.headers.get('access-control-allow-credentials')], [LISTED, 'true'])
  assert.match(listed.headers.get('vary') ?? '', /origin/)
  assert.match(listed.headers.get('access-control-expose-headers') ?? '', /x-checkpoint-id/)

  for (const origin of ['https://evil.example', 'null', `${LISTED}.evil.example`, `${LISTED}:444`, 'http://front.example', 'https://evilfront.example', 'https://FRONT.example', '*', '']) {
    const { status, headers } = await ask('/api/v2/notes', withToken({ origin }))
    assert.equal(status, 200)
    for (const name of headers.keys()) assert.doesNotMatch(name, /^access-control/, origin)
  }
  assert.equal((await ask('/api/v2/notes', { headers: { origin: LISTED } })).headers.get('access-control-allow-origin'), LISTED, 'a 401 can be read as well')
})

test('HDR-05: a preflight allows the methods and headers that are used, for ten minutes', async () => {
  const preflight = (origin: string): Promise<Response> => ask('/api/v2/notes', { method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization, x-evil' } })
  const { status, headers } = await preflight(LISTED)

  assert.deepEqual([status, headers.get('access-control-allow-origin'), headers.get('access-control-max-age')], [204, LISTED, '600'])
  assert.equal(headers.get('access-control-allow-methods'), 'GET, POST, PUT, PATCH, DELETE')
  assert.doesNotMatch(headers.get('access-control-allow-headers') ?? '', /evil|\*/)
  const refused = await preflight('https://evil.example')
  assert.deepEqual([refused.status, refused.headers.get('access-control-allow-origin')], [405, null])
  assert.equal((await ask('/nowhere', { method: 'OPTIONS' })).status, 404)
  assert.equal((await ask('/health', { method: 'OPTIONS', headers: { origin: LISTED } })).status, 405, 'an OPTIONS that is no preflight')
})

test('HDR-06: every body says what it is and in which charset', async () => {
  const types = Object.fromEntries((await everyKind()).map(([kind, headers]) => [kind, headers.get('content-type')]))

  for (const kind of Object.keys(types).filter((name) => /^[45]/.test(name))) assert.equal(types[kind], 'application/problem+json; charset=utf-8', kind)
  assert.deepEqual([types['200'], types['201'], types.openapi, types.alias], Array.from({ length: 4 }, () => 'application/json; charset=utf-8'))
  assert.deepEqual([types.export, types.metrics], ['application/x-ndjson; charset=utf-8', 'text/plain; version=0.0.4; charset=utf-8'])
  assert.equal((await ask('/docs/')).headers.get('content-type'), 'text/html; charset=utf-8')
  assert.equal((await ask('/api/v2/payments/export', withToken())).headers.get('content-type'), 'application/problem+json; charset=utf-8')
})

test('HDR-07: a form or plain text is never taken for JSON, so that no foreign page can send one', async () => {
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'text/plain;application/json']) {
    const { status } = await ask('/api/v2/notes', { method: 'POST', body: '{"title":"x"}', ...withToken({ 'content-type': type }) })
    assert.equal(status, 415, type)
  }
})

test('HDR-11: a request id is kept when it is one, else replaced', async () => {
  const idFor = async (given: string): Promise<string | null> => (await ask('/health', { headers: { 'x-request-id': given } })).headers.get('x-request-id')
  for (const good of ['abcdefgh', 'A1-b2-C3-d4', 'x'.repeat(64)]) assert.equal(await idFor(good), good)
  for (const bad of ['short', 'x'.repeat(65), 'with blank', 'a_b_c_d_e', '${jndi:ldap://x}', '../../etc', 'abcdefgh;x', '']) {
    assert.match(await idFor(bad) ?? '', /^[0-9a-f]{8}-[0-9a-f]{4}-7/, bad)
  }
})

test('HEAD answers like GET, without its body', async () => {
  const [head, get] = await Promise.all([ask('/api/v2/version', { method: 'HEAD' }), ask('/api/v2/version')])

  assert.deepEqual([head.status, await head.text(), head.headers.get('content-type'), head.headers.get('content-length')], [200, '', get.headers.get('content-type'), get.headers.get('content-length')])
})

test('SEC-10: with DOCS=off neither documentation nor figures are there, and nobody learns that they could be', async () => {
  const closed = await startWorld({ settings: { DOCS: 'off' } })
  try {
    for (const path of ['/docs', '/docs/', '/docs/json', '/docs/yaml', '/docs/static/swagger-ui.css', '/openapi.json', '/metrics', '/debug', '/.env', '/documentation']) {
      assert.equal((await closed.anyone.get(path)).status, 404, path)
    }
  } finally {
    await closed.close()
  }
})

test('IDB-20: headers that ask for another method or address change nothing', async () => {
  const { body: note } = await ada.post('/api/v2/notes', { title: 'Stays' })
  for (const [name, value] of [['x-http-method-override', 'DELETE'], ['x-method-override', 'DELETE'], ['x-http-method', 'DELETE'], ['x-original-url', '/health'], ['x-rewrite-url', '/health']] as const) {
    const { status, body } = await ada.get(`/api/v2/notes/${note.id}`, { [name]: value })
    assert.deepEqual([status, body.title, body.binned_at], [200, 'Stays', null], name)
  }
})
