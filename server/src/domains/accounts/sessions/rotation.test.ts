import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { describe, test } from 'node:test'
import { createDatabase } from '../../../testing/database.ts'
import { client, type Answer } from '../../../testing/person.ts'
import { startWorld, type World } from '../../../testing/world.ts'
import { resealFactors } from '../factors/reseal.ts'
import { createVault } from '../factors/vault.ts'
import { codeOf, headerOf, loginWithCode, withFactor } from '../testing.ts'

const secret = (): string => randomBytes(32).toString('base64url')
const never = new AbortController().signal

/** Servers over one database, one after the other, with the secrets that they are given. */
async function inTurn(work: (start: (settings: Record<string, string>) => Promise<World>) => Promise<void>): Promise<void> {
  const database = await createDatabase()
  try {
    await work((settings) => startWorld({ database, settings }))
  } finally {
    await database.drop()
  }
}

describe('a changed JWT_SECRET', () => {
  test('TOK-24: no request fails: tokens, pages, sessions and second factors of before go on, and the old key dies', () => inTurn(async (start) => {
    const [before, after] = [secret(), secret()]
    const old = await start({ JWT_SECRET: before })
    const [ada, bob] = [await old.person(), await old.person()]
    const factor = await withFactor(old, bob)
    for (let n = 0; n < 3; n += 1) await ada.post('/api/v2/notes', { title: `Note ${n}` })
    const { body: page } = await ada.get('/api/v2/notes?limit=2')
    await old.close()

    const now = await start({ JWT_SECRET: after, JWT_SECRET_PREVIOUS: before })
    try {
      const same = client(now.url, ada.token)
      const answers: Answer[] = await Promise.all(Array.from({ length: 200 }, (_, n) => (n % 20 === 0 ? same.post('/api/v2/notes', { title: `During ${n}` }) : same.get('/api/v2/auth/me'))))
      assert.deepEqual([...new Set(answers.map(({ status }) => status))].toSorted(), [200, 201])
      assert.equal((await same.get(`/api/v2/notes?limit=2&cursor=${encodeURIComponent(page.next_cursor)}`)).status, 200)
      const { status, body } = await now.anyone.post('/api/v2/auth/refresh', { refresh_token: ada.refreshToken })
      assert.equal(status, 200)
      assert.notEqual(headerOf(body.access_token).kid, headerOf(ada.token).kid)
      now.clock.advance(60_000)
      await loginWithCode(now, bob, factor.secret)

      now.clock.advance(15 * 60_000)
      assert.equal((await same.get('/api/v2/auth/me')).status, 401)
      const { body: next } = await now.anyone.post('/api/v2/auth/refresh', { refresh_token: body.refresh_token })
      assert.equal((await client(now.url, next.access_token).get('/api/v2/auth/me')).status, 200)
    } finally {
      await now.close()
    }
  }))

  test('TOK-24, SEC-05: secrets of factors are sealed anew, and then the key before can be removed', () => inTurn(async (start) => {
    const [before, after] = [secret(), secret()]
    const old = await start({ JWT_SECRET: before })
    const ada = await old.person()
    const factor = await withFactor(old, ada)
    await old.close()

    const between = await start({ JWT_SECRET: after, JWT_SECRET_PREVIOUS: before })
    const vault = createVault(between.platform.secrets)
    assert.equal(await resealFactors(between.platform, vault, never), 1)
    assert.equal(await resealFactors(between.platform, vault, never), 0)
    await between.close()

    const now = await start({ JWT_SECRET: after })
    try {
      now.clock.advance(120_000)
      await loginWithCode(now, ada, factor.secret)
      assert.equal((await client(now.url, ada.token).get('/api/v2/auth/me')).status, 401, 'the control: the key before is gone')
    } finally {
      await now.close()
    }
  }))

  test('without JWT_SECRET_PREVIOUS what it sealed does not open, and nobody passes by it', () => inTurn(async (start) => {
    const old = await start({ JWT_SECRET: secret() })
    const ada = await old.person()
    const factor = await withFactor(old, ada)
    await old.close()

    const now = await start({ JWT_SECRET: secret() })
    try {
      const { body } = await now.anyone.post('/api/v2/auth/login', { email: ada.user.email, password: ada.password })
      const answer = (code: string) => now.anyone.post('/api/v2/auth/login/second-factor', { mfa_token: body.mfa_token, code })
      assert.equal((await answer(codeOf(factor.secret, now.clock))).status, 500)
      assert.equal((await answer(factor.recoveryCodes[0] ?? '')).status, 200)
    } finally {
      await now.close()
    }
  }))
})

test('TOK-26: there is no cookie mode: no answer of the door sets one, and a token in a cookie opens nothing', async (t) => {
  const world = await startWorld()
  t.after(() => world.close())
  const ada = await world.person()
  const { body: again } = await world.anyone.post('/api/v2/auth/login', { email: ada.user.email, password: ada.password })
  const answers = [
    await world.anyone.post('/api/v2/auth/register', { email: 'no-cookie@example.org', password: 'Correct horse 42!', name: 'Ada' }),
    await world.anyone.post('/api/v2/auth/login', { email: ada.user.email, password: ada.password }), await world.anyone.post('/api/v2/auth/refresh', { refresh_token: again.refresh_token }),
    await ada.get('/api/v2/auth/me'), await world.anyone.get('/api/v2/auth/me'), await ada.post('/api/v2/auth/logout', {}),
  ]

  for (const { headers } of answers) assert.equal(headers.get('set-cookie'), null)
  const bob = await world.person()
  for (const cookie of [`access_token=${bob.token}`, `__Host-session=${bob.token}`, `session=${bob.refreshToken}`, `authorization=Bearer ${bob.token}`]) assert.equal((await world.anyone.get('/api/v2/auth/me', { cookie })).status, 401)
  assert.equal((await bob.get('/api/v2/auth/me')).status, 200, 'the control')
})
