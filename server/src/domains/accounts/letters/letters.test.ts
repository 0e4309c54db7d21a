import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { startMailServer, type TestMailServer } from '../../../testing/mail-server.ts'
import type { Person } from '../../../testing/person.ts'
import { startWorld, type World } from '../../../testing/world.ts'
import { auditOf, eventsOf } from '../../messages/testing.ts'
import { createAccounts } from '../create-accounts.ts'
import { codeOf, lettersLeft, linkOf, loginAs, textOf, withFactor } from '../testing.ts'
import { letterText, LINKED, NOTICES } from './letter-texts.ts'

let smtp: TestMailServer
let world: World
before(async () => {
  smtp = await startMailServer()
  world = await startWorld({ settings: { SMTP_URL: smtp.url, PUBLIC_URL: 'https://chenu.example.org/app/' } })
})
after(async () => {
  await world.close()
  await smtp.close()
})
beforeEach(() => { Object.assign(smtp.mood, { recipient: 'take', text: 'take' }) })

const mailsTo = (address: string): string[] => smtp.mails.filter(({ to }) => to.includes(address)).map(({ text }) => text)
const subjectsTo = (address: string): string[] => mailsTo(address).map((raw) => /^Subject: (.*)\r$/m.exec(raw)?.[1] ?? '')
const verify = (token: string, headers?: Record<string, string>) => world.anyone.post('/api/v2/auth/verify-email', { token }, headers)

/** A person whose first letter has come. */
async function person(): Promise<Person & { link: { address: string; token: string } }> {
  const ada = await world.person()
  await lettersLeft(world, smtp)
  return Object.assign(ada, { link: linkOf(mailsTo(ada.user.email)[0] ?? '') })
}

describe('verifying an address', () => {
  test('AUTH-20: the letter of a new account links to the address of the settings, whatever Host says; its token works once', async () => {
    const email = 'forged-host@example.org'
    const { status } = await world.anyone.post('/api/v2/auth/register', { email, password: 'Correct horse 42!', name: 'Ada' }, { host: 'evil.example', 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'http', forwarded: 'host=evil.example' })
    assert.equal(status, 201)
    await lettersLeft(world, smtp)
    const [raw = ''] = mailsTo(email)
    const { address, token } = linkOf(raw)

    assert.equal(address, 'https://chenu.example.org/app/verify-email')
    assert.ok(!raw.includes('evil.example'))
    assert.match(token, /^[A-Za-z0-9_-]{43}$/)
    assert.deepEqual((await verify(token)).body, { verified: true })
    const again = await verify(token)
    assert.deepEqual([again.status, again.body.code], [410, 'gone'])
  })

  test('what is verified is shown and recorded; an old link, another token and one of another kind are 410', async () => {
    const ada = await person()
    assert.deepEqual((await ada.get('/api/v2/auth/email')).body, { email: ada.user.email, verified_at: null, pending_email: null })
    const bob = await person()
    world.clock.advance(10 * 60_000 + 1_000)
    assert.equal((await verify(ada.link.token)).status, 410)
    assert.equal((await verify('A'.repeat(43))).status, 410)
    assert.equal((await verify('short')).status, 422)
    assert.equal((await world.anyone.post('/api/v2/auth/password/reset', { token: bob.link.token, new_password: 'Another horse 43!' })).status, 410)

    assert.equal((await ada.post('/api/v2/auth/resend-verification')).status, 202)
    await lettersLeft(world, smtp)
    assert.equal((await verify(linkOf(mailsTo(ada.user.email)[1] ?? '').token)).status, 200)

    assert.ok((await ada.get('/api/v2/auth/email')).body.verified_at)
    assert.equal((await ada.post('/api/v2/auth/resend-verification')).status, 409)
    assert.deepEqual([(await auditOf(world, ada.identity.id, 'email.verified')).length, (await eventsOf(world, ada, 'user.email_verified')).length], [1, 1])
  })

  test('of 50 uses of one link at once one verifies', async () => {
    const ada = await person()
    const answers = await Promise.all(Array.from({ length: 50 }, () => verify(ada.link.token)))

    assert.deepEqual(answers.map(({ status }) => status).toSorted((a, b) => a - b), [200, ...Array.from({ length: 49 }, () => 410)])
  })
})

describe('changing the address', () => {
  const change = (who: Person, email: string, more: Record<string, unknown> = {}) => who.post('/api/v2/auth/change-email', { email, password: who.password, ...more }, { 'accept-language': 'fr' })

  test('AUTH-26: nothing changes until the link in the new box is opened; then the old one is told', async () => {
    const ada = await person()
    const to = 'ada.new@example.net'
    assert.equal((await ada.post('/api/v2/auth/change-email', { email: to, password: 'Wrong horse 42!' })).status, 403)
    assert.equal((await change(ada, to)).status, 202)
    await lettersLeft(world, smtp)

    assert.deepEqual((await ada.get('/api/v2/auth/email')).body, { email: ada.user.email, verified_at: null, pending_email: to })
    assert.equal((await world.anyone.post('/api/v2/auth/login', { email: to, password: ada.password })).status, 401)
    const [raw = ''] = mailsTo(to)
    assert.match(textOf(raw), /Ouvrez ce lien pour utiliser désormais cette adresse/)
    assert.equal((await verify(linkOf(raw).token, { 'accept-language': 'fr' })).status, 200)
    await lettersLeft(world, smtp)

    assert.equal((await world.anyone.post('/api/v2/auth/login', { email: to, password: ada.password })).status, 200)
    assert.equal((await world.anyone.post('/api/v2/auth/login', { email: ada.user.email, password: ada.password })).status, 401)
    assert.match(textOf(mailsTo(ada.user.email).at(-1) ?? ''), /utilise désormais une autre adresse/)
    assert.ok(!mailsTo(ada.user.email).at(-1)?.includes(to), 'the old box does not learn the new one')
    assert.deepEqual([(await auditOf(world, ada.identity.id, 'email.changed')).length, (await eventsOf(world, ada, 'user.email_changed')).length], [1, 1])
  })

  test('another request ends the link of the one before; an address that somebody has is told only to who reads its mail', async () => {
    const [ada, bob] = [await person(), await person()]
    await change(ada, 'first.try@example.net')
    await lettersLeft(world, smtp)
    assert.equal((await change(ada, bob.user.email)).status, 202)
    await lettersLeft(world, smtp)

    assert.equal((await verify(linkOf(mailsTo('first.try@example.net')[0] ?? '').token)).status, 410)
    const taken = await verify(linkOf(mailsTo(bob.user.email).at(-1) ?? '').token)
    assert.deepEqual([taken.status, taken.body.code], [409, 'conflict'])
    assert.equal((await ada.get('/api/v2/auth/me')).body.user.email, ada.user.email)
  })

  test('two people that confirm one address at once: one has it', async () => {
    const [ada, bob] = [await person(), await person()]
    const to = 'both@example.net'
    for (const one of [ada, bob]) assert.equal((await change(one, to)).status, 202)
    await lettersLeft(world, smtp)
    const tokens = mailsTo(to).map((raw) => linkOf(raw).token)

    const answers = await Promise.all(tokens.map((token) => verify(token)))

    assert.deepEqual(answers.map(({ status }) => status).toSorted((a, b) => a - b), [200, 409])
  })

  test('with a second factor set it wants a code too', async () => {
    const ada = await person()
    const { secret } = await withFactor(world, ada)
    assert.equal((await change(ada, 'with.code@example.net')).body.code, 'wrong_code')
    assert.equal((await change(ada, 'with.code@example.net', { code: codeOf(secret, world.clock) })).status, 202)
  })
})

describe('letters', () => {
  test('AUTH-26: every change of password and factor is told to the owner by mail, event and audit', async () => {
    const ada = await person()
    await ada.post('/api/v2/auth/change-password', { current_password: ada.password, new_password: 'Another horse 43!' })
    ada.password = 'Another horse 43!'
    const { secret } = await withFactor(world, ada)
    await ada.post('/api/v2/auth/2fa/recovery-codes', { code: codeOf(secret, world.clock) })
    world.clock.advance(30_000)
    const { body: begun } = await ada.post('/api/v2/auth/2fa/setup', { password: ada.password, code: codeOf(secret, world.clock) })
    await ada.post('/api/v2/auth/2fa/verify', { code: codeOf(begun.secret, world.clock) })
    world.clock.advance(30_000)
    await ada.post('/api/v2/auth/2fa/disable', { password: ada.password, code: codeOf(begun.secret, world.clock) })
    await lettersLeft(world, smtp)

    assert.deepEqual(subjectsTo(ada.user.email).toSorted(), ['Confirm your e-mail address', 'Your password was changed', 'A second factor was added', 'Your recovery codes were renewed', 'Your second factor was replaced', 'A second factor was removed'].toSorted())
    for (const action of ['password.changed', 'factor.enabled', 'factor.replaced', 'factor.disabled', 'factor.recovery_codes_renewed']) assert.equal((await auditOf(world, ada.identity.id, action)).length, 1, action)
    assert.equal((await eventsOf(world, ada, 'user.password_changed')).length, 1)
    assert.deepEqual((await eventsOf(world, ada, 'user.factor_changed')).map(({ data }) => data.change), ['enabled', 'replaced', 'disabled'])
  })

  test('a mail server that is away is asked again, with a link of its own each time', async () => {
    smtp.mood.recipient = 451
    const ada = await world.person()
    await smtp.asked(ada.user.email)
    const linksOf = async (): Promise<number> => (await world.owner.query('select 1 from mailed_tokens where user_id = $1', [ada.user.id])).rows.length
    for (let due = 0; due === 0;) due = (await world.owner.query(`select 1 from letters where user_id = $1 and attempts = 1 and due_at < $2`, [ada.user.id, new Date(world.clock.now().getTime() + 30_000)])).rows.length
    assert.deepEqual([mailsTo(ada.user.email).length, await linksOf()], [0, 1])

    smtp.mood.recipient = 'take'
    world.clock.advance(6_000)
    await world.person()
    await lettersLeft(world, smtp)

    assert.deepEqual([mailsTo(ada.user.email).length, await linksOf()], [1, 2])
    assert.equal((await verify(linkOf(mailsTo(ada.user.email)[0] ?? '').token)).status, 200)
  })

  test('a notice whose line broke is not sent twice; a link is, anew', async () => {
    const ada = await person()
    smtp.mood.text = 'cut'
    await ada.post('/api/v2/auth/change-password', { current_password: ada.password, new_password: 'Another horse 43!' })
    await lettersLeft(world, smtp)
    assert.equal(subjectsTo(ada.user.email).filter((subject) => subject === 'Your password was changed').length, 1)

    await world.anyone.post('/api/v2/auth/password/reset-request', { email: ada.user.email })
    await smtp.taken(smtp.mails.length + 1)
    smtp.mood.text = 'take'
    for (let due = 0; due === 0;) due = (await world.owner.query('select 1 from letters where due_at < $1', [new Date(world.clock.now().getTime() + 30_000)])).rows.length
    world.clock.advance(6_000)
    await world.person()
    await lettersLeft(world, smtp)
    const resets = mailsTo(ada.user.email).filter((raw) => raw.includes('Subject: Set a new password'))
    assert.equal(resets.length, 2)
    assert.notEqual(linkOf(resets[0] ?? '').token, linkOf(resets[1] ?? '').token)
  })

  test('a letter that nobody will ever take is given up, and the log says so without a name', async () => {
    smtp.mood.recipient = 550
    const ada = await world.person()
    await lettersLeft(world, smtp)

    assert.equal(mailsTo(ada.user.email).length, 0)
    const lines = world.logLines.join('')
    assert.match(lines, /a letter did not arrive/)
    assert.ok(!lines.includes(ada.user.email))
  })

  test('links, challenges, setups and changes of address are forgotten a week after their end, and only those', async () => {
    const [ada, bob] = [await person(), await person()]
    await withFactor(world, bob)
    await ada.post('/api/v2/auth/2fa/setup', { password: ada.password })
    await loginAs(world, bob)
    await ada.post('/api/v2/auth/change-email', { email: 'forgotten@example.net', password: ada.password })
    await lettersLeft(world, smtp)
    const left = async (): Promise<number[]> => {
      const { rows: [row] } = await world.owner.query(`select (select count(*) from mailed_tokens)::int as tokens, (select count(*) from sign_in_challenges)::int as challenges,
        (select count(*) from factors where activated_at is null)::int as setups, (select count(*) from email_changes)::int as changes, (select count(*) from factors where activated_at is not null)::int as factors`)
      return [row.tokens, row.challenges, row.setups, row.changes, row.factors]
    }
    const accounts = createAccounts(world.platform)
    const before = await left()
    assert.ok(before.every((count) => count > 0), String(before))

    await accounts.forgetExpiredTokens()
    assert.deepEqual(await left(), before)
    world.clock.advance(8 * 86_400_000)
    await accounts.forgetExpiredTokens()

    assert.deepEqual(await left(), [0, 0, 0, 0, before[4]])
  })

  test('at rest there is neither a token nor an address in the queue of letters', async () => {
    smtp.mood.recipient = 451
    const ada = await world.person()
    const { rows } = await world.owner.query('select * from letters where user_id = $1', [ada.user.id])
    assert.equal(rows.length, 1)
    assert.deepEqual(Object.keys(rows[0]).toSorted(), ['attempts', 'change_id', 'created_at', 'due_at', 'id', 'kind', 'language', 'user_id'])
    smtp.mood.recipient = 'take'
    world.clock.advance(6_000)
    await world.person()
  })

  test('every letter says its sentence in both languages, and those with a link show it', () => {
    for (const kind of [...LINKED, ...NOTICES]) {
      const link = (LINKED as readonly string[]).includes(kind) ? 'https://chenu.example.org/x#token' : undefined
      const [en, fr] = [letterText(kind, 'en', link), letterText(kind, 'fr', link)]
      assert.ok(en.subject !== fr.subject && en.text !== fr.text, kind)
      if (link) assert.ok(en.text.includes(link) && fr.text.includes(link), kind)
    }
  })
})
