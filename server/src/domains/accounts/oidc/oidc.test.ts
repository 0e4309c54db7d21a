import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, suite, test } from 'node:test'
import { startForgingProvider, type ForgingProvider } from '../../../testing/forging-provider.ts'
import { startMailServer } from '../../../testing/mail-server.ts'
import { startOidcServer, type OidcPerson, type OidcServer } from '../../../testing/oidc-server.ts'
import { client, type Answer } from '../../../testing/person.ts'
import { startWorld, type World } from '../../../testing/world.ts'
import { lettersLeft } from '../testing.ts'
import { safeReturn } from './flow.ts'

const REDIRECT = 'http://127.0.0.1:1/signed-in'

suite('signing in with a provider', () => {
  let world: World
  let server: OidcServer
  let forger: ForgingProvider

  before(async () => {
    server = await startOidcServer({ id: 'loop', redirectUris: [REDIRECT] })
    forger = await startForgingProvider()
    world = await startWorld({ settings: { OIDC_PROVIDERS: JSON.stringify([server.settings, forger.settings]), OIDC_REDIRECT_URIS: REDIRECT } })
  })
  after(async () => {
    await world.close()
    await server.close()
    await forger.close()
  })

  const authorize = (query = '', provider = 'loop'): Promise<Answer> => world.anyone.get(`/api/v2/auth/oauth/${provider}/authorize${query}`)
  const callback = (body: unknown, provider = 'loop'): Promise<Answer> => world.anyone.post(`/api/v2/auth/oauth/${provider}/callback`, body)
  function someone(given: Partial<OidcPerson> = {}): OidcPerson {
    const sub = randomUUID()
    const person = { sub, email: `${sub}@example.org`, email_verified: true, name: 'Grace', ...given }
    server.add(person)
    return person
  }
  /** Goes to the provider and comes back; what the front end would send. */
  async function come({ sub }: OidcPerson, query = ''): Promise<Record<string, string>> {
    const { body } = await authorize(query)
    return { flow: body.flow, ...Object.fromEntries(await server.signIn(body.authorization_url, sub)) }
  }

  test('opens an account for a verified address that nobody here has, and signs into it again', async () => {
    const grace = someone()
    const first = await callback(await come(grace, '?return_to=/threads'))
    const second = await callback(await come(grace))

    assert.equal(first.status, 200, JSON.stringify(first.body))
    assert.deepEqual([first.body.user.email, first.body.user.name, first.body.return_to, second.body.return_to], [grace.email, 'Grace', '/threads', '/'])
    assert.equal(second.body.user.id, first.body.user.id)
    const links = await client(world.url, second.body.access_token).get('/api/v2/auth/oauth/links')
    assert.deepEqual(links.body.items.map(({ provider }: { provider: string }) => provider), ['loop'])
  })

  test('lists its providers by name, and tells no secret of them', async () => {
    const { body } = await world.anyone.get('/api/v2/auth/oauth/providers')
    assert.deepEqual(body.items, [{ id: 'loop', name: 'Provider loop' }, { id: 'forger', name: 'Forger' }])
    assert.equal((await authorize('', 'nobody')).status, 404)
  })

  test('OAU-01: another redirect address is refused, letter by letter, and nobody is sent anywhere', async () => {
    for (const uri of [`${REDIRECT}/`, `${REDIRECT}?x=1`, REDIRECT.toUpperCase(), 'https://evil.example', `${REDIRECT}/../evil`, `${REDIRECT}#x`, `${REDIRECT} `, 'javascript:alert(1)']) {
      const refused = await authorize(`?redirect_uri=${encodeURIComponent(uri)}`)
      assert.deepEqual([refused.status, refused.body.code, refused.headers.get('location')], [400, 'federation_refused', null], uri)
    }
  })

  test('OAU-03: without its flow, with another’s, a changed one, or after ten minutes, what came back signs nobody in', async () => {
    const [mine, other] = [await come(someone()), await come(someone())]
    const { flow: _flow, ...bare } = mine
    assert.equal((await callback(bare)).status, 422)
    assert.equal((await callback({ ...mine, flow: other.flow })).status, 400)
    assert.equal((await callback({ ...mine, flow: `${mine.flow?.slice(0, -2)}AA` })).status, 400)
    assert.equal((await callback({ ...mine, state: 'x' })).status, 400)
    assert.equal((await callback(mine, 'forger')).status, 400)
    world.clock.advance(600_001)
    assert.equal((await callback(mine)).status, 400)
    world.clock.advance(-600_001)
  })

  test('OAU-09: what came back signs in once, also 40 times at once on two servers', async () => {
    const two = await world.another()
    const back = await come(someone())
    const answers = await Promise.all(Array.from({ length: 40 }, (_, n) => (n % 2 ? world : two).anyone.post('/api/v2/auth/oauth/loop/callback', back)))

    assert.equal(answers.filter(({ status }) => status === 200).length, 1)
    assert.ok(answers.every(({ status }) => status === 200 || status === 400), JSON.stringify([...new Set(answers.map(({ status }) => status))]))
    await two.close()
  })

  test('OAU-07, OAU-08: an address alone opens and links nothing: who has it here links while signed in', async () => {
    const ada = await world.person()
    const same = someone({ email: ada.user.email })
    const unverified = someone({ email_verified: false })

    const refused = await callback(await come(same))
    const nobody = await callback(await come(unverified))

    assert.deepEqual([refused.status, refused.body.code, nobody.status, nobody.body.code], [409, 'link_required', 409, 'link_required'])
    assert.equal((await ada.get('/api/v2/auth/oauth/links')).body.items.length, 0)

    const linked = await ada.post('/api/v2/auth/oauth/loop/link', await come(same))
    assert.equal(linked.status, 201, JSON.stringify(linked.body))
    assert.equal((await callback(await come(same))).body.user.id, ada.user.id)
    const eve = await world.person()
    assert.equal((await eve.post('/api/v2/auth/oauth/loop/link', await come(same))).status, 409)
    assert.equal((await eve.del(`/api/v2/auth/oauth/links/${linked.body.id}`)).status, 403)
    assert.equal((await ada.del(`/api/v2/auth/oauth/links/${linked.body.id}`)).status, 204)
    assert.equal((await callback(await come(same))).status, 409)
  })

  test('a session that was found links nothing: it is a sign-in of the last five minutes, or the password', async () => {
    const ada = await world.person()
    const grace = client(world.url, (await callback(await come(someone()))).body.access_token)
    const link = async (person: Pick<typeof ada, 'post'>, given: Record<string, unknown> = {}) => person.post('/api/v2/auth/oauth/loop/link', { ...await come(someone()), ...given })

    assert.equal((await link(grace)).status, 201, 'who came through a provider knows no password')
    world.clock.advance(300_001)
    const [found, hers, wrong] = [await link(ada), await link(grace), await link(ada, { password: 'Wrong horse 42!' })]

    assert.deepEqual([found.status, found.body.code, hers.body.code], [403, 'reauth_required', 'reauth_required'])
    assert.deepEqual([wrong.status, wrong.body.code], [403, 'wrong_password'])
    assert.equal((await ada.get('/api/v2/auth/oauth/links')).body.items.length, 0)
    assert.equal((await link(ada, { password: ada.password })).status, 201)
  })

  test('the same subject of another issuer is another person', async () => {
    const grace = someone()
    const first = await callback(await come(grace))
    const { body } = await authorize('', 'forger')
    const nonce = new URL(body.authorization_url).searchParams.get('nonce')
    const at = Math.floor(Date.now() / 1_000)
    forger.forge({ idToken: (sign) => sign({ iss: forger.issuer, aud: 'chenu', sub: grace.sub, nonce: nonce ?? '', iat: at, exp: at + 60, email: `other-${grace.sub}@example.org`, email_verified: true }) })

    const second = await callback({ flow: body.flow, state: body.state, code: 'x' }, 'forger')

    assert.equal(second.status, 200, JSON.stringify(second.body))
    assert.notEqual(second.body.user.id, first.body.user.id)
  })

  test('a closed account stays closed', async () => {
    const grace = someone()
    const { body } = await callback(await come(grace))
    await world.owner.query('update users set disabled_at = now() where id = $1', [body.user.id])

    assert.equal((await callback(await come(grace))).status, 400)
  })

  test('OAU-13, OAU-14: a provider that fails is 502, one that refuses is 400; nothing that it said is repeated', async () => {
    const { body } = await authorize('', 'forger')
    forger.forge({ token: { status: 500, text: 'down' } })
    const down = await callback({ flow: body.flow, state: body.state, code: 'x' }, 'forger')
    const again = await authorize('', 'forger')
    const denied = await callback({ flow: again.body.flow, state: again.body.state, error: 'access_denied', error_description: `<script>${'x'.repeat(5_000)}` }, 'forger')

    assert.deepEqual([down.status, down.body.code, denied.status, denied.body.code], [502, 'identity_provider_error', 400, 'federation_refused'])
    assert.ok(!JSON.stringify(denied.body).includes('script') && JSON.stringify(denied.body).length < 1_000)
    forger.forge({})
  })

  test('OAU-16: no token of the provider is kept or sent to the browser', async () => {
    const { body } = await callback(await come(someone()))
    const { rows } = await world.owner.query('select * from external_accounts')
    assert.deepEqual(Object.keys(rows[0] as object).toSorted(), ['created_at', 'id', 'issuer', 'last_used_at', 'provider', 'subject', 'user_id'])
    assert.deepEqual(Object.keys(body as object).toSorted(), ['access_token', 'expires_in', 'identity', 'refresh_token', 'return_to', 'token_type', 'user'])
  })
})

test('AUTH-26: a provider that is linked or taken away is told to the owner by mail; an address that a provider verified is verified', async () => {
  const [smtp, server] = [await startMailServer(), await startOidcServer({ id: 'loop', redirectUris: [REDIRECT] })]
  const world = await startWorld({ settings: { SMTP_URL: smtp.url, PUBLIC_URL: 'https://chenu.example.org/', OIDC_PROVIDERS: JSON.stringify([server.settings]), OIDC_REDIRECT_URIS: REDIRECT } })
  const come = async (sub: string, email: string) => {
    server.add({ sub, email, email_verified: true, name: 'Grace' })
    const { body } = await world.anyone.get('/api/v2/auth/oauth/loop/authorize')
    return { flow: body.flow, ...Object.fromEntries(await server.signIn(body.authorization_url, sub)) }
  }
  try {
    const ada = await world.person()
    const linked = await ada.post('/api/v2/auth/oauth/loop/link', await come('ada', 'ada@elsewhere.example'))
    await ada.del(`/api/v2/auth/oauth/links/${linked.body.id}`)
    const { body: grace } = await world.anyone.post('/api/v2/auth/oauth/loop/callback', await come('grace', 'grace@example.org'))
    await lettersLeft(world, smtp)

    const subjects = smtp.mails.filter(({ to }) => to.includes(ada.user.email)).map(({ text }) => /^Subject: (.*)\r$/m.exec(text)?.[1])
    assert.deepEqual(subjects.filter((subject) => subject?.includes('provider')).toSorted(), ['A sign-in provider was linked', 'A sign-in provider was taken away'])
    assert.equal(typeof (await client(world.url, grace.access_token).get('/api/v2/auth/email')).body.verified_at, 'string')
  } finally {
    await Promise.all([world.close(), server.close(), smtp.close()])
  }
})

test('OAU-15: one goes on at a path of the front end, or at its root', () => {
  for (const path of ['/', '/threads', '/a/b?c=d#e']) assert.equal(safeReturn(path), path)
  for (const evil of [undefined, '', '//evil', '/\\evil', '\\evil', 'javascript:alert(1)', 'https:evil', 'https://evil', '/a\\b', '/a\nb', '/\t/evil', ' /a']) assert.equal(safeReturn(evil), '/', String(evil))
})
