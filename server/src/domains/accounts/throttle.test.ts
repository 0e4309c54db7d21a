import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, beforeEach, test } from 'node:test'
import type { Answer } from '../../testing/person.ts'
import { startWorld, type World } from '../../testing/world.ts'
import { delayAfter } from './throttle.ts'

let world: World
before(async () => { world = await startWorld({ settings: { RATE_LIMIT: 'on', TRUST_PROXY: '1' } }) })
after(() => world.close())

// Requests in general have a limit of their own (60 s windows of the server's clock); these tests are about guesses.
beforeEach(() => world.clock.advance(61_000))

let hosts = 0
const newAddress = (): string => `198.51.100.${hosts += 1}`
const login = (email: string, password: string, address: string, at = world): Promise<Answer> => at.anyone.post('/api/v2/auth/login', { email, password }, { 'x-forwarded-for': address })
const register = (email: string, address: string): Promise<Answer> => world.anyone.post('/api/v2/auth/register', { email, password: 'Correct horse 42!', name: 'Ada' }, { 'x-forwarded-for': address })
const newEmail = (): string => `p-${randomUUID()}@example.org`

async function account(): Promise<{ email: string; password: string }> {
  const email = newEmail()
  assert.equal((await register(email, newAddress())).status, 201)
  return { email, password: 'Correct horse 42!' }
}

const countOf = (answers: Answer[], wanted: number): number => answers.filter(({ status }) => status === wanted).length

test('AUTH-11: after 5 wrong passwords for an account from one address, also the right one is 429, from there only', async () => {
  const { email, password } = await account()
  const address = newAddress()
  for (let n = 0; n < 5; n += 1) assert.equal((await login(email, 'Wrong horse 42!', address)).status, 401)

  const { status, headers, body } = await login(email, password, address)

  assert.deepEqual([status, body.code, body.violated_policies], [429, 'rate_limited', ['login_pair']])
  const seconds = Number(headers.get('retry-after'))
  assert.ok(seconds > 0 && seconds <= 900)
  assert.equal((await login(email, password, newAddress())).status, 200)
})

test('AUTH-11, RL-08: it holds on another server and after a restart, and for other spellings of the account', async () => {
  const { email, password } = await account()
  const address = newAddress()
  for (let n = 0; n < 5; n += 1) await login(email, 'Wrong horse 42!', address)
  const second = await world.another()
  try {
    assert.equal((await login(email, password, address, second)).status, 429)
    assert.equal((await login(email.toUpperCase(), password, address, second)).status, 429)
  } finally {
    await second.close()
  }
})

test('AUTH-12: of 100 wrong passwords at once exactly 5 are 401', async () => {
  const { email } = await account()
  const address = newAddress()

  const answers = await Promise.all(Array.from({ length: 100 }, () => login(email, 'Wrong horse 42!', address)))

  assert.deepEqual([countOf(answers, 401), countOf(answers, 429)], [5, 95])
})

test('AUTH-12: right passwords at once do not use up each other’s tries', async () => {
  const { email, password } = await account()
  const address = newAddress()

  const answers = await Promise.all(Array.from({ length: 30 }, () => login(email, password, address)))

  assert.equal(countOf(answers, 200), 30)
})

test('AUTH-11: a sign-in begins the count anew', async () => {
  const { email, password } = await account()
  const address = newAddress()
  for (let round = 0; round < 3; round += 1) {
    for (let n = 0; n < 4; n += 1) assert.equal((await login(email, 'Wrong horse 42!', address)).status, 401)
    assert.equal((await login(email, password, address)).status, 200)
  }
})

test('AUTH-13: one password over many accounts from one address: 30 are looked at', async () => {
  const address = newAddress()
  const answers: Answer[] = []
  for (let n = 0; n < 45; n += 1) answers.push(await login(newEmail(), 'Wrong horse 42!', address))

  assert.deepEqual([countOf(answers, 401), countOf(answers, 429)], [30, 15])
  assert.deepEqual(answers.at(-1)?.body.violated_policies, ['login_address'])
})

test('RL-11: when the clock goes back nobody is locked for longer than one window', async () => {
  const { email, password } = await account()
  const address = newAddress()
  for (let n = 0; n < 5; n += 1) await login(email, 'Wrong horse 42!', address)
  assert.equal((await login(email, password, address)).status, 429)
  await world.owner.query(`update rate_limits set expire = expire + 7200000 where key like 'login_%'`)

  assert.equal((await login(email, password, address)).status, 200)
})

test('RL-06: neither another account nor a forged X-Forwarded-For beyond the proxy changes the address', async () => {
  const address = newAddress()
  for (let n = 0; n < 30; n += 1) await login(newEmail(), 'Wrong horse 42!', `203.0.113.${n}, ${address}`)

  assert.equal((await login(newEmail(), 'Wrong horse 42!', `203.0.113.99, ${address}`)).status, 429)
})

test('RL-04: an IPv6 address counts by its /64', async () => {
  const { email } = await account()
  for (let n = 0; n < 5; n += 1) assert.equal((await login(email, 'Wrong horse 42!', `2001:db8:5:5::${n + 1}`)).status, 401)

  assert.equal((await login(email, 'Wrong horse 42!', '2001:db8:5:5:ffff::1')).status, 429)
  assert.equal((await login(email, 'Wrong horse 42!', '2001:db8:5:6::1')).status, 401)
})

test('AUTH-14: many strangers slow sign-ins of an account down, and lock nobody out', async () => {
  const { email, password } = await account()
  for (let stranger = 0; stranger < 5; stranger += 1) {
    const address = newAddress()
    for (let n = 0; n < 5; n += 1) await login(email, 'Wrong horse 42!', address)
  }

  assert.equal((await login(email, password, newAddress())).status, 200)
})

test('AUTH-14: the delay begins after 20 failures an hour, doubles, and has an end', () => {
  assert.deepEqual([0, 5, 20].map(delayAfter), [0, 0, 0])
  assert.deepEqual([21, 30, 40, 50, 60].map(delayAfter), [500, 1_000, 2_000, 4_000, 8_000])
  assert.equal(delayAfter(1_000_000), 8_000)
})

test('AUTH-15: wrong current passwords are counted too', async () => {
  const { email, password } = await account()
  const { body } = await login(email, password, newAddress())
  const change = (current_password: string): Promise<Answer> => world.anyone.post('/api/v2/auth/change-password', { current_password, new_password: 'Another horse 43!' }, { authorization: `Bearer ${body.access_token}` })
  for (let n = 0; n < 5; n += 1) assert.equal((await change('Wrong horse 42!')).status, 403)

  assert.equal((await change(password)).status, 429)
})

test('AUTH-10: an address learns 5 times an hour that an e-mail is known, then nothing', async () => {
  const { email } = await account()
  const address = newAddress()
  for (let n = 0; n < 5; n += 1) assert.equal((await register(email, address)).status, 409)

  const [known, unknown] = [await register(email, address), await register(newEmail(), address)]

  assert.deepEqual([known.status, unknown.status], [429, 429])
  assert.equal((await register(newEmail(), newAddress())).status, 201)
})

test('SEC-06: the counters hold no e-mail and no address', async () => {
  const { rows } = await world.owner.query('select key from rate_limits')
  assert.ok(rows.length > 0)
  for (const { key } of rows) assert.match(key, /^(login_pair|login_address|login_account|register|register_known|change_password):[A-Za-z0-9_-]{43}$/)
})
