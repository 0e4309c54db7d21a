import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { report } from '../testing/faults/report.ts'
import type { Answer } from '../testing/person.ts'
import { approve, effects, hold } from '../testing/process/held.ts'
import { client } from '../testing/person.ts'
import { startWorld, type World } from '../testing/world.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const JUMPS: Array<[string, number]> = [['+2 h', 2 * HOUR_MS], ['-2 h', -2 * HOUR_MS], ['+30 s', 30_000], ['-3 d', -3 * DAY_MS], ['+400 d, over a leap day', 400 * DAY_MS], ['+1 h, as when summer begins', HOUR_MS]]

suite('F-11: the clock jumps', () => {
  let world: World

  before(async () => { world = await startWorld() })
  after(() => world.close())

  /** Jumps, looks, and jumps back. */
  async function across<T>(ms: number, look: () => Promise<T>): Promise<T> {
    world.clock.advance(ms)
    try {
      return await look()
    } finally {
      world.clock.advance(-ms)
    }
  }

  const refresh = (token: string): Promise<Answer> => world.anyone.post('/api/v2/auth/refresh', undefined, { authorization: `Bearer ${token}` })

  test('TOK-27: no access token lives longer than it says, and a used refresh token stays used', async (t) => {
    for (const [, ms] of JUMPS) {
      const ada = await world.person()
      const fresh = (await refresh(ada.refreshToken)).body
      const seen = await across(ms, () => ada.get('/api/v2/auth/me'))
      assert.equal(seen.status, ms >= 900_000 || ms < -5_000 ? 401 : 200)
      assert.equal((await across(ms, () => refresh(ada.refreshToken))).status, 401)
      assert.equal((await refresh(fresh.refresh_token)).status, 401, 'its reuse ended the family, whatever time it is')
    }
    report(t, { fault: 'F-11', rounds: 1, cases: JUMPS.length, doubles: 0, control: 'caught', note: 'the two statuses differ by jump' })
  })

  test('CHK-07: a checkpoint that was found expired stays so when the clock goes back', async () => {
    const ada = await world.person()
    const held = await hold(ada)

    const late = await across(61 * 60_000, () => signedIn(ada.user.email, ada.password).then((again) => approve(again, held)))
    const back = await approve(ada, held)

    assert.equal(late.status, 410)
    assert.equal(back.status, 410)
    assert.equal(await effects(ada, held), 0)
  })

  test('the record keeps its order by number when the clock goes back', async () => {
    const ada = await world.person()
    await ada.post('/api/v2/notes', { title: 'now' })
    await across(-2 * HOUR_MS, async () => {
      const again = await signedIn(ada.user.email, ada.password)
      await again.post('/api/v2/notes', { title: 'then' })
    })

    const { body } = await ada.get('/api/v2/governance/audit/verify')

    assert.equal(body.valid, true)
  })

  test('nobody is locked out for longer than one window', async () => {
    const ada = await world.person()
    const wrong = () => world.anyone.post('/api/v2/auth/login', { email: ada.user.email, password: 'wrong' })
    await across(2 * HOUR_MS, async () => { for (let n = 0; n < 6; n += 1) await wrong() })

    assert.equal((await across(2 * HOUR_MS + 16 * 60_000, () => world.anyone.post('/api/v2/auth/login', { email: ada.user.email, password: ada.password }))).status, 200)
  })

  async function signedIn(email: string, password: string) {
    const { body } = await world.anyone.post('/api/v2/auth/login', { email, password })
    return client(world.url, body.access_token)
  }
})
