import assert from 'node:assert/strict'
import { after, afterEach, before, beforeEach, test } from 'node:test'
import { createMailer } from '../../../adapters/mail/create-mailer.ts'
import type { Delivery, Mail, Mailer } from '../../../adapters/mail/mailer.ts'
import type { Person } from '../../../testing/person.ts'
import { startMailServer, type TestMailServer } from '../../../testing/mail-server.ts'
import { startWorld, type World } from '../../../testing/world.ts'
import { createInFlight } from '../../governance/fence/in-flight.ts'
import { followed } from '../../webhooks/testing.ts'
import { LEASE_MS, MAILS_MAX, WINDOW_MS } from './mail-next.ts'
import { createPostman, type Postman } from './postman.ts'
import { writeLetter } from './write-letter.ts'

let smtp: TestMailServer
let world: World
let ada: Person
const postmen: Postman[] = []

before(async () => {
  smtp = await startMailServer()
  world = await startWorld({ settings: { SMTP_URL: smtp.url, FLOOD_HELD: '1000', OPEN_PER_HOUR: '1000' } })
  for (const follower of world.app.followers) await follower.start()
  // The world's own worker ends: each test brings one with a mailer that it controls.
  await world.app.postman.stop()
})
after(async () => {
  await world.close()
  await smtp.close()
})
beforeEach(async () => {
  smtp.mails.length = 0
  ada = await world.person({ name: 'Ada' })
})
afterEach(async () => {
  await world.owner.query(`update fence set state = 'operational'`)
  await Promise.all(postmen.splice(0).map((one) => one.stop()))
  await world.owner.query('delete from notifications')
})

type Fake = Mailer & { mails: Mail[] }

function fakeMailer(manner: (mail: Mail, signal: AbortSignal) => Delivery | Promise<Delivery> = () => ({ fate: 'sent' })): Fake {
  const fake: Fake = {
    mails: [],
    async send(mail, signal) {
      fake.mails.push(mail)
      return manner(mail, signal)
    },
  }
  return fake
}

function aPostman(mailer: Mailer | null, inFlight = createInFlight(world.platform)): Postman {
  const made = createPostman({ platform: world.platform, mailer, inFlight })
  postmen.push(made)
  return made
}

/** So many calls of Nova that wait, and the person is told of each. */
async function told(count = 1): Promise<void> {
  for (let n = 0; n < count; n += 1) {
    const { body: note } = await ada.post('/api/v2/notes', { title: `Note ${n}`, body: 'never told' })
    await ada.post('/api/v2/nova/query', { action: { tool: 'notes.delete', args: { note_id: note.id } } })
  }
  await followed(world, 'notifications')
}

const mailsOf = async (): Promise<string[]> => (await world.owner.query('select mail from notifications where user_id = $1 order by id', [ada.user.id])).rows.map(({ mail }) => mail)

test('what waits for approval comes by e-mail, in the person’s language, with the summary and nothing to press', async () => {
  await ada.patch('/api/v2/notifications/preferences', { language: 'fr' })
  await told()
  const mailer = fakeMailer()

  await aPostman(mailer).sweep()

  const [mail] = mailer.mails
  assert.deepEqual([mail?.to, mail?.subject, mail?.replyTo], [{ name: 'Ada', address: ada.user.email }, 'En attente de votre approbation', undefined])
  assert.match(mail?.text ?? '', /Supprimer la note « Note 0 »/)
  assert.doesNotMatch(mail?.text ?? '', /never told|token|approve/)
  assert.deepEqual(await mailsOf(), ['sent'])
})

test('it reaches a real mail server', async () => {
  await told()

  await aPostman(createMailer({ SMTP_URL: smtp.url, MAIL_FROM: 'CHE·NU <chenu@example.org>' })).sweep()

  assert.deepEqual(smtp.mails.map(({ to }) => to), [[ada.user.email]])
  assert.doesNotMatch(smtp.mails[0]?.text ?? '', /^Reply-To:/im)
})

test('what is due together goes together, and after five e-mails in ten minutes the rest comes as one digest', async () => {
  const mailer = fakeMailer()
  const postman = aPostman(mailer)
  await told(3)
  await postman.sweep()
  assert.deepEqual(mailer.mails.map(({ subject }) => subject), ['3 notifications'])
  for (let n = 1; n < MAILS_MAX; n += 1) {
    await told()
    await postman.sweep()
  }
  assert.equal(mailer.mails.length, MAILS_MAX)

  for (let n = 0; n < 7; n += 1) {
    await told()
    await postman.sweep()
  }
  assert.equal(mailer.mails.length, MAILS_MAX, 'what follows waits')
  world.clock.advance(WINDOW_MS)
  await postman.sweep()

  assert.equal(mailer.mails.length, MAILS_MAX + 1)
  assert.equal(mailer.mails.at(-1)?.subject, '7 notifications')
  assert.ok((await mailsOf()).every((mail) => mail === 'sent'))
})

test('a mail server that cannot now is tried again; one that says no for good is not; a broken line is never repeated', async () => {
  const fates: Array<[Delivery, string, number]> = [[{ fate: 'later', reason: 'smtp_451' }, 'waiting', 2], [{ fate: 'refused', reason: 'smtp_550' }, 'failed', 1], [{ fate: 'unknown', reason: 'econnection' }, 'unknown', 1]]
  for (const [delivery, mail, tries] of fates) {
    await told()
    const mailer = fakeMailer(() => delivery)
    const postman = aPostman(mailer)
    await postman.sweep()
    await postman.sweep()
    assert.deepEqual([mailer.mails.length, await mailsOf()], [1, [mail]])
    world.clock.advance(LEASE_MS)
    await postman.sweep()
    assert.equal(mailer.mails.length, tries)
    await world.owner.query('delete from notifications')
  }
})

test('a worker that dies while it hands over leaves `unknown`; nothing is sent twice', async () => {
  await told()
  const comeBack = Promise.withResolvers<Delivery>()
  const begun = Promise.withResolvers<void>()
  const dying = aPostman(fakeMailer(() => {
    begun.resolve()
    return comeBack.promise
  }))
  const sweeping = dying.sweep()
  await begun.promise
  const second = fakeMailer()

  await aPostman(second).sweep()
  assert.deepEqual(await mailsOf(), ['sending'])
  world.clock.advance(LEASE_MS + 1_000)
  await aPostman(second).sweep()

  assert.deepEqual([await mailsOf(), second.mails.length], [['unknown'], 0])
  comeBack.resolve({ fate: 'sent' })
  await sweeping
})

test('two nodes send nothing twice, and nothing leaves while the system is dormant', async () => {
  await told(4)
  const mailer = fakeMailer()
  await world.owner.query(`update fence set state = 'dormant'`)
  await aPostman(mailer).sweep()
  assert.deepEqual([mailer.mails.length, await mailsOf()], [0, ['waiting', 'waiting', 'waiting', 'waiting']])
  await world.owner.query(`update fence set state = 'operational'`)

  await Promise.all([aPostman(mailer).sweep(), aPostman(mailer).sweep()])

  const lines = mailer.mails.flatMap(({ text }) => text.match(/“Note \d”/g) ?? [])
  assert.deepEqual(lines.toSorted(), ['“Note 0”', '“Note 1”', '“Note 2”', '“Note 3”'])
})

test('without a mail server nothing is left waiting for one', async () => {
  const bare = await startWorld()
  for (const follower of bare.app.followers) await follower.start()
  const bob = await bare.person()
  const { body: note } = await bob.post('/api/v2/notes', { title: 'x' })
  await bob.post('/api/v2/nova/query', { action: { tool: 'notes.delete', args: { note_id: note.id } } })
  await followed(bare, 'notifications')

  assert.deepEqual((await bare.owner.query('select mail from notifications')).rows, [{ mail: 'none' }])
  await bare.close()
})

test('a letter of many says twenty of them and how many more', () => {
  const line = { title: { en: 'T', fr: 'T' }, body: { en: 'B', fr: 'C' }, at: new Date('2026-11-26T10:00:00Z') }
  const { subject, text } = writeLetter(Array.from({ length: 23 }, () => line), 'fr')

  assert.equal(subject, '23 notifications')
  assert.equal(text.match(/^C$/gm)?.length, 20)
  assert.match(text, /… et 3 de plus\./)
})
