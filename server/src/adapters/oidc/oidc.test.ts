import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { startOidcServer, type OidcServer } from '../../testing/oidc-server.ts'
import { createOidcProvider } from './oidc-provider.ts'

const REDIRECT = 'http://127.0.0.1:1/signed-in'

suite('signing in with an OpenID provider', () => {
  let server: OidcServer

  before(async () => { server = await startOidcServer({ redirectUris: [REDIRECT] }) })
  after(() => server.close())

  test('says whom the provider vouches for', async () => {
    const provider = createOidcProvider({ ...server.settings, scope: 'openid email profile' })
    server.add({ sub: 'ada', email: 'ada@example.org', email_verified: true, name: 'Ada' })
    const secrets = provider.newSecrets()
    const url = await provider.authorizationUrl({ ...secrets, redirectUri: REDIRECT })

    const query = await server.signIn(url, 'ada')
    const claims = await provider.redeem({ ...secrets, callback: new URL(`${REDIRECT}?${query}`) })

    assert.deepEqual(claims, { issuer: server.issuer, subject: 'ada', email: 'ada@example.org', name: 'Ada' })
    assert.ok(!url.includes(secrets.verifier))
  })
})
