import assert from 'node:assert/strict'
import { after, afterEach, before, suite, test } from 'node:test'
import { generateKeyPair, type JWTPayload } from 'jose'
import { startForgingProvider, type ForgingProvider, type Sign } from '../../testing/forging-provider.ts'
import { startOidcServer, type OidcServer } from '../../testing/oidc-server.ts'
import { ProviderUnreachable, SignInRefused } from './errors.ts'
import { createOidcProvider, type OidcProvider, type Secrets } from './oidc-provider.ts'
import { readProviders } from './provider-settings.ts'

const REDIRECT = 'http://127.0.0.1:1/signed-in'
const SCOPE = 'openid email profile'

suite('signing in with an OpenID provider', () => {
  let server: OidcServer
  let provider: OidcProvider

  before(async () => {
    server = await startOidcServer({ redirectUris: [REDIRECT] })
    server.add({ sub: 'ada', email: 'ada@example.org', email_verified: true, name: 'Ada' })
    server.add({ sub: 'eve', email: 'eve@example.org', email_verified: false })
    provider = createOidcProvider({ ...server.settings, scope: SCOPE })
  })
  after(() => server.close())

  async function come(sub = 'ada'): Promise<{ secrets: Secrets; callback: URL }> {
    const secrets = provider.newSecrets()
    const url = await provider.authorizationUrl({ ...secrets, redirectUri: REDIRECT })
    assert.ok(!url.includes(secrets.verifier))
    assert.match(url, /code_challenge_method=S256/)
    return { secrets, callback: new URL(`${REDIRECT}?${await server.signIn(url, sub)}`) }
  }

  test('says whom the provider vouches for, and an address only when it was verified', async () => {
    const [ada, eve] = [await come('ada'), await come('eve')]

    assert.deepEqual(await provider.redeem({ ...ada.secrets, callback: ada.callback }), { issuer: server.issuer, subject: 'ada', email: 'ada@example.org', name: 'Ada' })
    assert.deepEqual(await provider.redeem({ ...eve.secrets, callback: eve.callback }), { issuer: server.issuer, subject: 'eve', email: null, name: null })
  })

  test('OAU-02: without the verifier of the question, or with another, nothing is redeemed', async () => {
    const { secrets, callback } = await come()
    const other = provider.newSecrets()

    await assert.rejects(provider.redeem({ ...secrets, verifier: other.verifier, callback }), SignInRefused)
  })

  test('OAU-03, OAU-04: another state, or another nonce, is refused', async () => {
    const [one, two] = [await come(), await come()]
    const other = provider.newSecrets()

    await assert.rejects(provider.redeem({ ...one.secrets, state: other.state, callback: one.callback }), SignInRefused)
    await assert.rejects(provider.redeem({ ...two.secrets, nonce: other.nonce, callback: two.callback }), SignInRefused)
    const none = new URL(REDIRECT)
    none.searchParams.set('code', 'x')
    await assert.rejects(provider.redeem({ ...one.secrets, callback: none }), SignInRefused)
  })

  test('OAU-05: an answer of another issuer is refused (RFC 9207)', async () => {
    const { secrets, callback } = await come()
    assert.equal(callback.searchParams.get('iss'), server.issuer)
    callback.searchParams.set('iss', 'https://other.example')

    await assert.rejects(provider.redeem({ ...secrets, callback }), SignInRefused)
  })

  test('OAU-09: a code is redeemed once', async () => {
    const { secrets, callback } = await come()
    await provider.redeem({ ...secrets, callback })

    await assert.rejects(provider.redeem({ ...secrets, callback }), SignInRefused)
  })

  test('OAU-14: a refusal of the provider is a refusal, whatever it says', async () => {
    const { secrets, callback } = await come()
    const denied = new URL(`${REDIRECT}?${new URLSearchParams({ error: 'access_denied', error_description: '<script>'.repeat(1_000), state: secrets.state, iss: callback.searchParams.get('iss') ?? '' })}`)

    await assert.rejects(provider.redeem({ ...secrets, callback: denied }), SignInRefused)
  })
})

suite('a provider that forges', () => {
  let forger: ForgingProvider

  before(async () => { forger = await startForgingProvider() })
  afterEach(() => { forger.forge({}) })
  after(() => forger.close())

  const now = (): number => Math.floor(Date.now() / 1_000)

  async function redeem(idToken: (sign: Sign, claims: JWTPayload) => Promise<string>): Promise<unknown> {
    const provider = createOidcProvider(forger.settings)
    const secrets = provider.newSecrets()
    await provider.authorizationUrl({ ...secrets, redirectUri: REDIRECT })
    const claims: JWTPayload = { iss: forger.issuer, aud: 'chenu', sub: 'ada', nonce: secrets.nonce, iat: now(), exp: now() + 60, email: 'ada@example.org', email_verified: true }
    forger.forge({ idToken: (sign) => idToken(sign, claims) })
    return provider.redeem({ ...secrets, callback: new URL(`${REDIRECT}?code=x&state=${secrets.state}`) })
  }

  test('control: an honest token of it passes', async () => {
    assert.deepEqual(await redeem((sign, claims) => sign(claims)), { issuer: forger.issuer, subject: 'ada', email: 'ada@example.org', name: null })
  })

  const strangerKey = generateKeyPair('RS256')
  const FORGERIES: Array<[string, (sign: Sign, claims: JWTPayload) => Promise<string>]> = [
    ['for another client', (sign, claims) => sign({ ...claims, aud: 'other' })],
    ['for several, authorised for another', (sign, claims) => sign({ ...claims, aud: ['chenu', 'other'], azp: 'other' })],
    ['of another issuer', (sign, claims) => sign({ ...claims, iss: 'https://accounts.example' })],
    ['that is over', (sign, claims) => sign({ ...claims, iat: now() - 7_200, exp: now() - 3_600 })],
    ['without an end', (sign, { exp: _exp, ...claims }) => sign(claims)],
    ['without a subject', (sign, { sub: _sub, ...claims }) => sign(claims)],
    ['with another nonce', (sign, claims) => sign({ ...claims, nonce: 'other' })],
    ['without a nonce', (sign, { nonce: _nonce, ...claims }) => sign(claims)],
    ['signed by a stranger', async (sign, claims) => sign(claims, { key: (await strangerKey).privateKey })],
    ['of an unknown key', (sign, claims) => sign(claims, { kid: 'k2' })],
    ['signed with the client’s id', (sign, claims) => sign(claims, { key: new TextEncoder().encode('chenu'.padEnd(32, '.')), alg: 'HS256' })],
    ['signed with the client’s secret', (sign, claims) => sign(claims, { key: new TextEncoder().encode('the-secret-of-the-forging-provider'), alg: 'HS256' })],
    ['that is not signed', async (_sign, claims) => `${encoded({ alg: 'none' })}.${encoded(claims)}.`],
  ]
  for (const [what, forge] of FORGERIES) {
    test(`OAU-06: an ID token ${what} signs nobody in`, async () => { await assert.rejects(redeem(forge), SignInRefused) })
  }

  test('what is no token at all signs nobody in', async () => { await assert.rejects(redeem(async () => 'x.y.z'), ProviderUnreachable) })

  test('an answer without an ID token signs nobody in', async () => {
    const provider = createOidcProvider(forger.settings)
    const secrets = provider.newSecrets()

    await assert.rejects(provider.redeem({ ...secrets, callback: new URL(`${REDIRECT}?code=x&state=${secrets.state}`) }), SignInRefused)
  })

  test('OAU-12: metadata that names another issuer, is too long, redirects, or leads off https is not used', async () => {
    for (const metadata of [{ issuer: 'https://other.example' }, { status: 200, type: 'application/json', text: JSON.stringify({ pad: 'x'.repeat(70_000) }) }, { status: 302 }]) {
      forger.forge({ metadata })
      const provider = createOidcProvider(forger.settings)
      await assert.rejects(provider.authorizationUrl({ ...provider.newSecrets(), redirectUri: REDIRECT }), ProviderUnreachable)
    }
    forger.forge({ metadata: { token_endpoint: 'http://10.0.0.1/token' } })
    const provider = createOidcProvider(forger.settings)
    const secrets = provider.newSecrets()
    await assert.rejects(provider.redeem({ ...secrets, callback: new URL(`${REDIRECT}?code=x&state=${secrets.state}`) }), ProviderUnreachable)
  })

  test('OAU-13: a provider that is down, broken, or answers a page is unreachable', async () => {
    for (const token of [{ status: 500 }, { status: 503, text: 'busy' }, { status: 200, text: '<html>' }, { status: 200, type: 'application/json', text: '{' }]) {
      const provider = createOidcProvider(forger.settings)
      const secrets = provider.newSecrets()
      forger.forge({ token })
      await assert.rejects(provider.redeem({ ...secrets, callback: new URL(`${REDIRECT}?code=x&state=${secrets.state}`) }), (error) => error instanceof ProviderUnreachable || error instanceof SignInRefused, JSON.stringify(token))
    }
    const gone = createOidcProvider({ ...forger.settings, issuer: 'http://127.0.0.1:9' })
    await assert.rejects(gone.authorizationUrl({ ...gone.newSecrets(), redirectUri: REDIRECT }), ProviderUnreachable)
  })
})

test('the setting is read strictly, and no fault quotes a value', () => {
  const good = { id: 'acme', name: 'Acme', issuer: 'https://id.acme.example', client_id: 'x', client_secret: 's3cret' }
  assert.deepEqual(readProviders(JSON.stringify([good])), [{ ...good, scope: SCOPE }])
  for (const bad of ['{', '{}', JSON.stringify([{ ...good, id: 'Ac me' }]), JSON.stringify([good, good]), JSON.stringify([{ ...good, extra: 's3cret' }])]) {
    assert.throws(() => readProviders(bad), (error: Error) => error instanceof TypeError && !error.message.includes('s3cret'))
  }
})

const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')
