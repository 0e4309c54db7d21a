import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { client, type Client, type Person } from '../../../testing/person.ts'
import { startWorld, type World } from '../../../testing/world.ts'
import { auditOf, eventsOf } from '../../messages/testing.ts'
import { codeOf, loginAs, loginWithCode, payloadOf, withFactor, wrongCodeOf } from '../testing.ts'
import { newRecoveryCodes, recoveryHashOf } from './recovery-code.ts'

let world: World
before(async () => { world = await startWorld() })
after(() => world.close())

const second = (mfa_token: string, code: string) => world.anyone.post('/api/v2/auth/login/second-factor', { mfa_token, code })
const statusesOf = (answers: Array<{ status: number }>): number[] => answers.map(({ status }) => status).toSorted((a, b) => a - b)

async function heldPayment(person: Client): Promise<string> {
  const { status, body } = await person.post('/api/v2/payments/orders', { beneficiary: 'Müller GmbH', amount_minor: 100, currency: 'EUR' })
  assert.equal(status, 423, JSON.stringify(body))
  return body.checkpoint.id
}
const approve = (person: Client, id: string) => person.post(`/api/v2/governance/checkpoints/${id}/approve`, {})

describe('recovery codes', () => {
  test('TFA-11: ten of 80 bits, stored as hashes, however they are typed', async () => {
    const ada = await world.person()
    const { recoveryCodes } = await withFactor(world, ada)

    assert.equal(new Set(recoveryCodes).size, 10)
    for (const code of recoveryCodes) assert.match(code, /^([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}$/)
    const { rows } = await world.owner.query('select * from recovery_codes where user_id = $1', [ada.user.id])
    assert.equal(rows.length, 10)
    for (const code of recoveryCodes) assert.ok(!JSON.stringify(rows).includes(code) && !JSON.stringify(rows).includes(code.replaceAll('-', '')))
    const [typed = ''] = recoveryCodes
    assert.equal((await second((await loginAs(world, ada)).body.mfa_token, ` ${typed.toLowerCase().replaceAll('-', ' ')}`)).status, 200)
  })

  test('TFA-11: each works once: of 50 uses at once one', async () => {
    const ada = await world.person()
    const { recoveryCodes: [code = ''] } = await withFactor(world, ada)
    const tokens: string[] = []
    for (let n = 0; n < 10; n += 1) tokens.push((await loginAs(world, ada)).body.mfa_token)

    const answers = await Promise.all(Array.from({ length: 50 }, (_, n) => second(tokens[n % 10] ?? '', code)))

    assert.equal(answers.filter(({ status }) => status === 200).length, 1)
    assert.ok(answers.every(({ status }) => [200, 401, 429].includes(status)))
    assert.equal((await ada.get('/api/v2/auth/2fa')).body.recovery_codes_left, 9)
  })

  test('TFA-11: renewing them wants a code, and ends the earlier ones', async () => {
    const ada = await world.person()
    const { secret, recoveryCodes: [old = ''] } = await withFactor(world, ada)

    assert.equal((await ada.post('/api/v2/auth/2fa/recovery-codes', { code: wrongCodeOf(secret, world.clock) })).status, 401)
    const { status, body } = await ada.post('/api/v2/auth/2fa/recovery-codes', { code: codeOf(secret, world.clock) })

    assert.deepEqual([status, body.recovery_codes.length], [200, 10])
    const { body: asked } = await loginAs(world, ada)
    assert.equal((await second(asked.mfa_token, old)).status, 401)
    assert.equal((await second(asked.mfa_token, body.recovery_codes[0])).status, 200)
    assert.deepEqual([(await auditOf(world, ada.identity.id, 'factor.recovery_codes_renewed')).length, (await eventsOf(world, ada, 'user.recovery_codes_renewed')).length], [1, 1])
  })

  test('a code is bound to its person, and its spelling forgives what people misread', () => {
    const [code = ''] = newRecoveryCodes()
    assert.notEqual(recoveryHashOf('a', code), recoveryHashOf('b', code))
    assert.equal(recoveryHashOf('a', '0011-AAAA-BBBB-CCCC'), recoveryHashOf('a', 'oOiL aaaa bbbb cccc'))
  })
})

describe('replacing and disabling', () => {
  test('TFA-12: disabling wants password and code; other sessions end, and signing in asks for none', async () => {
    const ada = await world.person()
    const { secret } = await withFactor(world, ada)
    const other = await loginWithCode(world, ada, secret)
    const disable = (body: Record<string, unknown>) => ada.post('/api/v2/auth/2fa/disable', body)

    assert.equal((await disable({ password: ada.password })).status, 422)
    assert.equal((await disable({ code: codeOf(secret, world.clock) })).status, 422)
    assert.equal((await disable({ password: 'Wrong horse 42!', code: codeOf(secret, world.clock) })).status, 403)
    assert.equal((await disable({ password: ada.password, code: wrongCodeOf(secret, world.clock) })).status, 401)
    assert.equal((await ada.get('/api/v2/auth/2fa')).body.enabled, true)
    const { status, body } = await disable({ password: ada.password, code: codeOf(secret, world.clock) })

    assert.deepEqual([status, body.revoked_sessions], [200, 1])
    assert.equal((await other.get('/api/v2/auth/me')).status, 401)
    assert.ok((await loginAs(world, ada)).body.access_token)
    assert.equal((await world.owner.query('select 1 from recovery_codes where user_id = $1', [ada.user.id])).rows.length, 0)
    assert.deepEqual([(await auditOf(world, ada.identity.id, 'factor.disabled')).length, (await eventsOf(world, ada, 'user.factor_changed')).map(({ data }) => data.change)], [1, ['enabled', 'disabled']])
  })

  test('TFA-12: replacing it wants password and a code of the one that is set, until the new one has given its first', async () => {
    const ada = await world.person()
    const { secret } = await withFactor(world, ada)
    const other = await loginWithCode(world, ada, secret)
    const setUp = (body: Record<string, unknown>) => ada.post('/api/v2/auth/2fa/setup', body)

    assert.equal((await setUp({})).body.code, 'reauth_required')
    assert.equal((await setUp({ password: ada.password })).body.code, 'wrong_code')
    assert.equal((await setUp({ password: ada.password, code: wrongCodeOf(secret, world.clock) })).body.code, 'wrong_code')
    const { status, body: begun } = await setUp({ password: ada.password, code: codeOf(secret, world.clock) })
    assert.equal(status, 200)
    world.clock.advance(30_000)
    assert.equal((await second((await loginAs(world, ada)).body.mfa_token, codeOf(secret, world.clock))).status, 200, 'the old one counts until then')

    const done = await ada.post('/api/v2/auth/2fa/verify', { code: codeOf(begun.secret, world.clock) })
    assert.deepEqual([done.status, done.body.revoked_sessions], [200, 2])
    assert.equal((await other.get('/api/v2/auth/me')).status, 401)
    world.clock.advance(30_000)
    const { body: asked } = await loginAs(world, ada)
    assert.equal((await second(asked.mfa_token, codeOf(secret, world.clock))).status, 401)
    assert.equal((await second(asked.mfa_token, codeOf(begun.secret, world.clock))).status, 200)
    assert.equal((await auditOf(world, ada.identity.id, 'factor.replaced')).length, 1)
  })

  test('who has none is told so', async () => {
    const ada = await world.person()
    for (const [path, body] of [['disable', { password: ada.password, code: '123456' }], ['recovery-codes', { code: '123456' }]] as const) assert.equal((await ada.post(`/api/v2/auth/2fa/${path}`, body)).status, 409)
    assert.equal((await ada.post('/api/v2/auth/step-up', { code: '123456' })).status, 409)
  })
})

describe('step-up', () => {
  const sidOf = (body: { access_token: string }): string => String(payloadOf(body.access_token).sid)

  async function withHeld(): Promise<{ ada: Person; secret: string; recoveryCodes: string[]; checkpoint: string }> {
    const ada = await world.person()
    const factor = await withFactor(world, ada)
    return { ada, ...factor, checkpoint: await heldPayment(ada) }
  }

  test('TFA-13: approving a payment wants the second factor of the last 5 minutes, where one is set', async () => {
    const bob = await world.person()
    assert.equal((await approve(bob, await heldPayment(bob))).status, 200, 'who has none is not asked')
    const { ada, secret, checkpoint } = await withHeld()
    const refused = await approve(ada, checkpoint)
    assert.deepEqual([refused.status, refused.body.code], [403, 'step_up_required'])

    const { status, body } = await ada.post('/api/v2/auth/step-up', { code: codeOf(secret, world.clock) })
    assert.equal(status, 200)
    const proved = client(world.url, body.access_token)
    assert.equal((await approve(proved, checkpoint)).status, 200)

    const later = await heldPayment(proved)
    world.clock.advance(5 * 60_000 + 1_000)
    assert.equal((await approve(proved, later)).body.code, 'step_up_required')
    const { body: next } = await world.anyone.post('/api/v2/auth/refresh', { refresh_token: body.refresh_token })
    assert.equal((await approve(client(world.url, next.access_token), later)).body.code, 'step_up_required', 'a refresh proves nothing')
  })

  test('TFA-13: a recovery code proves as much, once', async () => {
    const { ada, recoveryCodes: [code = ''], checkpoint } = await withHeld()
    const { body } = await ada.post('/api/v2/auth/step-up', { code })

    assert.equal((await approve(client(world.url, body.access_token), checkpoint)).status, 200)
    assert.equal((await client(world.url, body.access_token).post('/api/v2/auth/step-up', { code })).status, 401)
  })

  test('TFA-13: signing in with the code is proof; setting a factor up, or disabling and setting it up again, is none', async () => {
    const { ada, secret } = await withHeld()
    const fresh = await loginWithCode(world, ada, secret)
    assert.equal((await approve(fresh, await heldPayment(fresh))).status, 200)

    assert.equal((await fresh.post('/api/v2/auth/2fa/disable', { password: ada.password, code: codeOf(secret, world.clock) })).status, 200)
    const { body: begun } = await fresh.post('/api/v2/auth/2fa/setup', { password: ada.password })
    assert.equal((await fresh.post('/api/v2/auth/2fa/verify', { code: codeOf(begun.secret, world.clock) })).status, 200)
    assert.equal((await approve(fresh, await heldPayment(fresh))).body.code, 'step_up_required')
  })

  test('TOK-25: it goes on under another session id; the old tokens end and gained nothing', async () => {
    const { ada, secret } = await withHeld()
    const { body } = await ada.post('/api/v2/auth/step-up', { code: codeOf(secret, world.clock) })

    assert.notEqual(sidOf(body), payloadOf(ada.token).sid)
    assert.equal((await ada.get('/api/v2/auth/me')).status, 401)
    assert.equal((await world.anyone.post('/api/v2/auth/refresh', { refresh_token: ada.refreshToken })).status, 401)
    const { rows } = await world.owner.query('select a.expires_at = b.expires_at as same from sessions a, sessions b where a.id = $1 and b.id = $2', [sidOf(body), payloadOf(ada.token).sid])
    assert.equal(rows[0].same, true, 'it ends no later than before')
  })

  test('of 30 at once one is answered', async () => {
    const { ada, secret } = await withHeld()
    const code = codeOf(secret, world.clock)

    const answers = await Promise.all(Array.from({ length: 30 }, () => ada.post('/api/v2/auth/step-up', { code })))

    assert.deepEqual(statusesOf(answers), [200, ...Array.from({ length: 29 }, () => 401)])
  })

  test('another server sees at once that a factor was set', async () => {
    const other = await world.another()
    try {
      const ada = await world.person()
      const there = client(other.url, ada.token)
      const checkpoint = await heldPayment(there)
      let heard: () => void
      const changed = new Promise<void>((resolve) => { heard = resolve })
      other.app.relay.bus.on('user.factor_changed', () => { heard() }, { priority: 100 })

      await withFactor(world, ada)
      await changed

      assert.equal((await approve(there, checkpoint)).body.code, 'step_up_required')
    } finally {
      await other.close()
    }
  })
})
