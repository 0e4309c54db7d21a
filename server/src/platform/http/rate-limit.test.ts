import assert from 'node:assert/strict'
import { after, before, beforeEach, suite, test } from 'node:test'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import type { FastifyReply } from 'fastify'
import type { Answer } from '../../testing/person.ts'
import { startWorld, type World } from '../../testing/world.ts'
import { isProblem } from '../errors.ts'
import { RateLimited } from '../problems.ts'
import { addressKey, createRateLimiter, LIMITS } from './rate-limit.ts'
import type { Bucket } from './route.ts'

const WINDOW_MS = 60_000

/** Takes one and answers what the client is told. */
function taker(now: () => number) {
  const take = createRateLimiter(now)
  return (bucket: Bucket, key: string): { passed: boolean; headers: Record<string, string>; retryAfter?: string } => {
    const headers: Record<string, string> = {}
    const reply = { header(name: string, value: string) { headers[name] = value } } as unknown as FastifyReply
    try {
      take(bucket, key, reply)
      return { passed: true, headers }
    } catch (error) {
      if (!isProblem(error, RateLimited)) throw error
      return { passed: false, headers, retryAfter: error.headers['retry-after'] ?? '' }
    }
  }
}

suite('the limiter', () => {
  test('RL-11: however the clock jumps, nobody gets more than one window extra, or is locked for longer than one', () => {
    for (const jumpMs of [7_200_000, -7_200_000]) {
      let now = 1_000_000_000
      const take = taker(() => now)
      for (let n = 0; n < LIMITS.auth; n += 1) assert.ok(take('auth', 'a').passed)
      assert.equal(take('auth', 'a').passed, false)

      now += jumpMs
      let passed = 0
      while (take('auth', 'a').passed) passed += 1
      assert.equal(passed, LIMITS.auth, `one window after a jump of ${jumpMs} ms`)
      const { retryAfter } = take('auth', 'a')
      assert.ok(Number(retryAfter) <= 60)
      now += WINDOW_MS
      assert.ok(take('auth', 'a').passed)
    }
  })

  test('RL-12: 10,000 answers: what is left is never negative, and the time never longer than the window', () => {
    let now = 5_000_000
    const take = taker(() => now)
    const steps = fc.sample(fc.tuple(fc.constantFrom<Bucket>('read', 'write', 'auth', 'health'), fc.constantFrom('a', 'b'), fc.integer({ min: -5_000, max: 5_000 })), { seed: 9_457, numRuns: 10_000 })
    let refused = 0
    for (const [bucket, key, step] of steps) {
      now += step % 40
      const { headers, passed } = take(bucket, key)
      const [, name, left, seconds] = /^"(\w+)";r=(\d+);t=(\d+)$/.exec(headers.ratelimit ?? '') ?? []
      assert.equal(name, bucket)
      assert.ok(Number(left) <= LIMITS[bucket] && Number(seconds) >= 1 && Number(seconds) <= 60, headers.ratelimit)
      assert.equal(headers['ratelimit-policy'], `"${bucket}";q=${LIMITS[bucket]};w=60`)
      if (!passed) {
        refused += 1
        assert.equal(left, '0')
      }
    }
    assert.ok(refused > 100, 'the limits were met')
  })

  test('RL-10: a million addresses take no more room than there is for them', () => {
    setFlagsFromString('--expose-gc')
    const collect = runInNewContext('gc') as () => void
    const take = createRateLimiter(() => 1)
    const reply = { header() {} } as unknown as FastifyReply
    collect()
    const before = process.memoryUsage().heapUsed
    for (let n = 0; n < 1_000_000; n += 1) take('read', `2001:db8:${n}`, reply)
    collect()

    assert.ok(process.memoryUsage().heapUsed - before < 100 * 1_048_576)
  })

  test('RL-04: an IPv6 address counts by its /64, an IPv4 in an IPv6 coat as itself', () => {
    const keys = (...ips: string[]): Set<string> => new Set(ips.map((ip) => addressKey({ ip })))

    assert.equal(keys('2001:db8:1:2:3:4:5:6', '2001:db8:1:2::', '2001:DB8:1:2:ffff::1', '2001:db8:1:2:0:0:0:9').size, 1)
    assert.equal(keys('2001:db8:1:2::1', '2001:db8:1:3::1', '::1', '2001:db8::').size, 4)
    assert.deepEqual([...keys('::ffff:192.0.2.7', '192.0.2.7', '::FFFF:192.0.2.7')], ['192.0.2.7'])
  })
})

suite('over HTTP', () => {
  let world: World
  before(async () => { world = await startWorld({ settings: { RATE_LIMIT: 'on' } }) })
  after(() => world.close())
  beforeEach(() => world.clock.advance(WINDOW_MS + 1_000))

  const countOf = (answers: Answer[], status: number): number => answers.filter((answer) => answer.status === status).length

  test('RL-01: of 500 writes at once exactly as many pass as the limit says', async () => {
    const ada = await world.person()

    const answers = await Promise.all(Array.from({ length: 500 }, (_, n) => ada.post('/api/v2/notes', { title: `Note ${n}` })))

    assert.deepEqual([countOf(answers, 201), countOf(answers, 429)], [LIMITS.write, 500 - LIMITS.write])
    const { rows } = await world.owner.query('select count(*)::int as count from notes where identity_id = $1', [ada.identity.id])
    assert.equal(rows[0].count, LIMITS.write)
    assert.equal((await ada.get('/api/v2/notes')).status, 200, 'reading has a limit of its own')
    const bob = await world.person()
    assert.equal((await bob.post('/api/v2/notes', { title: 'x' })).status, 201, 'and so has every identity')
  })

  test('RL-02: a 429 says which policy, how much there is and when to come back', async () => {
    const answers = await Promise.all(Array.from({ length: LIMITS.auth + 1 }, () => world.anyone.post('/api/v2/auth/refresh', { refresh_token: 'x' })))
    const refused = answers.find(({ status }) => status === 429)

    assert.deepEqual([refused?.body.code, refused?.body.violated_policies], ['rate_limited', ['auth']])
    assert.match(refused?.headers.get('retry-after') ?? '', /^([1-9]|[1-5]\d|60)$/)
    assert.equal(refused?.headers.get('ratelimit-policy'), `"auth";q=${LIMITS.auth};w=60`)
    assert.match(refused?.headers.get('ratelimit') ?? '', /^"auth";r=0;t=([1-9]|[1-5]\d|60)$/)
    const passed = answers.filter(({ status }) => status !== 429).map(({ headers }) => Number(/r=(\d+)/.exec(headers.get('ratelimit') ?? '')?.[1]))
    assert.deepEqual(passed.toSorted((a, b) => a - b), Array.from({ length: LIMITS.auth }, (_, n) => n), 'each number once')
  })

  test('RL-03: with no proxy trusted, an address that a client makes up is not believed', async () => {
    const names = ['x-forwarded-for', 'x-real-ip', 'forwarded', 'cf-connecting-ip', 'true-client-ip', 'x-client-ip', 'x-forwarded']
    const answers = await Promise.all(Array.from({ length: 1_000 }, (_, n) => world.anyone.post('/api/v2/auth/login', {}, { [names[n % names.length] ?? '']: `198.51.${n % 256}.${n >> 8}` })))

    assert.deepEqual([countOf(answers, 422), countOf(answers, 429)], [LIMITS.auth, 1_000 - LIMITS.auth])
  })

  test('RL-05: other spellings of a request count in the same bucket', async () => {
    const ada = await world.person()
    const spellings = ['/api/v2/notes', '/api/v1/notes', '/api/v2/notes?limit=1', '/api/v2/%6eotes', '/api/v2/notes?', '/api/v2/tasks']
    const left = async (path: string, method = 'GET'): Promise<number> => {
      const { headers } = await fetch(world.url + path, { method, headers: { authorization: `Bearer ${ada.token}` } })
      return Number(/"read";r=(\d+)/.exec(headers.get('ratelimit') ?? '')?.[1])
    }
    const first = await left('/api/v2/notes')

    for (const [index, path] of spellings.entries()) assert.equal(await left(path, index % 2 === 0 ? 'GET' : 'HEAD'), first - index - 1, path)
  })

  test('RL-06: signing in counts by address, whatever token or account comes with it', async () => {
    const ada = await world.person()
    const answers = await Promise.all(Array.from({ length: LIMITS.auth + 20 }, (_, n) => world.anyone.post('/api/v2/auth/login', { email: `a${n}@example.org` }, n % 2 === 0 ? { authorization: `Bearer ${ada.token}` } : {})))

    // Ada's own registration was the first.
    assert.deepEqual([countOf(answers, 422), countOf(answers, 429)], [LIMITS.auth - 1, 21])
  })

  test('RL-06: guesses at tokens count by address, and then nobody there learns more', async () => {
    const answers = await Promise.all(Array.from({ length: LIMITS.read + 50 }, (_, n) => world.anyone.get('/api/v2/notes', { authorization: `Bearer guess-${n}` })))

    assert.deepEqual([countOf(answers, 401), countOf(answers, 429)], [LIMITS.read, 50])
  })

  test('RL-13: health and the kill-switch have limits of their own, which the others cannot use up', async () => {
    await Promise.all(Array.from({ length: LIMITS.read + 10 }, () => world.anyone.get('/api/v2/notes')))
    await Promise.all(Array.from({ length: LIMITS.auth + 10 }, () => world.anyone.post('/api/v2/auth/login', {})))
    const wrong = await Promise.all(Array.from({ length: LIMITS.seal + 10 }, () => world.anyone.post('/api/atom/killswitch', {}, { 'x-architect-seal': 'wrong' })))

    assert.deepEqual([countOf(wrong, 403), countOf(wrong, 429)], [LIMITS.seal, 10])
    const health = await Promise.all(Array.from({ length: LIMITS.health + 10 }, () => world.anyone.get('/health')))
    assert.deepEqual([countOf(health, 200), countOf(health, 429)], [LIMITS.health, 10])
    for (const path of ['killswitch', 'revive']) assert.equal((await world.anyone.post(`/api/atom/${path}`, {}, { 'x-architect-seal': world.seal })).status, 200, 'the right seal always works')
  })
})
