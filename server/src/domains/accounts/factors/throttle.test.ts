import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { startMailServer } from '../../../testing/mail-server.ts'
import { client, type Answer } from '../../../testing/person.ts'
import { startWorld, type World } from '../../../testing/world.ts'
import { codeOf, loginAs, withFactor, wrongCodeOf } from '../testing.ts'

let world: World
before(async () => { world = await startWorld({ settings: { RATE_LIMIT: 'on', TRUST_PROXY: '1' } }) })
after(() => world.close())

// Requests in general have a limit of their own (60 s windows of the server's clock); these tests are about guesses.
beforeEach(() => world.clock.advance(61_000))

let hosts = 0
const elsewhere = (): Record<string, string> => ({ 'x-forwarded-for': `198.51.100.${hosts += 1}` })
const second = (mfa_token: string, code: string, at = world): Promise<Answer> => at.anyone.post('/api/v2/auth/login/second-factor', { mfa_token, code }, elsewhere())

test('TFA-08: ten codes an hour are looked at for an account, over sign-ins, addresses and servers; a recovery code still opens', async () => {
  const ada = await world.person()
  const { secret, recoveryCodes: [recovery = ''] } = await withFactor(world, ada)
  const other = await world.another()
  try {
    const seen: Answer[] = []
    for (let n = 0; n < 4; n += 1) {
      const { body } = await loginAs(world, ada, elsewhere())
      for (let guess = 0; guess < 4; guess += 1) seen.push(await second(body.mfa_token, wrongCodeOf(secret, world.clock), n % 2 ? other : world))
    }
    const { body } = await loginAs(world, ada, elsewhere())
    const right = await second(body.mfa_token, codeOf(secret, world.clock))

    assert.equal(seen.filter(({ body: { code } }) => code === 'wrong_code').length, 10)
    assert.equal(seen.filter(({ status }) => status === 429).length, 6)
    assert.deepEqual([right.status, right.body.violated_policies], [429, ['second_factor']])
    assert.equal((await second(body.mfa_token, recovery)).status, 200, 'who knows the password and used up the tries does not keep the owner out')
  } finally {
    await other.close()
  }
})

test('AUTH-14, TFA-08: a stranger without the password takes no try of the account', async () => {
  const ada = await world.person()
  const { secret } = await withFactor(world, ada)
  for (let n = 0; n < 40; n += 1) await second(['x', 'A'.repeat(43), `guess-${n}`][n % 3] ?? '', '123456')
  for (let n = 0; n < 12; n += 1) await world.anyone.post('/api/v2/auth/login', { email: ada.user.email, password: 'Wrong horse 42!' }, elsewhere())

  const { body } = await loginAs(world, ada, elsewhere())
  assert.equal((await second(body.mfa_token, codeOf(secret, world.clock))).status, 200)
})

test('TFA-08: step-up, setting up and disabling share the tries of the account; right codes use none up', async () => {
  const ada = await world.person()
  const { secret } = await withFactor(world, ada)
  let session = client(world.url, ada.token)
  for (let n = 0; n < 12; n += 1) {
    const { status, body } = await session.post('/api/v2/auth/step-up', { code: codeOf(secret, world.clock) })
    assert.equal(status, 200, `right code ${n}`)
    session = client(world.url, body.access_token)
    world.clock.advance(30_000)
  }
  const paths: Array<[string, Record<string, unknown>]> = [['step-up', {}], ['2fa/recovery-codes', {}], ['2fa/disable', { password: ada.password }], ['2fa/setup', { password: ada.password }]]
  const seen: Answer[] = []
  for (let n = 0; n < 12; n += 1) {
    const [path, more] = paths[n % 4] ?? ['', {}]
    seen.push(await session.post(`/api/v2/auth/${path}`, { ...more, code: wrongCodeOf(secret, world.clock) }))
  }

  assert.deepEqual(seen.map(({ status }) => status), [...Array.from({ length: 10 }, () => 401), 429, 429])
})

test('AUTH-14: three links an hour to verify an address, and to change it', async () => {
  const smtp = await startMailServer()
  const limited = await startWorld({ settings: { RATE_LIMIT: 'on', SMTP_URL: smtp.url, PUBLIC_URL: 'https://chenu.example.org' } })
  try {
    const ada = await limited.person()
    const statuses = async (work: () => Promise<Answer>): Promise<number[]> => {
      const all: number[] = []
      for (let n = 0; n < 4; n += 1) all.push((await work()).status)
      return all
    }

    assert.deepEqual(await statuses(() => ada.post('/api/v2/auth/resend-verification')), [202, 202, 202, 429])
    assert.deepEqual(await statuses(() => ada.post('/api/v2/auth/change-email', { email: 'another@example.net', password: ada.password })), [202, 202, 202, 429])
  } finally {
    await limited.close()
    await smtp.close()
  }
})
