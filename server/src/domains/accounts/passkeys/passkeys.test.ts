import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { after, before, suite, test } from 'node:test'
import { createAuthenticator, type Authenticator, type Lies } from '../../../testing/authenticator.ts'
import { client, type Answer, type Person } from '../../../testing/person.ts'
import { startWorld, type World } from '../../../testing/world.ts'

const ORIGIN = 'https://chenu.example.org'

suite('passkeys', () => {
  let world: World

  before(async () => { world = await startWorld({ settings: { PUBLIC_URL: ORIGIN } }) })
  after(() => world.close())

  const optionsOf = async (person: Person): Promise<Answer['body']> => (await person.post('/api/v2/auth/passkeys/options', { password: person.password })).body.options
  async function withPasskey(authenticator: Authenticator = createAuthenticator({ origin: ORIGIN })): Promise<{ ada: Person; authenticator: Authenticator; added: Answer }> {
    const ada = await world.person()
    const added = await ada.post('/api/v2/auth/passkeys', { name: 'Laptop', response: authenticator.create(await optionsOf(ada)) })
    assert.equal(added.status, 201, JSON.stringify(added.body))
    return { ada, authenticator, added }
  }
  const beginSignIn = async (): Promise<Answer['body']> => (await world.anyone.post('/api/v2/auth/passkeys/sign-in/options')).body.options
  const signIn = async (authenticator: Authenticator, lies: Lies = {}): Promise<Answer> => world.anyone.post('/api/v2/auth/passkeys/sign-in', { response: authenticator.get(await beginSignIn(), lies) })

  test('one is registered with the password, gives recovery codes once, and signs in without another factor', async () => {
    const { ada, authenticator, added } = await withPasskey()
    const signedIn = await signIn(authenticator)

    assert.equal(added.body.recovery_codes.length, 10)
    assert.equal(signedIn.status, 200)
    assert.equal(signedIn.body.user.id, ada.user.id)
    const again = client(world.url, signedIn.body.access_token)
    assert.deepEqual((await again.get('/api/v2/auth/passkeys')).body.items.map(({ name }: { name: string }) => name), ['Laptop'])
    assert.equal((await again.get('/api/v2/auth/2fa')).status, 200)
  })

  test('TFA-01: without the password, or with a wrong one, no passkey begins', async () => {
    const ada = await world.person()

    assert.equal((await ada.post('/api/v2/auth/passkeys/options', {})).status, 422)
    assert.equal((await ada.post('/api/v2/auth/passkeys/options', { password: 'wrong' })).status, 403)
  })

  test('who has a passkey is asked for it after the password', async () => {
    const { ada } = await withPasskey()
    const login = await world.anyone.post('/api/v2/auth/login', { email: ada.user.email, password: ada.password })

    assert.equal(login.body.mfa_required, true)
    assert.deepEqual(login.body.factors, ['passkey', 'recovery_code'])
    assert.equal(login.body.access_token, undefined)
  })

  const LIES: Array<[string, Lies | ((authenticator: Authenticator) => Lies)]> = [
    ['for another site', { origin: 'https://evil.example' }],
    ['with the hash of another site', { rpId: 'evil.example' }],
    ['of another kind', { type: 'webauthn.create' }],
    ['without asking who holds it', { userVerified: false }],
    ['over a challenge of its own', { challenge: Buffer.alloc(32, 7).toString('base64url') }],
    ['by another key', { key: generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey }],
    ['in the name of another account', { handle: Buffer.from('0190a0b0-0000-7000-8000-00000000000a').toString('base64url') }],
  ]
  for (const [what, lies] of LIES) {
    test(`a signature ${what} signs nobody in`, async () => {
      const { authenticator } = await withPasskey()

      const refused = await signIn(authenticator, typeof lies === 'function' ? lies(authenticator) : lies)

      assert.deepEqual([refused.status, refused.body.code], [401, 'passkey_refused'])
      assert.equal((await signIn(authenticator)).status, 200)
    })
  }

  test('of 100 sends of one signature at once, on two servers, one signs in; later ones do not', async () => {
    const other = await world.another()
    const { authenticator } = await withPasskey()
    const response = authenticator.get(await beginSignIn())

    const answers = await Promise.all(Array.from({ length: 100 }, (_, n) => (n % 2 ? world : other).anyone.post('/api/v2/auth/passkeys/sign-in', { response })))

    assert.deepEqual(answers.map(({ status }) => status).filter((status) => status !== 401), [200])
    assert.equal((await world.anyone.post('/api/v2/auth/passkeys/sign-in', { response })).status, 401)
    await other.close()
  })

  test('one without a counter works as often as it signs a fresh challenge', async () => {
    const { authenticator } = await withPasskey(createAuthenticator({ origin: ORIGIN, counts: false }))

    assert.deepEqual([(await signIn(authenticator)).status, (await signIn(authenticator)).status], [200, 200])
  })

  test('a counter that goes back is a copy, and is refused', async () => {
    const { authenticator } = await withPasskey()
    assert.equal((await signIn(authenticator)).status, 200)
    authenticator.counter = 0

    assert.equal((await signIn(authenticator)).status, 401)
  })

  test('a challenge is for five minutes, for its purpose and for its person', async () => {
    const { ada, authenticator } = await withPasskey()
    const old = await beginSignIn()
    world.clock.advance(300_001)
    assert.equal((await world.anyone.post('/api/v2/auth/passkeys/sign-in', { response: authenticator.get(old) })).status, 401)
    world.clock.advance(-300_001)

    const stepUp = (await ada.post('/api/v2/auth/step-up/passkey/options')).body.options
    assert.equal((await world.anyone.post('/api/v2/auth/passkeys/sign-in', { response: authenticator.get(stepUp) })).status, 401)
    const { ada: eve, authenticator: hers } = await withPasskey()
    assert.equal((await eve.post('/api/v2/auth/step-up/passkey', { response: hers.get(stepUp) })).status, 401)
    assert.equal((await eve.post('/api/v2/auth/step-up/passkey', { response: authenticator.get((await eve.post('/api/v2/auth/step-up/passkey/options')).body.options) })).status, 401)
  })

  test('approving a payment wants it anew, and a step-up with it is enough', async () => {
    const { ada, authenticator } = await withPasskey()
    const held = await ada.post('/api/v2/payments/orders', { beneficiary: 'Bob', amount_minor: 100, currency: 'EUR' })
    assert.equal(held.status, 423)
    const approve = (person: Pick<Person, 'post'>) => person.post(`/api/v2/governance/checkpoints/${held.body.checkpoint.id}/approve`, {})
    const refused = await approve(ada)

    const proved = await ada.post('/api/v2/auth/step-up/passkey', { response: authenticator.get((await ada.post('/api/v2/auth/step-up/passkey/options')).body.options) })
    assert.equal(proved.status, 200, JSON.stringify(proved.body))

    assert.deepEqual([refused.status, refused.body.code], [403, 'step_up_required'])
    assert.equal((await approve(client(world.url, proved.body.access_token))).status, 200)
  })

  test('an authenticator is added with the password and a fresh step-up with it, which spends no recovery code', async () => {
    const { ada, authenticator } = await withPasskey()
    assert.equal((await ada.post('/api/v2/auth/2fa/setup', { password: ada.password })).body.code, 'wrong_code')
    const { body: { access_token } } = await ada.post('/api/v2/auth/step-up/passkey', { response: authenticator.get((await ada.post('/api/v2/auth/step-up/passkey/options')).body.options) })
    const proved = client(world.url, access_token)

    assert.equal((await proved.post('/api/v2/auth/2fa/setup', {})).body.code, 'reauth_required')
    assert.equal((await proved.post('/api/v2/auth/2fa/setup', { password: ada.password })).status, 200)
    assert.equal((await proved.get('/api/v2/auth/2fa')).body.recovery_codes_left, 10)

    world.clock.advance(300_001)
    assert.equal((await proved.post('/api/v2/auth/2fa/setup', { password: ada.password })).body.code, 'wrong_code')
  })

  test('TFA-12: a second one, or taking one away, wants the first anew, ends other sessions, and belongs to its owner', async () => {
    const { ada, authenticator } = await withPasskey()
    const [{ id }] = (await ada.get('/api/v2/auth/passkeys')).body.items
    assert.equal((await ada.post('/api/v2/auth/passkeys/options', { password: ada.password })).body.code, 'step_up_required')
    assert.equal((await ada.post(`/api/v2/auth/passkeys/${id}/remove`, { password: ada.password })).body.code, 'step_up_required')
    const eve = await world.person()
    assert.equal((await eve.post(`/api/v2/auth/passkeys/${id}/remove`, { password: eve.password })).status, 403)

    const proved = (await signIn(authenticator)).body.access_token
    const removed = await client(world.url, proved).post(`/api/v2/auth/passkeys/${id}/remove`, { password: ada.password })

    assert.deepEqual([removed.status, removed.body.revoked_sessions], [200, 1])
    assert.equal((await ada.get('/api/v2/auth/me')).status, 401)
    assert.equal((await signIn(authenticator)).status, 401)
    assert.ok((await world.anyone.post('/api/v2/auth/login', { email: ada.user.email, password: ada.password })).body.access_token)
  })

  test('the same passkey twice is a conflict; nonsense is 422 or refused, never 500', async () => {
    const { ada, authenticator } = await withPasskey()
    const eve = await world.person()
    assert.equal((await eve.post('/api/v2/auth/passkeys', { name: 'x', response: authenticator.create(await optionsOf(eve)) })).status, 409)
    assert.equal((await ada.post('/api/v2/auth/passkeys', { name: 'x', response: {} })).status, 422)
    const nonsense = { id: 'AA', rawId: 'AA', type: 'public-key', clientExtensionResults: {}, response: { clientDataJSON: 'AA', authenticatorData: 'AA', signature: 'AA' } }
    assert.equal((await world.anyone.post('/api/v2/auth/passkeys/sign-in', { response: nonsense })).status, 401)
    const options = await beginSignIn()
    for (const member of ['clientDataJSON', 'authenticatorData', 'signature']) {
      const response = authenticator.get(options)
      response.response[member] = 'AAAA'
      assert.equal((await world.anyone.post('/api/v2/auth/passkeys/sign-in', { response })).status, 401, member)
    }
  })

  test('without PUBLIC_URL it says which setting is missing', async () => {
    const bare = await startWorld()
    const refused = await bare.anyone.post('/api/v2/auth/passkeys/sign-in/options')
    assert.deepEqual([refused.status, refused.body.code, refused.body.setting], [503, 'not_configured', 'PUBLIC_URL'])
    await bare.close()
  })
})
