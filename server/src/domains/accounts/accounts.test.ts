import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { hash } from '@node-rs/argon2'
import { client } from '../../testing/person.ts'
import { startWorld, type World } from '../../testing/world.ts'
import { payloadOf } from './testing.ts'

let world: World
before(async () => { world = await startWorld() })
after(() => world.close())

let people = 0
const newEmail = (): string => `person-${people += 1}@example.org`
const login = (email: string, password: string, headers?: Record<string, string>) => world.anyone.post('/api/v2/auth/login', { email, password }, headers)
const auditOf = async (person: { get(path: string): Promise<{ body: { items: Array<{ action: string }> } }> }): Promise<string[]> =>
  (await person.get('/api/v2/governance/audit?limit=100')).body.items.map(({ action }) => action)

describe('registering', () => {
  test('AUTH-01: gives an account, its personal identity and a session, and no secret of either', async () => {
    const email = newEmail()
    const { status, body } = await world.anyone.post('/api/v2/auth/register', { email, password: 'Test123!', name: 'Test User' })

    assert.equal(status, 201)
    assert.deepEqual(Object.keys(body).toSorted(), ['access_token', 'expires_in', 'identity', 'refresh_token', 'token_type', 'user'])
    assert.deepEqual({ ...body.user, id: 0 }, { id: 0, email, name: 'Test User' })
    assert.deepEqual({ ...body.identity, id: 0 }, { id: 0, type: 'personal', name: 'Test User' })
    assert.deepEqual([body.token_type, body.expires_in], ['bearer', 900])
    assert.ok(!/password|hash|argon/i.test(JSON.stringify(body)))
    const me = await client(world.url, body.access_token).get('/api/v2/auth/me')
    assert.deepEqual(me.body, { user: body.user, identity: body.identity })
  })

  test('AUTH-02: any script, blanks and emoji register and sign in again', async () => {
    for (const password of ['пароль-дня', '合言葉 合言葉 合言葉', '🔒🔑🗝️🧩🔐🚪🧷🪪', ' blanks around ']) {
      const email = newEmail()
      assert.equal((await world.anyone.post('/api/v2/auth/register', { email, password, name: 'Ada' })).status, 201)
      assert.equal((await login(email, password)).status, 200)
      assert.equal((await login(email, `${password} `)).status, 401)
    }
  })

  test('AUTH-03, AUTH-04, AUTH-06: a short, a common and a too long password name their member, not their value', async () => {
    for (const password of ['Ab1!', 'PASSWORD1', 'My CHENU 2026', 'x'.repeat(1_025)]) {
      const { status, body } = await world.anyone.post('/api/v2/auth/register', { email: newEmail(), password, name: 'Ada' })
      assert.equal(status, 422)
      assert.equal(body.errors[0].path, 'password')
      assert.ok(!JSON.stringify(body).includes(password))
    }
  })

  test('AUTH-07: what is stored is argon2id, and hashed anew at sign-in when it cost less', async () => {
    const ada = await world.person()
    const stored = async (): Promise<string> => (await world.owner.query('select password_hash from users where id = $1', [ada.user.id])).rows[0].password_hash
    assert.match(await stored(), /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
    const cheap = await hash(ada.password, { memoryCost: 8_192, timeCost: 1, parallelism: 1 })
    await world.owner.query('update users set password_hash = $2 where id = $1', [ada.user.id, cheap])

    assert.equal((await login(ada.user.email, ada.password)).status, 200)

    assert.match(await stored(), /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
    assert.equal((await login(ada.user.email, ada.password)).status, 200)
  })

  test('AUTH-10: a known address is 409, however it is spelt', async () => {
    const ada = await world.person({ email: 'known.one@example.org' })
    for (const email of [ada.user.email, 'Known.One@EXAMPLE.org', 'ｋｎｏｗｎ.one@example.org']) {
      const { status, body } = await world.anyone.post('/api/v2/auth/register', { email, password: 'Correct horse 42!', name: 'Eve' })
      assert.deepEqual([status, body.code], [409, 'conflict'])
    }
  })

  test('AUTH-24: other spellings sign in to the one account; look-alikes are nobody', async () => {
    const ada = await world.person({ email: 'Mike.Two@Example.org' })
    for (const email of ['mike.two@example.org', 'MIKE.TWO@EXAMPLE.ORG', 'ｍｉｋｅ.two@example.org']) assert.equal((await login(email, ada.password)).body.user.id, ada.user.id)
    for (const email of ['m\u0131ke.two@example.org', 'm\u0456ke.two@example.org', 'mike.two@ex\u0430mple.org']) assert.equal((await login(email, ada.password)).status, 401)
    assert.equal((await world.anyone.post('/api/v2/auth/register', { email: 'm\u0131ke.two@example.org', password: 'Correct horse 42!', name: 'Eve' })).status, 422)
  })

  test('of 20 at once for one address, one gets the account', async () => {
    const email = newEmail()
    const answers = await Promise.all(Array.from({ length: 20 }, () => world.anyone.post('/api/v2/auth/register', { email, password: 'Correct horse 42!', name: 'Ada' })))

    assert.deepEqual(answers.map(({ status }) => status).toSorted(), [201, ...Array.from({ length: 19 }, () => 409)])
    assert.equal((await world.owner.query('select count(*)::int as n from identities i join users u on u.id = i.user_id where u.email_key = $1', [email])).rows[0].n, 1)
  })

  test('ERR-09: a member twice, a member too many, no body', async () => {
    const twice = '{"email":"twice@example.org","password":"Correct horse 42!","password":"Other horse 42!","name":"Ada"}'
    assert.equal((await world.anyone.post('/api/v2/auth/register', twice)).status, 400)
    assert.equal((await world.anyone.post('/api/v2/auth/register', { email: newEmail(), password: 'Correct horse 42!', name: 'Ada', role: 'admin' })).status, 422)
    assert.equal((await world.anyone.post('/api/v2/auth/register')).status, 422)
  })
})

describe('signing in', () => {
  test('AUTH-05: no truncation, no trimming, no change of case', async () => {
    const password = `${'b'.repeat(72)} tail`
    const ada = await world.person({ password })
    for (const other of [`${'b'.repeat(72)} liat`, 'b'.repeat(72), `${password} `, ` ${password}`, password.toUpperCase()]) assert.equal((await login(ada.user.email, other)).status, 401)
    assert.equal((await login(ada.user.email, password)).status, 200)
  })

  test('AUTH-08: an unknown address and a wrong password are answered with the same bytes and headers', async () => {
    const ada = await world.person()
    const same = { 'x-request-id': 'same-request-id' }
    const seen = async (email: string): Promise<unknown> => {
      const { status, body, headers } = await login(email, 'Wrong horse 42!', same)
      return { status, body, headers: [...headers].filter(([name]) => name !== 'date') }
    }

    const unknown = await seen(newEmail())
    assert.deepEqual(unknown, await seen(ada.user.email))
    assert.deepEqual(unknown, await seen('not an address'))
    assert.equal((unknown as { status: number }).status, 401)
  })

  test('TOK-25: every sign-in has a session of its own, every refresh new tokens', async () => {
    const ada = await world.person()
    const { body: again } = await login(ada.user.email, ada.password)
    const { body: next } = await world.anyone.post('/api/v2/auth/refresh', { refresh_token: again.refresh_token })

    assert.notEqual(payloadOf(again.access_token).sid, payloadOf(ada.token).sid)
    assert.notEqual(payloadOf(next.access_token).jti, payloadOf(again.access_token).jti)
    assert.notEqual(next.refresh_token, again.refresh_token)
  })

  test('AUD-08: what happens at the door is in the identity’s chain; a failed try too, without what was typed', async () => {
    const ada = await world.person()
    await login(ada.user.email, 'Wrong horse 42!')
    await login(ada.user.email, ada.password)

    // The failed try is written behind the answer, so that its time tells nothing.
    let actions: string[] = []
    for (let round = 0; round < 200 && !actions.includes('session.login_failed'); round += 1) actions = await auditOf(ada)

    assert.deepEqual(actions.toSorted(), ['session.login', 'session.login_failed', 'user.registered'])
    const { rows } = await world.owner.query('select body from audit_events where identity_id = $1', [ada.identity.id])
    assert.ok(!/horse/.test(JSON.stringify(rows)))
  })

  test('AUTH-25: 200 at once: the surplus is 503 with Retry-After, and the server keeps answering', async () => {
    const ada = await world.person()
    const all = Promise.all(Array.from({ length: 200 }, () => login(ada.user.email, ada.password)))
    const health = await world.anyone.get('/health')
    const answers = await all

    assert.equal(health.status, 200)
    const counts = Map.groupBy(answers, ({ status }) => status)
    assert.equal((counts.get(200)?.length ?? 0) + (counts.get(503)?.length ?? 0), 200)
    assert.ok((counts.get(200)?.length ?? 0) >= 100)
    for (const { headers, body } of counts.get(503) ?? []) assert.ok(headers.get('retry-after') && body.code === 'unavailable')
  })
})

describe('the password', () => {
  test('AUTH-15: without the current one 422, with a wrong one 403, and nothing changes', async () => {
    const ada = await world.person()
    assert.equal((await ada.post('/api/v2/auth/change-password', { new_password: 'Another horse 43!' })).status, 422)
    const { status, body } = await ada.post('/api/v2/auth/change-password', { current_password: 'Wrong horse 42!', new_password: 'Another horse 43!' })
    assert.deepEqual([status, body.code], [403, 'wrong_password'])
    assert.equal((await login(ada.user.email, ada.password)).status, 200)
  })

  test('AUTH-15: changing it ends every other session, and only the new one signs in', async () => {
    const ada = await world.person()
    const { body: other } = await login(ada.user.email, ada.password)
    const elsewhere = client(world.url, other.access_token)
    assert.equal((await elsewhere.get('/api/v2/auth/me')).status, 200)

    const { status, body } = await ada.post('/api/v2/auth/change-password', { current_password: ada.password, new_password: 'Another horse 43!' })

    assert.deepEqual([status, body.revoked_sessions], [200, 1])
    assert.equal((await ada.get('/api/v2/auth/me')).status, 200)
    assert.equal((await elsewhere.get('/api/v2/auth/me')).status, 401)
    assert.equal((await world.anyone.post('/api/v2/auth/refresh', { refresh_token: other.refresh_token })).status, 401)
    assert.deepEqual([(await login(ada.user.email, ada.password)).status, (await login(ada.user.email, 'Another horse 43!')).status], [401, 200])
    const actions = await auditOf(ada)
    assert.ok(actions.includes('password.changed') && actions.includes('session.revoked'))
  })

  test('AUTH-15: a session that is opened with the old password at that very moment ends with the others', async () => {
    const ada = await world.person()
    const signIns = Array.from({ length: 12 }, () => login(ada.user.email, ada.password))
    const change = ada.post('/api/v2/auth/change-password', { current_password: ada.password, new_password: 'Another horse 43!' })
    assert.equal((await change).status, 200)

    for (const { status, body } of await Promise.all(signIns)) {
      if (status === 200) assert.equal((await client(world.url, body.access_token).get('/api/v2/auth/me')).status, 401)
      else assert.equal(status, 401)
    }
    const { body } = await ada.get('/api/v2/auth/sessions')
    assert.equal(body.items.length, 1)
  })

  test('AUTH-04: the new one is held to the same rules', async () => {
    const ada = await world.person()
    for (const new_password of ['Password1', 'short', 'x'.repeat(1_025)]) {
      const { status, body } = await ada.post('/api/v2/auth/change-password', { current_password: ada.password, new_password })
      assert.deepEqual([status, body.errors[0].path], [422, 'new_password'])
    }
  })
})
