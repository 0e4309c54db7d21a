import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startMailServer, type TestMailServer } from '../../testing/mail-server.ts'
import { startWorld, type World } from '../../testing/world.ts'
import { aContact, approve, auditOf, holdMessage, messagesOf } from './testing.ts'

let smtp: TestMailServer
let world: World
let mute: World

before(async () => {
  smtp = await startMailServer()
  world = await startWorld({ settings: { SMTP_URL: smtp.url, MAIL_FROM: 'CHE·NU <chenu@example.org>' } })
  mute = await startWorld()
})
after(async () => {
  await world.close()
  await mute.close()
  await smtp.close()
})

const mailsTo = (address: string) => smtp.mails.filter((mail) => mail.to.includes(address))
const nobody = (): string => `nobody-${crypto.randomUUID()}@example.net`

test('a contact is named by its id or its exact name, whatever its accents and capitals', async () => {
  const ada = await world.person()
  const eva = await aContact(ada, { name: 'Éva Roy', email: nobody() })

  for (const to of [eva.id, 'Éva Roy', 'EVA  ROY']) {
    const { status, body } = await ada.post('/api/v2/messages', { to, body: 'hello' })
    assert.deepEqual([status, body.peer], [201, { name: 'Éva Roy', address: eva.email }])
  }
})

test('whom one cannot mean is said: several, nobody, no address, the bin, another’s', async () => {
  const ada = await world.person()
  const bob = await world.person()
  const twins = [await aContact(ada, { name: 'Alex' }), await aContact(ada, { name: 'ALEX' })]
  await aContact(ada, { name: 'Mute', email: null })
  const binned = await aContact(ada, { name: 'Gone' })
  await ada.del(`/api/v2/contacts/${binned.id}`)
  const bobs = await aContact(bob)
  const send = async (to: string) => {
    const { status, body } = await ada.post('/api/v2/messages', { to, body: 'x' })
    return { status, code: body.code, candidates: body.candidates }
  }

  const ambiguous = await send('alex')
  assert.deepEqual([ambiguous.status, ambiguous.code], [409, 'ambiguous'])
  assert.deepEqual(ambiguous.candidates.map((one: { id: string }) => one.id).toSorted(), twins.map(({ id }) => id).toSorted())
  assert.deepEqual([(await send('Nobody At All')).status, (await send('Mute')).status, (await send(binned.id)).status, (await send('Gone')).status], [404, 409, 410, 404])
  assert.deepEqual([(await send(bobs.id)).code, (await send('01939a3e-7c5d-7abc-8def-0123456789ab')).code], ['identity_boundary', 'not_found'])
  assert.equal((await auditOf(world, ada.identity.id, 'identity.violation')).length, 1)
  assert.equal((await messagesOf(ada)).length, 0)
})

test('what cannot be sent is refused before anybody is asked to approve it', async () => {
  const ada = await mute.person()
  const bob = await mute.person()

  for (const [path, given] of [['/api/v2/messages', { to: nobody(), body: 'x' }], ['/api/v2/governance/checkpoints', { tool: 'messages.send', args: { to: nobody(), body: 'x' } }]] as const) {
    const { status, body } = await ada.post(path, given)
    assert.deepEqual([status, body.code, body.setting], [503, 'not_configured', 'SMTP_URL'])
  }
  assert.equal((await ada.get('/api/v2/governance/checkpoints')).body.items.length, 0)
  assert.equal((await ada.post('/api/v2/messages', { to: bob.user.email, body: 'x' })).status, 201)
})

test('CHK-12: the approver sees the name and the address that the approval is bound to', async () => {
  const ada = await world.person()
  const eva = await aContact(ada, { email: nobody() })

  const byName = await holdMessage(ada, { to: 'eva roy', subject: 'Salut', body: 'x' })
  const byId = await holdMessage(ada, { to: eva.id, subject: 'Salut', body: 'x' })

  assert.deepEqual(byName.summary_text, { en: `Send the message “Salut” to Éva Roy <${eva.email}>`, fr: `Envoyer le message « Salut » à Éva Roy <${eva.email}>` })
  assert.deepEqual(byName.args, { to: eva.email, contact_id: eva.id, subject: 'Salut', body: 'x' })
  assert.equal(byId.id, byName.id, 'the same thing, however it was called, waits at the same checkpoint')
})

test('CHK-12: an address with a look-alike domain is shown in the letters that it is made of', async () => {
  const ada = await world.person()

  const held = await holdMessage(ada, { to: 'eva@exаmple.net', body: 'x' })

  assert.match(held.summary, /eva@xn--/)
})

test('CHK-03: a contact whose address changed since is not written to', async () => {
  const ada = await world.person()
  const [old, fresh] = [nobody(), nobody()]
  const eva = await aContact(ada, { email: old })
  const held = await holdMessage(ada, { to: 'Éva Roy', body: 'x' })
  await ada.patch(`/api/v2/contacts/${eva.id}`, { email: fresh })

  const { status, body } = await approve(ada, held.id)

  assert.deepEqual([status, body.code], [409, 'stale'])
  await world.app.outbox.sweep()
  assert.equal(mailsTo(old).length + mailsTo(fresh).length, 0)
  const again = await holdMessage(ada, { to: 'Éva Roy', body: 'x' })
  assert.equal(again.args.to, fresh)
})

test('CHK-02: an approval means the one that was shown, even when another of that name has come since', async () => {
  const ada = await world.person()
  const [first, second] = [nobody(), nobody()]
  await aContact(ada, { email: first })
  const held = await holdMessage(ada, { to: 'Éva Roy', body: 'x' })
  await aContact(ada, { email: second })

  const { status } = await approve(ada, held.id)
  await world.app.outbox.sweep()

  assert.deepEqual([status, mailsTo(first).length, mailsTo(second).length], [200, 1, 0])
})

test('a contact and an address that is not its own are refused', async () => {
  const ada = await world.person()
  const eva = await aContact(ada, { email: nobody() })

  const { status, body } = await ada.post('/api/v2/messages', { to: nobody(), contact_id: eva.id, body: 'x' })

  assert.deepEqual([status, body.code], [409, 'conflict'])
})

test('a repeated send is answered from its key even when its contact is gone by then', async () => {
  const ada = await world.person()
  const eva = await aContact(ada, { email: nobody() })
  const send = () => ada.post('/api/v2/messages', { to: 'Éva Roy', body: 'once' }, { 'idempotency-key': 'k-once-0002' })
  const first = await send()
  await ada.del(`/api/v2/contacts/${eva.id}`)

  const again = await send()

  assert.deepEqual([again.status, again.body.id], [201, first.body.id])
})
