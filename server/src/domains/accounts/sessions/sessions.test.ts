import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { client, type Answer } from '../../../testing/person.ts'
import { startWorld, type World } from '../../../testing/world.ts'
import { createAccounts } from '../create-accounts.ts'
import { SESSION_DAYS_MAX } from './open-session.ts'
import { payloadOf } from '../testing.ts'

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000

let world: World
before(async () => { world = await startWorld() })
after(() => world.close())

const login = async (person: { user: { email: string }; password: string }): Promise<{ access_token: string; refresh_token: string }> =>
  (await world.anyone.post('/api/v2/auth/login', { email: person.user.email, password: person.password })).body
const refresh = (token: string): Promise<Answer> => world.anyone.post('/api/v2/auth/refresh', undefined, { authorization: `Bearer ${token}` })
const me = (token: string): Promise<Answer> => client(world.url, token).get('/api/v2/auth/me')
const reuses = async (person: { identity: { id: string } }): Promise<number> =>
  (await world.owner.query(`select count(*)::int as n from audit_events where identity_id = $1 and action = 'token.reuse'`, [person.identity.id])).rows[0].n

describe('refresh tokens', () => {
  test('a refresh token in the header without a body, or in the body, gives what signing in gives', async () => {
    const ada = await world.person()
    const first = await refresh(ada.refreshToken)
    const second = await world.anyone.post('/api/v2/auth/refresh', { refresh_token: first.body.refresh_token })

    for (const { status, body } of [first, second]) {
      assert.equal(status, 200)
      assert.deepEqual([body.user, body.identity, body.token_type, body.expires_in], [ada.user, ada.identity, 'bearer', 900])
      assert.equal((await me(body.access_token)).status, 200)
    }
    assert.equal(payloadOf(second.body.access_token).sid, payloadOf(ada.token).sid)
  })

  test('TOK-16: a refresh token in the header and one in the body', async () => {
    const ada = await world.person()
    assert.equal((await world.anyone.post('/api/v2/auth/refresh', { refresh_token: ada.refreshToken }, { authorization: `Bearer ${ada.refreshToken}` })).status, 400)
    assert.equal((await refresh(ada.refreshToken)).status, 200)
  })

  test('TOK-19: used again, it ends its session: new tokens and old, refresh and access', async () => {
    const ada = await world.person()
    const { body: next } = await refresh(ada.refreshToken)
    assert.equal((await me(next.access_token)).status, 200)

    assert.equal((await refresh(ada.refreshToken)).status, 401)

    assert.equal((await refresh(next.refresh_token)).status, 401)
    for (const token of [ada.token, next.access_token]) assert.equal((await me(token)).status, 401)
    assert.equal(await reuses(ada), 1)
  })

  test('TOK-19: other sessions of the same person live on', async () => {
    const ada = await world.person()
    const other = await login(ada)
    await refresh(ada.refreshToken)
    await refresh(ada.refreshToken)

    assert.equal((await me(other.access_token)).status, 200)
    assert.equal((await refresh(other.refresh_token)).status, 200)
  })

  test('TOK-20: of 200 uses at once one is answered, and the others end what it was given', async () => {
    const ada = await world.person()

    const answers = await Promise.all(Array.from({ length: 200 }, () => refresh(ada.refreshToken)))

    const won = answers.filter(({ status }) => status === 200)
    assert.equal(won.length, 1)
    assert.equal(answers.filter(({ status }) => status === 401).length, 199)
    assert.equal((await me(won[0]?.body.access_token)).status, 401)
    assert.equal((await refresh(won[0]?.body.refresh_token)).status, 401)
    assert.equal(await reuses(ada), 1)
    const { rows } = await world.owner.query('select count(*)::int as n from refresh_tokens where user_id = $1', [ada.user.id])
    assert.equal(rows[0].n, 2)
  })

  test('TOK-20: 8 rounds over two servers: never two children', async () => {
    const second = await world.another()
    const ada = await world.person()
    try {
      for (let round = 0; round < 8; round += 1) {
        const { refresh_token } = await login(ada)
        const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => (i % 2 ? second : world).anyone.post('/api/v2/auth/refresh', { refresh_token })))
        assert.equal(answers.filter(({ status }) => status === 200).length, 1)
      }
    } finally {
      await second.close()
    }
  })

  test('TOK-21: 256 random bits, of which the database holds only a hash', async () => {
    const ada = await world.person()
    const { rows } = await world.owner.query('select * from refresh_tokens where user_id = $1', [ada.user.id])

    assert.equal(Buffer.from(ada.refreshToken, 'base64url').length, 32)
    assert.equal(rows[0].hash, createHash('sha256').update(ada.refreshToken).digest('hex'))
    assert.ok(!JSON.stringify(rows).includes(ada.refreshToken))
  })

  test('TOK-22: it opens nothing but its own door, and that door takes nothing else', async () => {
    const ada = await world.person()
    for (const path of ['/api/v2/auth/me', '/api/v2/auth/sessions', '/api/v2/identities', '/api/v2/notes', '/api/v2/auth/verify']) assert.equal((await client(world.url, ada.refreshToken).get(path)).status, 401)
    assert.equal((await client(world.url, ada.refreshToken).post('/api/v2/auth/logout')).status, 401)
    for (const wrong of [ada.token, 'x'.repeat(43), `${ada.refreshToken}=`, ada.refreshToken.slice(0, -1), `${ada.refreshToken}A`]) assert.equal((await refresh(wrong)).status, 401)
    assert.equal((await world.anyone.post('/api/v2/auth/refresh')).status, 401)
    assert.equal((await refresh(ada.refreshToken)).status, 200)
  })
})

describe('ends', () => {
  test('TOK-23, HDR-12: after logout neither token works, and the browser is told to forget', async () => {
    const ada = await world.person()
    const other = await login(ada)
    assert.equal((await ada.get('/api/v2/auth/me')).status, 200)

    const { status, headers, body } = await ada.post('/api/v2/auth/logout')

    assert.deepEqual([status, body.revoked_sessions], [200, 1])
    assert.match(headers.get('clear-site-data') ?? '', /"cookies".*"storage"/)
    assert.equal((await ada.get('/api/v2/auth/me')).status, 401)
    assert.equal((await refresh(ada.refreshToken)).status, 401)
    assert.equal((await ada.post('/api/v2/auth/logout')).status, 401)
    assert.equal((await me(other.access_token)).status, 200)
  })

  test('TOK-23: logout from everywhere', async () => {
    const ada = await world.person()
    const other = await login(ada)

    assert.equal((await ada.post('/api/v2/auth/logout', { all: true })).body.revoked_sessions, 2)

    for (const token of [ada.token, other.access_token]) assert.equal((await me(token)).status, 401)
    for (const token of [ada.refreshToken, other.refresh_token]) assert.equal((await refresh(token)).status, 401)
  })

  test('AUTH-21: one lists and revokes one’s own sessions', async () => {
    const ada = await world.person()
    const other = await login(ada)
    assert.equal((await me(other.access_token)).status, 200)
    const { body } = await ada.get('/api/v2/auth/sessions')
    assert.deepEqual(body.items.map(({ current }: { current: boolean }) => current), [false, true])

    const path = `/api/v2/auth/sessions/${body.items[0].id}`
    assert.equal((await ada.del(path)).status, 200)

    assert.equal((await me(other.access_token)).status, 401)
    assert.equal((await refresh(other.refresh_token)).status, 401)
    assert.equal((await ada.get('/api/v2/auth/sessions')).body.items.length, 1)
    assert.deepEqual([(await ada.del(path)).status, (await ada.get('/api/v2/auth/me')).status], [410, 200])
  })

  test('IDB-01: another person’s session is 403 and recorded, one that exists nowhere is 404', async () => {
    const [ada, eve] = [await world.person(), await world.person()]
    const sid = payloadOf(ada.token).sid

    const foreign = await eve.del(`/api/v2/auth/sessions/${sid}`)
    const missing = await eve.del('/api/v2/auth/sessions/01890000-0000-7000-8000-000000000000')

    assert.deepEqual([foreign.status, foreign.body.code, missing.status], [403, 'identity_boundary', 404])
    assert.equal((await ada.get('/api/v2/auth/me')).status, 200)
    const { body } = await eve.get('/api/v2/governance/audit?action=identity.violation')
    assert.equal(body.items.length, 1)
  })

  test('AUTH-21: what one server ends, another refuses within a second', async () => {
    const second = await world.another()
    try {
      const ada = await world.person()
      const there = client(second.url, ada.token)
      assert.equal((await there.get('/api/v2/auth/me')).status, 200)
      await ada.post('/api/v2/auth/logout')

      world.clock.advance(1_000)

      assert.equal((await there.get('/api/v2/auth/me')).status, 401)
    } finally {
      await second.close()
    }
  })

  test('AUTH-22: a disabled user is out within a second, with every token, and cannot come back', async () => {
    const ada = await world.person()
    assert.equal((await ada.get('/api/v2/auth/me')).status, 200)
    await world.owner.query('update users set disabled_at = now() where id = $1', [ada.user.id])

    world.clock.advance(1_000)

    assert.equal((await ada.get('/api/v2/auth/me')).status, 401)
    assert.equal((await refresh(ada.refreshToken)).status, 401)
    const { status, body } = await world.anyone.post('/api/v2/auth/login', { email: ada.user.email, password: ada.password })
    assert.deepEqual([status, body.code], [401, 'invalid_credentials'])
  })

  test('zero log: a session’s row says nothing of machine or network', async () => {
    const { rows } = await world.owner.query(`select column_name from information_schema.columns where table_name in ('sessions', 'refresh_tokens', 'users')`)
    for (const { column_name } of rows) assert.ok(!/ip|agent|address|device|host/.test(column_name), column_name)
  })
})

describe('time', () => {
  test('TOK-18: an access token lives 15 minutes', async () => {
    const ada = await world.person()
    const { iat = 0, exp = 0 } = payloadOf(ada.token)
    assert.ok(exp - iat <= 900)
    world.clock.advance(14 * MINUTE_MS)
    assert.equal((await ada.get('/api/v2/auth/me')).status, 200)
    world.clock.advance(MINUTE_MS + 30_000)
    assert.equal((await ada.get('/api/v2/auth/me')).status, 401)
  })

  test('TOK-18: a refresh token lives 7 days', async () => {
    const [ada, eve] = [await world.person(), await world.person()]
    world.clock.advance(7 * DAY_MS - 3_600_000)
    assert.equal((await refresh(ada.refreshToken)).status, 200)
    world.clock.advance(3_600_000)
    assert.equal((await refresh(eve.refreshToken)).status, 401)
  })

  test('TOK-18: a session lives 30 days, however often it is refreshed', async () => {
    const ada = await world.person()
    let token = ada.refreshToken
    for (let day = 0; day < SESSION_DAYS_MAX - 1; day += 1) {
      world.clock.advance(DAY_MS)
      const { status, body } = await refresh(token)
      assert.equal(status, 200, `day ${day + 1}`)
      token = body.refresh_token
    }
    world.clock.advance(DAY_MS - 5 * MINUTE_MS)
    const { body: last } = await refresh(token)
    assert.ok(last.expires_in <= 300)

    world.clock.advance(5 * MINUTE_MS)

    assert.equal((await refresh(last.refresh_token)).status, 401)
    assert.equal((await me(last.access_token)).status, 401)
  })

  test('TOK-27: the clock jumps ahead and back: nothing outlives its time, nothing used works again', async (t) => {
    const ada = await world.person()
    const { body: next } = await refresh(ada.refreshToken)
    const gone = await login(ada)
    await client(world.url, gone.access_token).post('/api/v2/auth/logout')
    t.after(() => world.clock.advance(3 * DAY_MS - 2 * 3_600_000))

    world.clock.advance(2 * 3_600_000)
    assert.equal((await me(next.access_token)).status, 401)
    world.clock.advance(-3 * DAY_MS)
    assert.equal((await me(next.access_token)).status, 401)
    assert.equal((await me(gone.access_token)).status, 401)
    assert.equal((await refresh(gone.refresh_token)).status, 401)
    assert.equal((await refresh(ada.refreshToken)).status, 401)
    assert.equal((await refresh(next.refresh_token)).status, 401)
  })

  test('expired refresh tokens are forgotten, and only those', async () => {
    const ada = await world.person()
    world.clock.advance(8 * DAY_MS)
    const eve = await world.person()

    assert.ok(await createAccounts(world.platform).forgetExpiredTokens() > 0)

    const left = async (id: string): Promise<number> => (await world.owner.query('select count(*)::int as n from refresh_tokens where user_id = $1', [id])).rows[0].n
    assert.deepEqual([await left(ada.user.id), await left(eve.user.id)], [0, 1])
  })
})
