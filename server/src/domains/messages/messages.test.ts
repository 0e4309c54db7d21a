import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startMailServer, type TestMailServer } from '../../testing/mail-server.ts'
import type { Person } from '../../testing/person.ts'
import { startWorld, type World } from '../../testing/world.ts'
import { approve, auditOf, eventsOf, holdMessage, messagesOf } from './testing.ts'

let smtp: TestMailServer
let world: World

before(async () => {
  smtp = await startMailServer()
  world = await startWorld({ settings: { SMTP_URL: smtp.url, MAIL_FROM: 'CHE·NU <chenu@example.org>' } })
})
after(async () => {
  await world.close()
  await smtp.close()
})

const mailsTo = (address: string) => smtp.mails.filter((mail) => mail.to.includes(address))
const nobody = (): string => `nobody-${crypto.randomUUID()}@example.net`

test('a message to a person of this instance reaches them at once, as a copy of their own', async () => {
  const ada = await world.person({ name: 'Ada' })
  const bob = await world.person({ name: 'Bob' })

  const { status, body } = await ada.post('/api/v2/messages', { to: bob.user.email.toUpperCase(), subject: 'Salut', body: 'À demain' })

  assert.equal(status, 201)
  assert.deepEqual([body.direction, body.channel, body.status, body.peer.name], ['out', 'instance', 'delivered', null])
  const [received] = await messagesOf(bob)
  assert.deepEqual([received.direction, received.status, received.peer, received.subject, received.body], ['in', 'received', { name: 'Ada', address: ada.user.email }, 'Salut', 'À demain'])
  assert.notEqual(received.id, body.id)
  const [told] = await eventsOf(world, bob, 'message.received')
  assert.deepEqual(told, { data: { message_id: received.id }, identity_id: bob.identity.id, channels: [`user:${bob.user.id}`] })
  assert.equal((await auditOf(world, ada.identity.id, 'messages.send')).length, 1)
  assert.equal((await ada.get(`/api/v2/messages/${received.id}`)).status, 403)
})

test('a message to anybody else becomes one e-mail, on whose way its sender can look', async () => {
  const ada = await world.person({ name: 'Ada' })
  const to = nobody()

  const { status, body } = await ada.post('/api/v2/messages', { to, subject: 'Réunion', body: 'À demain' })
  assert.deepEqual([status, body.channel, body.status], [201, 'email', 'waiting'])
  await world.app.outbox.sweep()

  const [mail, ...more] = mailsTo(to)
  assert.equal(more.length, 0)
  assert.equal(mail?.from, 'chenu@example.org')
  assert.match(mail?.text ?? '', new RegExp(`^Reply-To: Ada <${ada.user.email}>\\r$`, 'm'))
  assert.equal((await ada.get(`/api/v2/messages/${body.id}`)).body.status, 'sent')
  assert.deepEqual((await eventsOf(world, ada, 'message.sent')).map(({ data }) => data), [{ message_id: body.id, channel: 'email' }])
  const [delivered] = await auditOf(world, ada.identity.id, 'messages.delivered')
  assert.deepEqual(delivered?.resource, { type: 'message', id: body.id })
})

test('the commit of a message wakes the worker by itself', async () => {
  const ada = await world.person()
  const to = nobody()
  const count = smtp.mails.length

  await ada.post('/api/v2/messages', { to, body: 'now' })
  await smtp.taken(count + 1)

  assert.equal(mailsTo(to).length, 1)
})

test('CHK-02: hold, approve, one mail; approved twice is 409', async () => {
  const ada = await world.person()
  const to = nobody()
  const held = await holdMessage(ada, { to, body: 'once' })
  assert.equal(mailsTo(to).length, 0)

  const [first, second] = [await approve(ada, held.id), await approve(ada, held.id)]
  await world.app.outbox.sweep()

  assert.deepEqual([first.status, second.status], [200, 409])
  assert.equal(mailsTo(to).length, 1)
  assert.equal((await messagesOf(ada)).length, 1)
})

test('CHK-05: of 50 approvals at once one sends, and one mail leaves', async () => {
  const ada = await world.person()
  const to = nobody()
  const held = await holdMessage(ada, { to, body: 'once' })

  const answers = await Promise.all(Array.from({ length: 50 }, () => approve(ada, held.id)))
  await world.app.outbox.sweep()

  assert.deepEqual(answers.map(({ status }) => status).toSorted((a, b) => a - b), [200, ...Array.from({ length: 49 }, () => 409)])
  assert.equal(mailsTo(to).length, 1)
  assert.equal((await messagesOf(ada)).length, 1)
})

test('IDEM-01: a send that is repeated under its key leaves once', async () => {
  const ada = await world.person()
  const to = nobody()
  const send = () => ada.post('/api/v2/messages', { to, body: 'once' }, { 'idempotency-key': 'k-once-0001' })

  const [first, ...others] = await Promise.all(Array.from({ length: 10 }, send))
  await world.app.outbox.sweep()

  assert.equal(first?.status, 201)
  for (const other of others) assert.deepEqual([other.status, other.body.id], [201, first?.body.id])
  assert.equal(mailsTo(to).length, 1)
})

test('HDR-08: a line break cannot be put into a subject or an address', async () => {
  const ada = await world.person()

  for (const given of [{ to: nobody(), subject: 'x\r\nBcc: thief@example.com' }, { to: `${nobody()}\r\nBcc: thief@example.com` }, { to: nobody(), subject: 'x\u2028y' }]) {
    assert.equal((await ada.post('/api/v2/messages', { ...given, body: 'x' })).status, 422)
  }
})

test('messages are listed newest first, by direction and page, and marked as read once', async () => {
  const [ada, bob] = [await world.person(), await world.person()]
  for (const text of ['1', '2', '3']) await ada.post('/api/v2/messages', { to: bob.user.email, body: text })
  await bob.post('/api/v2/messages', { to: ada.user.email, body: '4' })

  assert.deepEqual((await messagesOf(bob)).map((m: { body: string }) => m.body), ['4', '3', '2', '1'])
  assert.deepEqual((await messagesOf(bob, '?direction=out')).map((m: { body: string }) => m.body), ['4'])
  const page = (await bob.get('/api/v2/messages?direction=in&limit=2')).body
  const next = (await bob.get(`/api/v2/messages?direction=in&limit=2&cursor=${encodeURIComponent(page.next_cursor)}`)).body
  assert.deepEqual([page.items.length, next.items.map((m: { body: string }) => m.body), next.next_cursor], [2, ['1'], null])

  const { id } = page.items[0]
  const read = await bob.post(`/api/v2/messages/${id}/read`)
  const again = await bob.post(`/api/v2/messages/${id}/read`)
  assert.equal(read.status, 200)
  assert.ok(read.body.read_at)
  assert.equal(again.body.read_at, read.body.read_at)
  assert.equal((await eventsOf(world, bob, 'message.read')).length, 1)
  assert.equal((await ada.post(`/api/v2/messages/${id}/read`)).status, 403)
})

test('IDB-10: another identity of the same person sees none of these messages', async () => {
  const ada = await world.person()
  const { body: work } = await ada.post('/api/v2/identities', { type: 'enterprise', name: 'ACME' })
  const { body: sent } = await ada.post('/api/v2/messages', { to: ada.user.email, body: 'to myself' })
  const asWork = { 'x-identity-id': work.id }

  assert.deepEqual((await ada.get('/api/v2/messages', asWork)).body.items, [])
  assert.equal((await ada.get(`/api/v2/messages/${sent.id}`, asWork)).status, 403)
  assert.equal((await messagesOf(ada)).length, 2)
})

test('SEAL-06: the kill-switch ends a delivery before its text leaves; after the revival it leaves once', async () => {
  const ada = await world.person()
  const to = nobody()
  const count = smtp.mails.length
  const asked = smtp.asked(to)
  smtp.mood.recipient = 'silence'
  const { body: sent } = await ada.post('/api/v2/messages', { to, body: 'stop me' })
  await asked

  assert.equal((await world.anyone.post('/api/atom/killswitch', undefined, { 'x-architect-seal': world.seal })).status, 200)
  await world.app.outbox.sweep()
  smtp.mood.recipient = 'take'
  assert.equal((await ada.get(`/api/v2/messages/${sent.id}`)).body.status, 'waiting')
  assert.equal((await ada.post('/api/v2/messages', { to, body: 'x' })).body.code, 'dormant')

  assert.equal((await world.anyone.post('/api/atom/revive', undefined, { 'x-architect-seal': world.seal })).status, 200)
  await smtp.taken(count + 1)
  await world.app.outbox.sweep()
  assert.equal(mailsTo(to).length, 1)
  assert.equal((await ada.get(`/api/v2/messages/${sent.id}`)).body.status, 'sent')
})

test('SEC-06: neither the log nor the outbox nor the audit holds an address or a text', async () => {
  const ada: Person = await world.person({ name: 'Canary Person' })
  const to = nobody()
  await ada.post('/api/v2/messages', { to, subject: 'canary-subject', body: 'canary-body' })
  await world.app.outbox.sweep()
  smtp.mood.recipient = 550
  await ada.post('/api/v2/messages', { to, subject: 'canary-subject', body: 'canary-body' })
  await world.app.outbox.sweep()
  smtp.mood.recipient = 'take'

  const rows = await world.owner.query(`select payload::text || coalesce(last_error, '') as text from outbox where identity_id = $1 union all select body from audit_events where identity_id = $1`, [ada.identity.id])
  const kept = [...world.logLines, ...rows.rows.map(({ text }: { text: string }) => text)].join('\n')
  assert.ok(rows.rows.length > 4)
  for (const canary of [to, 'canary-subject', 'canary-body', 'Canary Person', ada.user.email]) assert.ok(!kept.includes(canary), canary)
})
