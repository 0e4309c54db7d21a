import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import type { Answer, Person } from '../../testing/person.ts'
import { rawRequest, sendRaw } from '../../testing/wire.ts'
import { startWorld, type World } from '../../testing/world.ts'
import { isProblem } from '../errors.ts'
import { IdentityBoundary } from '../../domains/governance/errors.ts'
import { ServiceUnavailable } from '../problems.ts'
import { startBareServer, type BareServer } from './testing.ts'

const PLANTED = 'planted-c0ffee /srv/secret/path.ts select * from users'

suite('a failing route', () => {
  let bare: BareServer
  before(async () => {
    bare = await startBareServer({
      onProblem: async (problem) => { if (isProblem(problem, IdentityBoundary)) throw ServiceUnavailable({ retryAfterSeconds: 2 }) },
      mount(server) {
        server.get('/throws', async () => { throw Object.assign(new Error(PLANTED), { detail: PLANTED, statusCode: 418 }) })
        server.get('/throws-text', () => { throw PLANTED })
        server.get('/throws-nothing', () => Promise.reject())
        server.get('/denied', async () => { throw IdentityBoundary({ resource: { type: 'note', id: PLANTED } }) })
        server.get('/unreadable', async () => ({ self: 1n }))
      },
    })
  })
  after(() => bare.server.close())

  test('ERR-02: a 500 says nothing of what was thrown, and neither does the log', async () => {
    for (const path of ['/throws', '/throws-text', '/throws-nothing', '/unreadable']) {
      const answer = await fetch(bare.url + path)
      const text = await answer.text()

      assert.equal(answer.status, 500, path)
      assert.equal(answer.headers.get('content-type'), 'application/problem+json; charset=utf-8')
      assert.equal(JSON.parse(text).code, 'internal_error')
      assert.doesNotMatch(text, /planted|select|secret|\.ts|BigInt/)
    }
    assert.ok(bare.logLines.some((line) => JSON.parse(line).msg === 'request failed' && JSON.parse(line).level === 'error'))
    assert.doesNotMatch(bare.logLines.join(''), /planted|select \*/)
  })

  test('ERR-02: a refusal that cannot be recorded is answered as that failure, not as the refusal', async () => {
    const answer = await fetch(`${bare.url}/denied`)

    assert.deepEqual([answer.status, (await answer.json() as { code: string }).code, answer.headers.get('retry-after')], [503, 'unavailable', '2'])
  })
})

suite('the product', () => {
  let world: World
  let ada: Person
  before(async () => {
    world = await startWorld({ settings: { PUBLIC_HOSTS: '127.0.0.1,Localhost' } })
    ada = await world.person()
  })
  after(() => world.close())

  const refusals: Array<[number, string, () => Promise<Answer>]> = [
    [400, 'malformed_request', () => ada.post('/api/v2/notes', '{"title": ')],
    [401, 'invalid_token', () => world.anyone.get('/api/v2/notes')],
    [403, 'identity_boundary', async () => (await world.person()).get(`/api/v2/notes/${(await ada.post('/api/v2/notes', { title: 'x' })).body.id}`)],
    [404, 'not_found', () => ada.get('/api/v2/notes/01890000-0000-7000-8000-000000000000')],
    [404, 'not_found', () => world.anyone.get('/api/v2/nowhere')],
    [405, 'method_not_allowed', () => ada.put('/api/v2/notes', {})],
    [406, 'not_acceptable', () => ada.get('/api/v2/notes', { accept: 'text/csv' })],
    [413, 'payload_too_large', () => ada.post('/api/v2/notes', { title: 'x', body: 'x'.repeat(1_100_000) })],
    [415, 'unsupported_media_type', () => ada.post('/api/v2/notes', 'title=x', { 'content-type': 'application/x-www-form-urlencoded' })],
    [422, 'validation_error', () => ada.post('/api/v2/notes', { title: '' })],
  ]

  test('ERR-01: every refusal is a problem with type, title, status, detail, code and request id', async () => {
    for (const [status, code, ask] of refusals) {
      const { status: given, headers, body } = await ask()

      assert.deepEqual([given, body.status, body.code], [status, status, code])
      assert.equal(headers.get('content-type'), 'application/problem+json; charset=utf-8')
      assert.equal(body.type, `urn:chenu:problem:${code}`)
      assert.equal(body.request_id, headers.get('x-request-id'))
      for (const text of [body.title, body.detail]) assert.ok(typeof text === 'string' && text.length > 3, `${code} says “${text}”`)
    }
  })

  test('ERR-01: a body of 422 names each fault by its path', async () => {
    const { body } = await ada.post('/api/v2/tasks', { due_at: 'tomorrow', colour: 'red' })

    assert.deepEqual([...new Set(body.errors.map(({ path }: { path: string }) => path))].toSorted(), ['colour', 'due_at', 'title'])
  })

  test('ERR-01: Accept-Language picks French or English for title and detail, whichever layer refuses', async () => {
    const paths: Array<[string, string, string]> = [['GET', '/api/v2/nowhere', ''], ['GET', '/api/v2/notes', ''], ['PUT', '/api/v2/notes', ''], ['GET', '/api/v2/notes/%ff', ''], ['POST', '/api/v2/auth/login', '{'], ['POST', '/api/v2/auth/login', '{}']]
    for (const [method, path, body] of paths) {
      const ask = async (language: string) => {
        const answer = await fetch(world.url + path, { method, headers: { 'accept-language': language, 'content-type': 'application/json' }, ...(body ? { body } : {}) })
        return { spoken: answer.headers.get('content-language'), ...(await answer.json() as { title: string; detail: string }) }
      }
      const [french, english, both, neither] = await Promise.all([ask('fr-CA'), ask('en'), ask('en;q=0.3, fr;q=0.7'), ask('de, *')])

      assert.deepEqual([french.spoken, english.spoken, both.spoken, neither.spoken], ['fr', 'en', 'fr', 'en'], path)
      assert.notEqual(french.title, english.title, path)
      assert.notEqual(french.detail, english.detail, path)
      assert.deepEqual([both.title, neither.title], [french.title, english.title], path)
    }
  })

  test('ERR-03: an unknown address is 404 before anyone is asked who they are, and repeats nothing', async () => {
    for (const path of ['/api/v2/planted', '/planted/../x', '/api/v2/notes/', '//api/v2/notes', '/API/v2/notes', '/api/v3/notes', '/.env', '/api/v2/notes;x=1']) {
      for (const method of ['GET', 'POST', 'DELETE']) {
        const { status, headers, body } = await sendRaw(world.url, rawRequest(`${method} ${path}`).replace('chenu.test', '127.0.0.1'))

        assert.equal(status, 404, `${method} ${path}`)
        assert.equal(headers['content-type'], 'application/problem+json; charset=utf-8')
        assert.doesNotMatch(body, /planted|\.env|GET|POST|xxx/)
      }
    }
    assert.equal((await world.anyone.post('/api/v2/nowhere', '{not json')).status, 404, 'before its body is read, too')
    assert.equal((await world.anyone.get(`/api/v2/agents/${'x'.repeat(201)}`)).status, 404, 'no name is that long')
  })

  test('ERR-04: another method on a known address is 405 and says what it answers to', async () => {
    const allow = { '/health': 'GET, HEAD', '/api/v2/notes': 'GET, HEAD, POST', '/api/v1/notes/01890000-0000-7000-8000-000000000000': 'DELETE, GET, HEAD, PATCH', '/api/v2/auth/login': 'POST' }
    for (const [path, methods] of Object.entries(allow)) {
      for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND', 'QUERY'].filter((one) => !methods.split(', ').includes(one))) {
        const { status, headers, body } = await sendRaw(world.url, rawRequest(`${method} ${path}`).replace('chenu.test', '127.0.0.1'))

        assert.deepEqual([status, headers.allow], [405, methods], `${method} ${path}`)
        assert.equal(body === '', method === 'HEAD')
      }
    }
  })

  test('ERR-05: what is not JSON is 415, what nobody can read is 406', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/merge-patch+json', 'application/json; charset=utf-16', 'application/jsonp', '///']) {
      assert.equal((await ada.post('/api/v2/notes', '{"title":"x"}', { 'content-type': type })).status, 415, type)
    }
    for (const type of ['application/json', 'application/json; charset=utf-8', 'APPLICATION/JSON;charset="UTF-8"']) assert.equal((await ada.post('/api/v2/notes', '{"title":"x"}', { 'content-type': type })).status, 201, type)
    for (const accept of ['text/csv', 'image/png', 'application/json;q=0', '*/*;q=0', 'application/vnd.api+json']) assert.equal((await ada.get('/api/v2/notes', { accept })).status, 406, accept)
    for (const accept of ['application/json', '*/*', 'application/*', 'text/html, */*;q=0.1', 'application/problem+json']) assert.equal((await ada.get('/api/v2/notes', { accept })).status, 200, accept)
  })

  test('ERR-11: a 422 names the place of a fault and never what stood there', async () => {
    const secret = 'Pl4nted-secret!'
    const answers = await Promise.all([
      world.anyone.post('/api/v2/auth/login', { email: [secret], password: { secret } }), world.anyone.post('/api/v2/auth/register', { email: secret, password: secret.slice(0, 5), name: '' }),
      world.anyone.post('/api/v2/auth/refresh', { refresh_token: 7, extra: secret }), ada.post('/api/v2/auth/change-password', { current_password: secret, new_password: [secret] }),
      ada.post('/api/v2/nova/query', { action: { tool: 'notes.create', args: { title: { secret } } } }), ada.get(`/api/v2/tasks?status=${secret}`),
    ])

    for (const { status, body } of answers) {
      assert.equal(status, 422)
      assert.ok(body.errors.length > 0)
      assert.doesNotMatch(JSON.stringify(body), /Pl4nt/)
    }
  })

  test('ERR-11: a body with very many faults is answered shortly', async () => {
    const { status, body } = await ada.post('/api/v2/notes', Object.fromEntries(Array.from({ length: 900 }, (_, n) => [`member_${n}${'x'.repeat(300)}`, 1])))

    assert.equal(status, 422)
    assert.ok(JSON.stringify(body).length < 30_000)
  })

  test('HDR-10: a host that is not ours is 421', async () => {
    assert.equal((await world.anyone.get('/health')).status, 200)
    for (const host of ['evil.example', 'localhost.evil.example', '', '127.0.0.1.evil.example']) {
      const { status, body } = await sendRaw(world.url, `GET /api/v2/notes HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)
      assert.deepEqual([status, JSON.parse(body).code], [421, 'misdirected_request'], host)
    }
    for (const host of ['LOCALHOST', 'localhost:1234', '127.0.0.1']) assert.equal((await sendRaw(world.url, `GET /health HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)).status, 200, host)
    assert.equal((await sendRaw(world.url, 'GET /health HTTP/1.1\r\nHost: evil.example\r\nX-Forwarded-Host: localhost\r\nConnection: close\r\n\r\n')).status, 421)
  })
})
