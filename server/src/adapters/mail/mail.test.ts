import assert from 'node:assert/strict'
import { createServer } from 'node:net'
import { after, before, beforeEach, test } from 'node:test'
import { startMailServer, type TestMailServer } from '../../testing/mail-server.ts'
import { composeMail } from './compose-mail.ts'
import { createMailer } from './create-mailer.ts'
import { fateOf } from './fate-of.ts'
import { mailServerOf } from './mail-server.ts'
import type { Mail, Mailer } from './mailer.ts'

const MAIL_FROM = 'CHE·NU <chenu@example.org>'
const aMail = (over: Partial<Mail> = {}): Mail => ({
  id: '01939a3e-7c5d-7abc-8def-0123456789ab', to: { name: 'Éva Roy', address: 'eva@example.net' }, replyTo: { name: 'Ada', address: 'ada@example.org' },
  subject: 'Réunion', text: 'À demain.\n', writtenAt: new Date('2026-11-21T10:00:00Z'), ...over,
})
const never = new AbortController().signal

let smtp: TestMailServer
let mailer: Mailer

before(async () => { smtp = await startMailServer() })
after(() => smtp.close())
beforeEach(() => {
  smtp.mails.length = 0
  Object.assign(smtp.mood, { recipient: 'take', text: 'take' })
  mailer = mailerTo(smtp.url)
})

function mailerTo(url: string, limits?: { connectMs?: number; totalMs?: number }): Mailer {
  const made = createMailer({ SMTP_URL: url, MAIL_FROM }, limits)
  assert(made)
  return made
}

const fateOfSending = async (given: Mailer, mail = aMail(), signal = never): Promise<[string, string]> => {
  const delivery = await given.send(mail, signal)
  assert(delivery.fate !== 'sent')
  return [delivery.fate, delivery.reason]
}

test('a mail arrives with its sender, receiver, reply address and an id of its own', async () => {
  await mailer.send(aMail(), never)

  const [mail] = smtp.mails
  assert.deepEqual([mail?.from, mail?.to], ['chenu@example.org', ['eva@example.net']])
  assert.match(mail?.text ?? '', /^Message-ID: <01939a3e-7c5d-7abc-8def-0123456789ab@example\.org>\r$/m)
  assert.match(mail?.text ?? '', /^Date: Sat, 21 Nov 2026 10:00:00 \+0000\r$/m)
  assert.match(mail?.text ?? '', /^Reply-To: Ada <ada@example\.org>\r$/m)
  assert.match(mail?.text ?? '', /^Subject: =\?UTF-8\?Q\?R=C3=A9union\?=\r$/m)
})

test('there is no mailer without SMTP_URL', () => {
  assert.equal(createMailer({ SMTP_URL: undefined, MAIL_FROM }), null)
})

test('HDR-08: line breaks in a name, an address or a subject add no header and no receiver', async () => {
  const evil = 'x\r\nBcc: thief@example.com\r\n\r\nbody'
  const text = (await composeMail(aMail({ subject: evil, to: { name: evil, address: 'eva@example.net' }, replyTo: { name: evil, address: 'ada@example.org' } }), { from: MAIL_FROM, domain: 'example.org' })).toString()

  const head = text.slice(0, text.indexOf('\r\n\r\n'))
  assert.doesNotMatch(head, /^Bcc:/im)
  assert.deepEqual(head.split('\r\n').filter((line) => /^\S/.test(line)).map((line) => line.split(':')[0]).toSorted(), ['Content-Transfer-Encoding', 'Content-Type', 'Date', 'From', 'MIME-Version', 'Message-ID', 'Reply-To', 'Subject', 'To'])

  const [fate] = await fateOfSending(mailer, aMail({ to: { name: null, address: 'eva@example.net>\r\nRCPT TO:<thief@example.com' } }))
  assert.equal(fate, 'refused')
  assert.equal(smtp.mails.length, 0)
})

test('a mail server that refuses for good, for now, or in the middle tells what became of the mail', async () => {
  const table: Array<[Partial<TestMailServer['mood']>, [string, string]]> = [
    [{ recipient: 550 }, ['refused', 'smtp_550']], [{ recipient: 451 }, ['later', 'smtp_451']],
    [{ text: 552 }, ['refused', 'smtp_552']], [{ text: 452 }, ['later', 'smtp_452']], [{ text: 'cut' }, ['unknown', 'econnection']],
  ]

  for (const [mood, expected] of table) {
    Object.assign(smtp.mood, { recipient: 'take', text: 'take' }, mood)
    assert.deepEqual(await fateOfSending(mailer), expected)
  }
})

test('a mail server that falls silent is left: before the text nothing is lost, after it nobody knows', async () => {
  const hurried = mailerTo(smtp.url, { totalMs: 200 })

  smtp.mood.recipient = 'silence'
  assert.deepEqual(await fateOfSending(hurried), ['later', 'etimedout'])

  Object.assign(smtp.mood, { recipient: 'take', text: 'silence' })
  assert.deepEqual(await fateOfSending(hurried), ['unknown', 'etimedout'])
})

test('a port that nobody listens on, or that says nothing, means later', async () => {
  const mute = createServer(() => {})
  await new Promise<void>((resolve) => { mute.listen(0, '127.0.0.1', resolve) })
  const { port } = mute.address() as { port: number }

  assert.deepEqual(await fateOfSending(mailerTo(`smtp://127.0.0.1:${port}`, { connectMs: 100 })), ['later', 'etimedout'])
  await new Promise((resolve) => { mute.close(resolve) })
  assert.deepEqual(await fateOfSending(mailerTo(`smtp://127.0.0.1:${port}`)), ['later', 'esocket'])
})

test('a stop that comes before the text leaves the mail with us', async () => {
  smtp.mood.recipient = 'silence'
  const stop = new AbortController()
  const sending = fateOfSending(mailer, aMail(), stop.signal)

  stop.abort()

  assert.deepEqual(await sending, ['later', 'stopped'])
})

test('SEC-14: a certificate that nobody vouches for is refused', async () => {
  const tls = await startMailServer({ secure: true })
  assert.deepEqual(await fateOfSending(mailerTo(tls.url.replace('smtp:', 'smtps:'))), ['later', 'esocket'])
  assert.equal(tls.mails.length, 0)
  await tls.close()
})

test('SMTP_URL says host, port, login and encryption, and nothing that weakens it', () => {
  const of = (SMTP_URL: string) => mailServerOf({ SMTP_URL })

  assert.deepEqual(of('smtp://ada%40x:p%2Fw@mail.example.org'), { host: 'mail.example.org', port: 587, encryption: 'starttls', login: { user: 'ada@x', pass: 'p/w' } })
  assert.deepEqual(of('smtps://mail.example.org'), { host: 'mail.example.org', port: 465, encryption: 'tls', login: null })
  assert.deepEqual(of('smtp://[::1]:2525'), { host: '::1', port: 2525, encryption: 'loopback', login: null })
  for (const wrong of ['mail.example.org', 'http://mail.example.org', 'smtp://', 'smtp://mail.example.org?tls.rejectUnauthorized=false']) assert.throws(() => of(wrong), { name: 'StartupError' }, wrong)
})

test('MAIL_FROM must be one address', () => {
  for (const MAIL_FROM of ['nobody', 'a@b, c@d', 'x <a@b>\r\nBcc: c@d']) assert.throws(() => createMailer({ SMTP_URL: 'smtp://127.0.0.1', MAIL_FROM }), { name: 'StartupError' }, MAIL_FROM)
})

test('a refused login is the fault of the instance and is tried again', () => {
  assert.equal(fateOf({ code: 'EAUTH', responseCode: 535 }, false).fate, 'later')
  assert.equal(fateOf(new Error('x'), true).fate, 'unknown')
  assert.equal(fateOf(new Error('x'), false).fate, 'later')
})
