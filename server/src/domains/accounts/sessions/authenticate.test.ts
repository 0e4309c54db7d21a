import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { readSecrets } from '../../../platform/secrets.ts'
import { readSettings } from '../../../platform/settings.ts'
import { StartupError } from '../../../platform/startup-error.ts'
import { client, type Person } from '../../../testing/person.ts'
import { startWorld, type World } from '../../../testing/world.ts'
import { createAccounts } from '../create-accounts.ts'
import { forge, payloadOf } from '../testing.ts'

let world: World
let ada: Person
before(async () => {
  world = await startWorld()
  ada = await world.person()
})
after(() => world.close())

const withHeader = (authorization: string) => world.anyone.get('/api/v2/auth/me', { authorization })
/** A token that would be Ada's but for what is changed. */
const almost = (claims: Record<string, unknown> = {}, header: Record<string, unknown> = {}, secret: Uint8Array = world.platform.secrets.jwt): string => {
  const { sub, identity_id, sid } = payloadOf(ada.token)
  return forge({ secret, header, claims: { sub, identity_id, sid, ...claims }, at: world.clock.now() })
}

describe('tokens over HTTP', () => {
  test('the control: a token made by hand with nothing changed opens the door', async () => {
    assert.equal((await withHeader(`Bearer ${almost()}`)).status, 200)
    assert.equal((await withHeader(`bearer ${almost()}`)).status, 200)
  })

  test('TOK-28: every bad token is answered with the same body and WWW-Authenticate', async () => {
    const bad = [
      almost({}, { alg: 'none' }), almost({}, { typ: 'JWT' }), almost({}, { jku: 'http://127.0.0.1:1/' }), almost({}, { kid: '../../key' }), almost({ exp: undefined }), almost({ exp: 1e30 }),
      almost({ iss: 'other' }), almost({ sub: 'admin' }), almost({}, {}, randomBytes(32)), almost({ sid: '01890000-0000-7000-8000-000000000000' }), `${ada.token}=`, 'x', ada.refreshToken,
      almost({ identity_id: '01890000-0000-7000-8000-000000000000' }), almost({ sub: '01890000-0000-7000-8000-000000000000' }),
    ]
    const answers = await Promise.all([
      ...bad.map((token) => world.anyone.get('/api/v2/auth/me', { authorization: `Bearer ${token}`, 'x-request-id': 'same-request-id' })),
      world.anyone.get('/api/v2/auth/me', { 'x-request-id': 'same-request-id' }), world.anyone.get('/api/v2/auth/me', { authorization: 'Basic YTpi', 'x-request-id': 'same-request-id' }),
    ])

    for (const { status, body, headers } of answers) {
      assert.equal(status, 401)
      assert.deepEqual(body, answers[0]?.body)
      assert.equal(headers.get('www-authenticate'), 'Bearer error="invalid_token"')
    }
  })

  test('TOK-15: a token in the query, the path, the body or a cookie is none, and is never logged', async () => {
    const before = world.logLines.length
    for (const name of ['access_token', 'token', 'authorization']) assert.equal((await world.anyone.get(`/api/v2/auth/me?${name}=${ada.token}`)).status, 401)
    assert.equal((await world.anyone.get(`/api/v2/auth/me/${ada.token}`)).status, 404)
    assert.equal((await world.anyone.post('/api/v2/notes', { title: 'x', access_token: ada.token })).status, 401)
    assert.equal((await world.anyone.get('/api/v2/auth/me', { cookie: `access_token=${ada.token}` })).status, 401)
    assert.equal((await ada.get('/api/v2/auth/me')).status, 200)

    const lines = world.logLines.slice(before).join('')
    assert.ok(lines.length > 0 && !lines.includes(ada.token.slice(-20)) && !lines.includes(ada.token.slice(0, 30)))
  })

  test('TOK-16: two Authorization headers, two tokens in one, control characters', async () => {
    assert.equal(await statusOf([`Bearer ${ada.token}`]), 200)
    assert.equal(await statusOf([`Bearer ${ada.token}`, `Bearer ${ada.token}`]), 401)
    assert.equal(await statusOf([`Bearer ${ada.token}, Bearer ${ada.token}`]), 401)
    assert.equal(await statusOf([`Bearer ${ada.token} ${ada.token}`]), 401)
    assert.equal(await statusOf([`Bearer  ${ada.token}`]), 401)
    assert.equal(await statusOf([`Bearer\t${ada.token}`]), 401)
    assert.equal(await statusOf([`Bearer ${ada.token}\u00a0`]), 401)
  })

  test('TOK-17: a token over 8 KiB is refused, one that no header holds too', async () => {
    assert.equal((await withHeader(`Bearer ${'x'.repeat(9_000)}`)).status, 401)
    assert.ok([401, 431].includes(await statusOf([`Bearer ${'x'.repeat(20_000)}`])))
  })

  test('TOK-12: a changed byte anywhere', async () => {
    for (const at of [0, 20, 60, 150, ada.token.length - 1]) {
      const swapped = ada.token[at] === 'A' ? 'B' : 'A'
      assert.equal((await withHeader(`Bearer ${ada.token.slice(0, at)}${swapped}${ada.token.slice(at + 1)}`)).status, 401, String(at))
    }
  })

  test('a socket’s token is checked in the same way', async () => {
    const accounts = createAccounts(world.platform)
    const { expiresAt, ...caller } = await accounts.verifyAccessToken(ada.token)

    assert.equal(expiresAt.getTime() / 1_000, payloadOf(ada.token).exp)
    assert.deepEqual(caller, { userId: ada.user.id, identityId: ada.identity.id, sessionId: payloadOf(ada.token).sid, actor: { kind: 'person', id: ada.user.id }, proof: { factorSet: false, provedAt: null } })
    for (const token of [ada.refreshToken, almost({ exp: undefined }), almost({ sid: '01890000-0000-7000-8000-000000000000' }), '']) await assert.rejects(accounts.verifyAccessToken(token), { code: 'invalid_token' })
  })

  test('what a token says of itself', async () => {
    const { status, body } = await ada.get('/api/v2/auth/verify')
    assert.deepEqual([status, body.valid, body.user_id, body.identity_id], [200, true, ada.user.id, ada.identity.id])
  })
})

describe('X-Identity-ID', () => {
  test('chooses among the caller’s own, and each has only its own rows', async () => {
    const { body: firm } = await ada.post('/api/v2/identities', { type: 'enterprise', name: 'Engines Ltd' })
    const as = { 'x-identity-id': firm.id }

    assert.deepEqual((await ada.get('/api/v2/auth/me', as)).body.identity, { id: firm.id, type: 'enterprise', name: 'Engines Ltd' })
    assert.equal((await ada.get('/api/v2/auth/me', { 'x-identity-id': ada.identity.id })).body.identity.id, ada.identity.id)
    const { body: note } = await ada.post('/api/v2/notes', { title: 'of the firm' }, as)
    assert.equal((await ada.get(`/api/v2/notes/${note.id}`, as)).status, 200)
    assert.equal((await ada.get(`/api/v2/notes/${note.id}`)).body.code, 'identity_boundary')
    assert.ok((await ada.get('/api/v2/notes')).body.items.every(({ title }: { title: string }) => title !== 'of the firm'))
  })

  test('IDB-09: of someone else is 403, recorded with a checkpoint; malformed is 400', async () => {
    const [eve, bob] = [await world.person(), await world.person()]
    for (const id of [bob.identity.id, '01890000-0000-7000-8000-000000000000']) {
      const { status, body } = await eve.get('/api/v2/auth/me', { 'x-identity-id': id })
      assert.deepEqual([status, body.code], [403, 'identity_boundary'])
    }
    for (const malformed of ['1', 'me', `${eve.identity.id}x`, eve.identity.id.toUpperCase(), `${eve.identity.id}, ${bob.identity.id}`]) assert.equal((await eve.get('/api/v2/auth/me', { 'x-identity-id': malformed })).status, 400)

    const { body: audit } = await eve.get('/api/v2/governance/audit?action=identity.violation')
    const { body: checkpoints } = await eve.get('/api/v2/governance/checkpoints?type=identity_boundary')
    assert.deepEqual([audit.items.length, checkpoints.items.length], [2, 2])
    assert.equal((await bob.get('/api/v2/governance/audit?action=identity.violation')).body.items.length, 0)
  })
})

describe('secrets', () => {
  const weak = [
    'secret', 'a'.repeat(64), '0'.repeat(32), 'changeme-changeme-changeme-changeme', 'your-256-bit-secret-your-256-bit-secret', 'my-super-secret-jwt-key-for-production!!',
    'example-key-example-key-example-key-1', 'password1234password1234password1234', 'abcabcabcabcabcabcabcabcabcabcabcabc', 'x'.repeat(31),
  ]

  test('TOK-14: short and known weak keys refuse to start, and none of them signs a token that we take', async (t) => {
    const folder = await mkdtemp(join(tmpdir(), 'chenu-weak-'))
    t.after(() => rm(folder, { recursive: true, force: true }))
    for (const secret of weak) {
      await assert.rejects(readSecrets(readSettings({ DATA_DIR: folder, JWT_SECRET: secret })), (error) => error instanceof StartupError && /JWT_SECRET/.test(error.message) && !error.message.includes(secret))
      assert.equal((await withHeader(`Bearer ${almost({}, {}, Buffer.from(secret))}`)).status, 401)
    }
  })
})

test('AUTH-23: nobody has an account before they register', async () => {
  const { rows } = await world.owner.query('select email from users')
  assert.ok(rows.every(({ email }) => /^ada-[0-9a-f-]+@example\.org$/.test(email)))
  assert.equal((await client(world.url).post('/api/v2/auth/login', { email: 'admin@example.org', password: 'admin' })).status, 401)
})

/** With headers as they are, also several of one name, which fetch does not send. */
function statusOf(authorization: string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const url = new URL(`${world.url}/api/v2/auth/me`)
    const sent = request(url, { headers: ['host', url.host, ...authorization.flatMap((value) => ['authorization', value])] }, (response) => {
      response.resume()
      resolve(response.statusCode ?? 0)
    })
    sent.on('error', reject)
    sent.end()
  })
}
