import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { startMailServer, type TestMailServer } from '../../../testing/mail-server.ts'
import { client, type Answer, type Person } from '../../../testing/person.ts'
import { sendRaw, withJson } from '../../../testing/wire.ts'
import { startWorld, type World } from '../../../testing/world.ts'
import { auditOf } from '../../messages/testing.ts'
import { letterText } from '../letters/letter-texts.ts'
import { codeOf, lettersLeft, linkOf, loginAs, textOf, withFactor } from '../testing.ts'

let smtp: TestMailServer
let world: World
before(async () => {
  smtp = await startMailServer()
  world = await startWorld({ settings: { SMTP_URL: smtp.url, PUBLIC_URL: 'https://chenu.example.org' } })
})
after(async () => {
  await world.close()
  await smtp.close()
})

const NEXT = 'Another horse 43!'
const ask = (email: string, headers?: Record<string, string>, at = world) => at.anyone.post('/api/v2/auth/password/reset-request', { email }, headers)
const reset = (token: string, new_password = NEXT) => world.anyone.post('/api/v2/auth/password/reset', { token, new_password })
const resetsTo = (address: string): string[] => smtp.mails.filter(({ to, text }) => to.includes(address) && /reset-password/.test(textOf(text))).map(({ text }) => text)

async function tokenFor(person: Person, headers?: Record<string, string>): Promise<string> {
  assert.equal((await ask(person.user.email, headers)).status, 202)
  await lettersLeft(world, smtp)
  return linkOf(resetsTo(person.user.email).at(-1) ?? '').token
}

test('the letter of a new password names the ways in that it leaves, in both languages', () => {
  assert.match(letterText('password_changed', 'en').text, /passkeys, linked providers and API keys/i)
  assert.match(letterText('password_changed', 'fr').text, /clés d’accès, fournisseurs liés et clés d’API/i)
})

describe('asking for a reset', () => {
  test('AUTH-18: an address that somebody has and one that nobody has: same bytes, same headers, same statements', async () => {
    const ada = await world.person()
    await lettersLeft(world, smtp)
    const seen = async (email: string): Promise<unknown> => {
      const { status, body, headers } = await ask(email, { 'x-request-id': 'same-request-id' })
      return { status, body, headers: [...headers].filter(([name]) => name !== 'date') }
    }
    const statements: string[][] = []
    const within = world.platform.store.within
    world.platform.store.within = (scope, work) => within(scope, async (tx) => {
      if (scope.service !== 'sign-in') return work(tx)
      const said: string[] = []
      statements.push(said)
      const note = <Q extends object>(query: Q): Q => {
        said.push('compile' in query ? (query as unknown as { compile(): { sql: string } }).compile().sql : String((query as { sql?: string }).sql))
        return query
      }
      return work({ ...tx, send: (query) => tx.send(note(query)), atClose: (closing) => { tx.atClose(() => { const query = closing(); return query && note(query) }) } })
    })

    try {
      assert.deepEqual(await seen(ada.user.email), await seen('nobody-at-all@example.org'))
      assert.deepEqual(await seen('not an address'), await seen(ada.user.email.toUpperCase()))
    } finally {
      world.platform.store.within = within
    }

    assert.equal(statements.length, 4)
    for (const said of statements) assert.deepEqual(said, statements[0])
    assert.match(statements[0]?.join(' ') ?? '', /insert into "letters"/)
    await lettersLeft(world, smtp)
    assert.equal(resetsTo(ada.user.email).length, 2)
    assert.equal(resetsTo('nobody-at-all@example.org').length, 0)
  })

  test('AUTH-20: the link begins with the address of the settings, whatever the request says', async () => {
    const ada = await world.person()
    const body = JSON.stringify({ email: ada.user.email })
    const forged = ['Host: evil.example', 'Connection: close', 'X-Forwarded-Host: evil.example', 'X-Forwarded-Proto: http', 'Forwarded: host=evil.example', 'X-Original-Host: evil.example', 'Origin: https://evil.example', 'Referer: https://evil.example/', ...withJson(body)]
    const { status } = await sendRaw(world.url, ['POST /api/v2/auth/password/reset-request HTTP/1.1', ...forged, '', body].join('\r\n'))
    assert.equal(status, 202)
    await lettersLeft(world, smtp)

    const [raw = ''] = resetsTo(ada.user.email)
    assert.equal(linkOf(raw).address, 'https://chenu.example.org/reset-password')
    assert.ok(!raw.includes('evil.example'))
  })

  test('the letter speaks the language of the request', async () => {
    const ada = await world.person()
    await tokenFor(ada, { 'accept-language': 'fr-CA' })
    assert.match(textOf(resetsTo(ada.user.email)[0] ?? ''), /Quelqu’un a demandé un nouveau mot de passe/)
  })

  test('AUTH-18, AUTH-14: three letters an hour for one address; beyond, the same answer, no letter, and the links that came still work', async () => {
    const limited = await startWorld({ settings: { SMTP_URL: smtp.url, PUBLIC_URL: 'https://chenu.example.org', RATE_LIMIT: 'on', TRUST_PROXY: '1' } })
    try {
      const ada = await limited.person()
      const from = (host: number) => ask(ada.user.email, { 'x-forwarded-for': `198.51.100.${host}`, 'x-request-id': 'same-request-id' }, limited)
      const answers: Answer[] = []
      for (let host = 1; host <= 8; host += 1) answers.push(await from(host))
      await lettersLeft(limited, smtp)

      assert.deepEqual(new Set(answers.map(({ status, body }) => `${status} ${JSON.stringify(body)}`)).size, 1)
      assert.equal(resetsTo(ada.user.email).length, 3)
      const done = await limited.anyone.post('/api/v2/auth/password/reset', { token: linkOf(resetsTo(ada.user.email)[0] ?? '').token, new_password: NEXT })
      assert.equal(done.status, 200)
      assert.equal((await limited.anyone.post('/api/v2/auth/login', { email: ada.user.email, password: NEXT })).status, 200, 'a stranger locked nobody out')

      let last = answers[0]
      for (let n = 0; n < 21; n += 1) last = await ask(`nobody-${n}@example.org`, { 'x-forwarded-for': '198.51.100.99' }, limited)
      assert.deepEqual([last?.status, last?.body.violated_policies], [429, ['reset_address']])
    } finally {
      await limited.close()
    }
  })

  test('without a mail server, or without an address for links, it says which setting is missing', async () => {
    const [bare, noLinks] = [await startWorld(), await startWorld({ settings: { SMTP_URL: smtp.url } })]
    try {
      for (const [at, setting] of [[bare, 'SMTP_URL'], [noLinks, 'PUBLIC_URL']] as const) {
        const ada = await at.person()
        const asked = [await ask(ada.user.email, {}, at), await ada.post('/api/v2/auth/resend-verification'), await ada.post('/api/v2/auth/change-email', { email: 'x@example.net', password: ada.password })]
        for (const { status, body } of asked) assert.deepEqual([status, body.code, body.setting], [503, 'not_configured', setting])
      }
    } finally {
      await bare.close()
      await noLinks.close()
    }
  })
})

describe('setting the new password', () => {
  test('AUTH-16: the link works once, for 10 minutes; what is stored is a hash of 256 bits', async () => {
    const ada = await world.person()
    const token = await tokenFor(ada)
    assert.equal(Buffer.from(token, 'base64url').length, 32)
    const { rows } = await world.owner.query('select * from mailed_tokens where user_id = $1', [ada.user.id])
    assert.ok(rows.length > 0 && !JSON.stringify(rows).includes(token))

    assert.equal((await reset(token)).status, 200)
    const again = await reset(token, 'Third horse 44!')
    assert.deepEqual([again.status, again.body.code], [410, 'gone'])
    assert.equal((await loginAs(world, { ...ada, password: NEXT })).status, 200)

    const late = await tokenFor(ada)
    world.clock.advance(10 * 60_000 + 1_000)
    assert.equal((await reset(late)).status, 410)
    assert.equal((await reset('A'.repeat(43))).status, 410)
  })

  for (const uses of [16, 200]) {
    test(`AUTH-17: of ${uses} uses at once exactly one succeeds`, async () => {
      const ada = await world.person()
      const token = await tokenFor(ada)
      const passwords = Array.from({ length: uses }, (_, n) => `Another horse ${n}!`)

      const answers = await Promise.all(passwords.map((password) => reset(token, password)))

      const won = answers.flatMap(({ status }, n) => (status === 200 ? [passwords[n] ?? ''] : []))
      assert.equal(won.length, 1)
      // The hashing queue sends a surplus away unread.
      assert.ok(answers.every(({ status }) => [200, 410, 503].includes(status)))
      assert.equal((await loginAs(world, { ...ada, password: won[0] ?? '' })).status, 200)
      assert.equal((await auditOf(world, ada.identity.id, 'password.reset')).length, 1)
    })
  }

  test('it ends every session and every other link, and is held to the rules of passwords', async () => {
    const ada = await world.person()
    const [first, second] = [await tokenFor(ada), await tokenFor(ada)]
    const { body: other } = await loginAs(world, ada)

    for (const bad of ['short', 'Password1']) assert.equal((await reset(first, bad)).status, 422)
    const { status, body } = await reset(first)

    assert.deepEqual([status, body.revoked_sessions], [200, 2])
    for (const token of [ada.token, other.access_token]) assert.equal((await client(world.url, token).get('/api/v2/auth/me')).status, 401)
    assert.equal((await world.anyone.post('/api/v2/auth/refresh', { refresh_token: ada.refreshToken })).status, 401)
    assert.equal((await reset(second)).status, 410)
    assert.equal((await loginAs(world, ada)).status, 401)
    assert.ok((await loginAs(world, { ...ada, password: NEXT })).body.access_token)
  })

  test('a sign-in with the old password at that very moment ends with the others', async () => {
    const ada = await world.person()
    const token = await tokenFor(ada)
    const signIns = Array.from({ length: 10 }, () => loginAs(world, ada))
    assert.equal((await reset(token)).status, 200)

    for (const { status, body } of await Promise.all(signIns)) {
      if (status === 200) assert.equal((await client(world.url, body.access_token).get('/api/v2/auth/me')).status, 401)
      else assert.equal(status, 401)
    }
  })

  test('AUTH-19: with a second factor set it is still asked for, and a sign-in that waited for it ends', async () => {
    const ada = await world.person()
    const { secret } = await withFactor(world, ada)
    const { body: waiting } = await loginAs(world, ada)
    assert.equal((await reset(await tokenFor(ada))).status, 200)

    const answer = (mfa_token: string) => world.anyone.post('/api/v2/auth/login/second-factor', { mfa_token, code: codeOf(secret, world.clock) })
    assert.equal((await answer(waiting.mfa_token)).status, 401)
    const { status, body } = await loginAs(world, { ...ada, password: NEXT })
    assert.deepEqual([status, body.mfa_required, body.access_token], [200, true, undefined])
    assert.equal((await answer(body.mfa_token)).status, 200)
  })

  test('a link that went to an address which was changed since opens nothing', async () => {
    const ada = await world.person()
    const token = await tokenFor(ada)
    await ada.post('/api/v2/auth/change-email', { email: 'moved.away@example.net', password: ada.password })
    await lettersLeft(world, smtp)
    const { token: moved } = linkOf(smtp.mails.find(({ to }) => to.includes('moved.away@example.net'))?.text ?? '')
    assert.equal((await world.anyone.post('/api/v2/auth/verify-email', { token: moved })).status, 200)

    assert.equal((await reset(token)).status, 410)
  })

  test('a closed account gets no letter, and a link from before opens nothing', async () => {
    const ada = await world.person()
    const token = await tokenFor(ada)
    await world.owner.query('update users set disabled_at = now() where id = $1', [ada.user.id])

    assert.equal((await ask(ada.user.email)).status, 202)
    await lettersLeft(world, smtp)
    assert.equal(resetsTo(ada.user.email).length, 1)
    assert.equal((await reset(token)).status, 410)
  })
})
