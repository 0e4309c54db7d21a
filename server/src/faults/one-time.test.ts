import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, suite, test } from 'node:test'
import { codeOf, lettersLeft, linkOf, loginAs, textOf, withFactor } from '../domains/accounts/testing.ts'
import { inviteToken, organisationOf } from '../domains/organisations/testing.ts'
import { touchSceau } from '../domains/swarm/testing.ts'
import { createAuthenticator } from '../testing/authenticator.ts'
import { report } from '../testing/faults/report.ts'
import { roundsOf } from '../testing/faults/rounds.ts'
import { startMailServer, type TestMailServer } from '../testing/mail-server.ts'
import { startOidcServer, type OidcServer } from '../testing/oidc-server.ts'
import { client, type Answer } from '../testing/person.ts'
import { startWorld, type World } from '../testing/world.ts'

const AT_ONCE = 200
const ORIGIN = 'https://chenu.example.org'
const REDIRECT = 'http://127.0.0.1:1/signed-in'
/** Sign-ins that one code is given to at once; each looks at no more than five. */
const SIGN_INS = 4

/** One secret, ready: how it is used at a server, how who comes too late is answered, and how many live sessions its owner has. */
type Ready = { use(at: World, n: number): Promise<Answer>; late: number[]; sessions?: () => Promise<number>; opens?: number }
type Secret = { id?: string; what: string; ready(): Promise<Ready> }

suite('F-21: what works once, used 200 times at once on two servers', () => {
  let one: World
  let two: World
  let mailed: World
  let other: World
  let smtp: TestMailServer
  let oidc: OidcServer
  before(async () => {
    smtp = await startMailServer()
    oidc = await startOidcServer({ redirectUris: [REDIRECT] })
    one = await startWorld({ settings: { PUBLIC_URL: ORIGIN, OIDC_PROVIDERS: JSON.stringify([oidc.settings]), OIDC_REDIRECT_URIS: REDIRECT, SCEAU_MINUTES: '1440' } })
    two = await one.another()
    mailed = await startWorld({ settings: { SMTP_URL: smtp.url, PUBLIC_URL: ORIGIN } })
    other = await mailed.another()
  })
  after(async () => {
    for (const world of [two, one, other, mailed]) await world.close()
    await oidc.close()
    await smtp.close()
  })

  const sessionsOf = (world: World, userId: string) => async (): Promise<number> =>
    Number((await world.owner.query('select count(*) as live from sessions where user_id = $1 and revoked_at is null', [userId])).rows[0].live)

  /** Signing in with something after the password: one code for some sign-ins that wait for it. */
  async function secondFactor(code: (factor: { secret: string; recoveryCodes: string[] }) => string): Promise<Ready> {
    const ada = await one.person()
    const given = code(await withFactor(one, ada))
    const tokens: string[] = []
    for (let n = 0; n < SIGN_INS; n += 1) tokens.push((await loginAs(one, ada)).body.mfa_token)
    return {
      use: (at, n) => at.anyone.post('/api/v2/auth/login/second-factor', { mfa_token: tokens[n % SIGN_INS], code: given }),
      late: [401, 429], sessions: sessionsOf(one, ada.user.id), opens: 1,
    }
  }

  async function letterTo(address: string, kind: string): Promise<string> {
    await lettersLeft(mailed, smtp)
    return linkOf(smtp.mails.findLast(({ to, text }) => to.includes(address) && textOf(text).includes(kind))?.text ?? assert.fail(`no ${kind}`)).token
  }

  const SECRETS: Secret[] = [
    { id: 'TFA-07', what: 'a code of an authenticator', ready: () => secondFactor(({ secret }) => codeOf(secret, one.clock)) },
    { id: 'TFA-11', what: 'a recovery code', ready: () => secondFactor(({ recoveryCodes }) => recoveryCodes[0] ?? '') },
    {
      id: 'TOK-20', what: 'a refresh token',
      async ready() {
        const ada = await one.person()
        // Whoever comes second ends the session, also for the one who was answered.
        return { use: (at) => at.anyone.post('/api/v2/auth/refresh', undefined, { authorization: `Bearer ${ada.refreshToken}` }), late: [401], sessions: sessionsOf(one, ada.user.id), opens: -1 }
      },
    },
    {
      what: 'a signature of a passkey',
      async ready() {
        const ada = await one.person()
        const authenticator = createAuthenticator({ origin: ORIGIN })
        const { body } = await ada.post('/api/v2/auth/passkeys/options', { password: ada.password })
        assert.equal((await ada.post('/api/v2/auth/passkeys', { name: 'Laptop', response: authenticator.create(body.options) })).status, 201)
        const response = authenticator.get((await one.anyone.post('/api/v2/auth/passkeys/sign-in/options')).body.options)
        return { use: (at) => at.anyone.post('/api/v2/auth/passkeys/sign-in', { response }), late: [401], sessions: sessionsOf(one, ada.user.id), opens: 1 }
      },
    },
    {
      id: 'OAU-09', what: 'what came back from a provider',
      async ready() {
        const sub = randomUUID()
        oidc.add({ sub, email: `${sub}@example.org`, email_verified: true, name: 'Grace' })
        const come = async () => {
          const { body } = await one.anyone.get('/api/v2/auth/oauth/loop/authorize')
          return { flow: body.flow, ...Object.fromEntries(await oidc.signIn(body.authorization_url, sub)) }
        }
        const { body: first } = await one.anyone.post('/api/v2/auth/oauth/loop/callback', await come())
        const back = await come()
        return { use: (at) => at.anyone.post('/api/v2/auth/oauth/loop/callback', back), late: [400], sessions: sessionsOf(one, first.user.id), opens: 1 }
      },
    },
    {
      what: 'an invitation',
      async ready() {
        const [owner, guest] = [await one.person(), await one.person()]
        const token = await inviteToken(owner, await organisationOf(owner), { email: guest.user.email, role: 'member' })
        return { use: (at) => client(at.url, guest.token).post('/api/v2/invitations/accept', { token }), late: [410], sessions: sessionsOf(one, guest.user.id) }
      },
    },
    {
      what: 'a touch of the Sceau',
      async ready() {
        const { body } = await one.anyone.post('/api/v1/sceau/begin')
        one.clock.advance(2_000)
        return { use: (at) => at.anyone.post('/api/v1/sceau/activate', { attempt: body.attempt }), late: [409] }
      },
    },
    {
      what: 'a code of protocol-999',
      async ready() {
        one.clock.advance(61 * 60_000)
        const headers = {
          'x-operator-key': (await readFile(join(one.platform.settings.DATA_DIR, 'operator-key'), 'utf8')).trim(), 'x-sceau-session': await touchSceau(one), 'content-type': 'application/json',
        }
        const { body: { code } } = await one.anyone.post('/api/v1/protocol-999/code', {}, headers)
        const use = async ({ url }: World): Promise<Answer> => {
          const response = await fetch(`${url}/api/v1/protocol-999`, { method: 'DELETE', headers: { ...headers, 'x-confirmation-code': code }, body: JSON.stringify({ level: 'partial', reason: 'drill' }) })
          return { status: response.status, headers: response.headers, body: await response.json() }
        }
        return { use, late: [403] }
      },
    },
    {
      id: 'AUTH-17', what: 'a link to a new password',
      async ready() {
        const ada = await mailed.person()
        assert.equal((await mailed.anyone.post('/api/v2/auth/password/reset-request', { email: ada.user.email })).status, 202)
        const token = await letterTo(ada.user.email, 'reset-password')
        return { use: (at, n) => elsewhere(at).anyone.post('/api/v2/auth/password/reset', { token, new_password: `Another horse ${n}!` }), late: [410], sessions: sessionsOf(mailed, ada.user.id), opens: -1 }
      },
    },
    {
      what: 'a link that verifies an address',
      async ready() {
        const ada = await mailed.person()
        const token = await letterTo(ada.user.email, 'verify-email')
        return { use: (at) => elsewhere(at).anyone.post('/api/v2/auth/verify-email', { token }), late: [410], sessions: sessionsOf(mailed, ada.user.id) }
      },
    },
  ]
  /** The instance with a mail server also has two. */
  const elsewhere = (at: World): World => (at === one ? mailed : other)

  /** `late`: answers other than the loser's own, and than 503, by which a busy server says that it did nothing. */
  type Raced = { won: number; late: number[]; opened: number }
  async function race({ use, late, sessions = () => Promise.resolve(0) }: Ready): Promise<Raced> {
    const before_ = await sessions()
    const answers = await Promise.all(Array.from({ length: AT_ONCE }, (_, n) => use((n >> 2) % 2 ? one : two, n)))
    const won = answers.filter(({ status }) => status === 200).length
    return { won, late: [...new Set(answers.map(({ status }) => status))].filter((status) => ![200, 503, ...late].includes(status)), opened: await sessions() - before_ }
  }

  for (const { id, what, ready } of SECRETS) {
    test(`${id ? `${id}: ` : ''}${what}: exactly one use succeeds, and opens at most one session`, async (t) => {
      const rounds = roundsOf({ short: 1, long: 50 })
      for (let round = 0; round < rounds; round += 1) {
        const made = await ready()

        assert.deepEqual(await race(made), { won: 1, late: [], opened: made.opens ?? 0 })
      }
      report(t, { fault: 'F-21', rounds, cases: rounds * AT_ONCE, doubles: 0, control: await forgetful(), note: what })
    })
  }

  let seen: 'caught' | 'not caught' | undefined
  /** Positive control: a database that forgets that a recovery code was used lets several in, and that is counted. */
  async function forgetful(): Promise<'caught' | 'not caught'> {
    if (seen) return seen
    await one.owner.query(`
      create function forget_used() returns trigger language plpgsql as $$ begin new.used_at := null; return new; end $$;
      create trigger forget_used before update on recovery_codes for each row execute function forget_used()`)
    const { won, opened } = await race(await secondFactor(({ recoveryCodes }) => recoveryCodes[0] ?? ''))
    await one.owner.query('drop trigger forget_used on recovery_codes')
    seen = won > 1 && opened > 1 ? 'caught' : 'not caught'
    return seen
  }
})
