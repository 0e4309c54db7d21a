import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { client } from '../../../testing/person.ts'
import { startWorld, type World } from '../../../testing/world.ts'
import { auditOf } from '../../messages/testing.ts'
import { codeOf, loginAs, loginWithCode, payloadOf, withFactor, wrongCodeOf } from '../testing.ts'

let world: World
before(async () => { world = await startWorld() })
after(() => world.close())

const second = (mfa_token: string, code: string, more: Record<string, unknown> = {}, headers?: Record<string, string>) =>
  world.anyone.post('/api/v2/auth/login/second-factor', { mfa_token, code, ...more }, headers)
const statusesOf = (answers: Array<{ status: number }>): number[] => answers.map(({ status }) => status).toSorted((a, b) => a - b)

/** Waits until so many statements of this database wait for a lock. */
async function waitingFor(count: number): Promise<void> {
  for (;;) {
    const { rows } = await world.owner.query(`select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`)
    if (rows.length >= count) return
  }
}

describe('setting an authenticator up', () => {
  test('TFA-01: 5 minutes after the sign-in the password is asked for again, and a wrong one begins nothing', async () => {
    const ada = await world.person()
    assert.equal((await ada.post('/api/v2/auth/2fa/setup', {})).status, 200)

    world.clock.advance(5 * 60_000 + 1_000)
    const late = await ada.post('/api/v2/auth/2fa/setup', {})
    const wrong = await ada.post('/api/v2/auth/2fa/setup', { password: 'Wrong horse 42!' })

    assert.deepEqual([late.status, late.body.code], [403, 'reauth_required'])
    assert.deepEqual([wrong.status, wrong.body.code], [403, 'wrong_password'])
    assert.equal((await ada.post('/api/v2/auth/2fa/setup', { password: ada.password })).status, 200)
  })

  test('TFA-02, SEC-03: the secret is shown once, sealed at rest for its row alone, and in no log', async () => {
    const ada = await world.person()
    const { body } = await ada.post('/api/v2/auth/2fa/setup', {})
    await ada.post('/api/v2/auth/2fa/verify', { code: codeOf(body.secret, world.clock) })

    assert.match(body.secret, /^[A-Z2-7]{32}$/)
    assert.match(body.otpauth_url, /^otpauth:\/\/totp\/.*secret=/)
    assert.ok(!JSON.stringify((await ada.get('/api/v2/auth/2fa')).body).includes(body.secret))
    const { rows } = await world.owner.query<{ id: string; secret: Buffer }>('select id, secret from factors where user_id = $1', [ada.user.id])
    assert.equal(rows.length, 1)
    assert.ok(!rows[0]?.secret.includes(body.secret))
    assert.ok(!world.logLines.join('').includes(body.secret))

    const eve = await world.person()
    const { secret } = await withFactor(world, eve)
    await world.owner.query('update factors set secret = $2 where user_id = $1', [eve.user.id, rows[0]?.secret])
    const { body: asked } = await loginAs(world, eve)
    for (const code of [codeOf(secret, world.clock), codeOf(body.secret, world.clock)]) assert.equal((await second(asked.mfa_token, code)).status, 500, 'a sealed secret that was moved opens nothing')
  })

  test('TFA-03: before its first code it counts for nothing, and after 10 minutes it is over', async () => {
    const ada = await world.person()
    const { body } = await ada.post('/api/v2/auth/2fa/setup', {})

    assert.ok((await loginAs(world, ada)).body.access_token, 'one factor is enough still')
    assert.deepEqual([(await ada.get('/api/v2/auth/2fa')).body.enabled, (await ada.get('/api/v2/auth/2fa')).body.setup_pending], [false, true])
    assert.equal((await ada.post('/api/v2/auth/2fa/verify', { code: wrongCodeOf(body.secret, world.clock) })).status, 401)
    world.clock.advance(10 * 60_000 + 1_000)
    const late = await ada.post('/api/v2/auth/2fa/verify', { code: codeOf(body.secret, world.clock) })
    assert.deepEqual([late.status, late.body.code], [410, 'gone'])
    assert.deepEqual((await ada.get('/api/v2/auth/2fa')).body, { enabled: false, factors: [], setup_pending: false, recovery_codes_left: 0, proved_at: null })
  })

  test('the first code makes it count: recovery codes are shown, other sessions end, the code is used up', async () => {
    const ada = await world.person()
    const { body: other } = await loginAs(world, ada)
    const { body: begun } = await ada.post('/api/v2/auth/2fa/setup', {})
    const code = codeOf(begun.secret, world.clock)

    const { status, body } = await ada.post('/api/v2/auth/2fa/verify', { code })

    assert.deepEqual([status, body.enabled, body.revoked_sessions, body.recovery_codes.length], [200, true, 1, 10])
    assert.equal((await client(world.url, other.access_token).get('/api/v2/auth/me')).status, 401)
    const { body: shown } = await ada.get('/api/v2/auth/2fa')
    assert.deepEqual([shown.enabled, shown.factors.map(({ kind }: { kind: string }) => kind), shown.recovery_codes_left, shown.setup_pending], [true, ['totp'], 10, false])
    assert.equal((await second((await loginAs(world, ada)).body.mfa_token, code)).status, 401)
    assert.equal((await auditOf(world, ada.identity.id, 'factor.enabled')).length, 1)
  })

  test('of 20 first codes at once one sets it up', async () => {
    const ada = await world.person()
    const { body: begun } = await ada.post('/api/v2/auth/2fa/setup', {})
    const code = codeOf(begun.secret, world.clock)

    const answers = await Promise.all(Array.from({ length: 20 }, () => ada.post('/api/v2/auth/2fa/verify', { code })))

    assert.deepEqual(statusesOf(answers), [200, ...Array.from({ length: 19 }, () => 410)])
  })

  test('a session that is opened at that very moment has given the code, or ends', async () => {
    const ada = await world.person()
    const { body: begun } = await ada.post('/api/v2/auth/2fa/setup', {})
    const signIns = Array.from({ length: 10 }, () => loginAs(world, ada))
    assert.equal((await ada.post('/api/v2/auth/2fa/verify', { code: codeOf(begun.secret, world.clock) })).status, 200)

    for (const { body } of await Promise.all(signIns)) {
      if (body.access_token) assert.equal((await client(world.url, body.access_token).get('/api/v2/auth/me')).status, 401)
      else assert.equal(body.mfa_required, true)
    }
  })
})

describe('signing in with it', () => {
  test('TFA-09: the right password gets a token that is good at one door only', async () => {
    const ada = await world.person()
    const { secret } = await withFactor(world, ada)
    const { status, body } = await loginAs(world, ada)

    assert.equal(status, 200)
    assert.deepEqual(Object.keys(body).toSorted(), ['expires_in', 'factors', 'mfa_required', 'mfa_token'])
    assert.deepEqual([body.mfa_required, body.factors], [true, ['totp', 'recovery_code']])
    const holder = client(world.url, body.mfa_token)
    for (const path of ['/auth/me', '/auth/2fa', '/notes', '/governance/checkpoints']) assert.equal((await holder.get(`/api/v2${path}`)).status, 401, path)
    for (const path of ['/auth/refresh', '/auth/step-up', '/auth/2fa/setup', '/auth/logout']) assert.equal((await holder.post(`/api/v2${path}`, path === '/auth/step-up' ? { code: codeOf(secret, world.clock) } : {})).status, 401, path)
    assert.equal((await world.anyone.post('/api/v2/auth/refresh', { refresh_token: body.mfa_token })).status, 401)

    const done = await second(body.mfa_token, codeOf(secret, world.clock))
    assert.equal(done.status, 200)
    assert.deepEqual(Object.keys(done.body).toSorted(), ['access_token', 'expires_in', 'identity', 'refresh_token', 'token_type', 'user'])
    assert.equal((await client(world.url, done.body.access_token).get('/api/v2/auth/me')).status, 200)
  })

  test('TFA-05: this code or the one before, none of the future and none older', async () => {
    const ada = await world.person()
    const { secret } = await withFactor(world, ada)
    world.clock.advance(120_000)
    const answerWith = async (steps: number): Promise<number> => (await second((await loginAs(world, ada)).body.mfa_token, codeOf(secret, world.clock, steps))).status

    for (const steps of [1, 2, -2, -3]) assert.equal(await answerWith(steps), 401, String(steps))
    assert.equal(await answerWith(-1), 200)
    assert.equal(await answerWith(0), 200)
    assert.equal(await answerWith(-1), 401, 'never back to a step before the last one')
  })

  test('TFA-06: the same code a second time is 401 inside its own window', async () => {
    const ada = await world.person()
    const { secret } = await withFactor(world, ada)
    const code = codeOf(secret, world.clock)

    assert.equal((await second((await loginAs(world, ada)).body.mfa_token, code)).status, 200)
    const again = await second((await loginAs(world, ada)).body.mfa_token, code)

    assert.deepEqual([again.status, again.body.code], [401, 'wrong_code'])
  })

  test('TFA-07: 200 sends of one code for one sign-in at once: one is answered', async () => {
    const ada = await world.person()
    const { secret } = await withFactor(world, ada)
    const { body } = await loginAs(world, ada)
    const code = codeOf(secret, world.clock)

    const answers = await Promise.all(Array.from({ length: 200 }, () => second(body.mfa_token, code)))

    assert.equal(answers.filter(({ status }) => status === 200).length, 1)
    // A server under load sends some away unread; it answers none of them.
    assert.ok(answers.every(({ status }) => status === 200 || status === 401 || status === 503))
    assert.equal((await world.owner.query('select 1 from sessions where user_id = $1 and proved_at is not null', [ada.user.id])).rows.length, 1)
  })

  test('TFA-07: one code for 20 sign-ins at once, on two servers: one is answered', async () => {
    const ada = await world.person()
    const { secret } = await withFactor(world, ada)
    const other = await world.another()
    try {
      const tokens: string[] = []
      for (let n = 0; n < 20; n += 1) tokens.push((await loginAs(world, ada)).body.mfa_token)
      const code = codeOf(secret, world.clock)

      const answers = await Promise.all(tokens.map((mfa_token, n) => (n % 2 ? other : world).anyone.post('/api/v2/auth/login/second-factor', { mfa_token, code })))

      assert.deepEqual(statusesOf(answers), [200, ...Array.from({ length: 19 }, () => 401)])
    } finally {
      await other.close()
    }
  })

  test('TFA-08: after 5 wrong codes the sign-in is dead, also for the right one, and another one is not', async () => {
    const ada = await world.person()
    const { secret } = await withFactor(world, ada)
    const { body } = await loginAs(world, ada)
    for (let n = 0; n < 5; n += 1) assert.equal((await second(body.mfa_token, wrongCodeOf(secret, world.clock))).status, 401)

    const dead = await second(body.mfa_token, codeOf(secret, world.clock))

    assert.deepEqual([dead.status, dead.body.violated_policies], [429, ['second_factor_challenge']])
    assert.ok(Number(dead.headers.get('retry-after')) <= 300)
    assert.equal((await second((await loginAs(world, ada)).body.mfa_token, codeOf(secret, world.clock))).status, 200)
    assert.equal((await auditOf(world, ada.identity.id, 'session.second_factor_failed')).length, 5)
  })

  test('TFA-08: of 100 wrong codes at once 5 are looked at', async () => {
    const ada = await world.person()
    const { secret } = await withFactor(world, ada)
    const { body } = await loginAs(world, ada)

    const answers = await Promise.all(Array.from({ length: 100 }, () => second(body.mfa_token, wrongCodeOf(secret, world.clock))))

    assert.ok(answers.every(({ status }) => status === 401 || status === 429))
    assert.equal(answers.filter(({ body: { code } }) => code === 'wrong_code').length, 5)
  })

  test('TFA-10: another person’s code answers it not, nor does the right one after 5 minutes, nor a token that is none', async () => {
    const [ada, bob] = [await world.person(), await world.person()]
    const [hers, his] = [await withFactor(world, ada), await withFactor(world, bob)]
    const { body } = await loginAs(world, ada)

    assert.equal((await second(body.mfa_token, codeOf(his.secret, world.clock))).status, 401)
    assert.equal((await second(body.mfa_token, his.recoveryCodes[0] ?? '')).status, 401)
    world.clock.advance(5 * 60_000 + 1_000)
    const late = await second(body.mfa_token, codeOf(hers.secret, world.clock))
    assert.deepEqual([late.status, late.body.code], [401, 'invalid_challenge'])
    for (const token of ['x', ada.token, ada.refreshToken, 'A'.repeat(43)]) assert.equal((await second(token, codeOf(hers.secret, world.clock))).body.code, 'invalid_challenge')
  })

  test('TFA-14: a time that the client sends is not one', async () => {
    const ada = await world.person()
    const { secret } = await withFactor(world, ada)
    const future = { time: new Date(world.clock.now().getTime() + 3_600_000).toISOString() }
    const { body } = await loginAs(world, ada)

    assert.equal((await second(body.mfa_token, codeOf(secret, world.clock, 120), future)).status, 422)
    assert.equal((await second(body.mfa_token, codeOf(secret, world.clock, 120), {}, { date: future.time, 'x-time': future.time })).status, 401)
    assert.equal((await second(body.mfa_token, codeOf(secret, world.clock))).status, 200)
  })

  test('a password that is changed meanwhile ends a sign-in that waits for its code', async () => {
    const ada = await world.person()
    const { secret } = await withFactor(world, ada)
    const { body } = await loginAs(world, ada)

    assert.equal((await ada.post('/api/v2/auth/change-password', { current_password: ada.password, new_password: 'Another horse 43!' })).status, 200)

    assert.equal((await second(body.mfa_token, codeOf(secret, world.clock))).body.code, 'invalid_challenge')
  })

  test('a code that comes at the very moment of a new password opens nothing that lasts', async () => {
    const ada = await world.person()
    const { secret } = await withFactor(world, ada)
    const { body: waiting } = await loginAs(world, ada)
    const code = codeOf(secret, world.clock)
    const holder = await world.owner.connect()
    try {
      // The factor's row is held, so that the answer stops between its try and its session; then the password changes.
      await holder.query('begin')
      await holder.query('select 1 from factors where user_id = $1 for update', [ada.user.id])
      const answering = second(waiting.mfa_token, code)
      await waitingFor(1)
      const changing = ada.post('/api/v2/auth/change-password', { current_password: ada.password, new_password: 'Another horse 43!' })
      await waitingFor(2)
      await holder.query('commit')

      const [answer, change] = await Promise.all([answering, changing])
      assert.deepEqual([answer.status, change.status, change.body.revoked_sessions], [200, 200, 1])
      assert.equal((await client(world.url, answer.body.access_token).get('/api/v2/auth/me')).status, 401)
    } finally {
      holder.release()
    }
  })

  test('TFA-13, TOK-25: what it proved stays with the session through refreshes, and a refresh proves nothing', async () => {
    const ada = await world.person()
    const { secret } = await withFactor(world, ada)
    const withCode = await loginWithCode(world, ada, secret)
    const { proved_at: provedAt } = (await withCode.get('/api/v2/auth/2fa')).body
    assert.ok(provedAt)

    const { body: next } = await world.anyone.post('/api/v2/auth/refresh', { refresh_token: withCode.body.refresh_token })
    assert.equal((await client(world.url, next.access_token).get('/api/v2/auth/2fa')).body.proved_at, provedAt)

    const { body: plain } = await world.anyone.post('/api/v2/auth/refresh', { refresh_token: ada.refreshToken })
    assert.equal((await client(world.url, plain.access_token).get('/api/v2/auth/2fa')).body.proved_at, null)
    assert.notEqual(payloadOf(withCode.body.access_token).sid, payloadOf(ada.token).sid)
  })
})
