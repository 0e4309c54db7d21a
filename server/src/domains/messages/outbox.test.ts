import assert from 'node:assert/strict'
import { after, afterEach, before, test } from 'node:test'
import type { Delivery, Mail, Mailer } from '../../adapters/mail/mailer.ts'
import { client, type Person } from '../../testing/person.ts'
import { startWorld, type World } from '../../testing/world.ts'
import { createInFlight } from '../governance/fence/in-flight.ts'
import { createOutbox, type Outbox } from './outbox.ts'
import { retryDelayMs } from './retry-delay.ts'
import { auditOf, eventsOf, messagesOf } from './testing.ts'

// The world's own worker finds nobody listening at its mail server; each test brings a worker with a mailer it controls.
let world: World
let ada: Person
const workers: Outbox[] = []

before(async () => { world = await startWorld({ settings: { SMTP_URL: 'smtp://127.0.0.1:1' } }) })
after(() => world.close())
afterEach(async () => {
  await world.owner.query(`update fence set state = 'operational'`)
  await Promise.all(workers.splice(0).map((worker) => worker.stop()))
})

/** A message that waits, due now, as if the world's own worker had not been there. */
async function aWaitingMessage(): Promise<string> {
  ada = await world.person({ name: 'Ada' })
  const { body } = await ada.post('/api/v2/messages', { to: `nobody-${crypto.randomUUID()}@example.net`, body: 'hello' })
  await world.app.outbox.sweep()
  await world.owner.query(`update outbox set status = 'waiting', attempts = 0, next_attempt_at = created_at, last_error = null where identity_id = $1`, [ada.identity.id])
  await world.owner.query(`update outbox set status = 'sent' where identity_id <> $1`, [ada.identity.id])
  return body.id
}

type Fake = Mailer & { sent: Mail[]; begun: number }

/** A mail server's manners: what it says to each attempt in turn; the last is said again. */
function fakeMailer(...manners: Array<Delivery | ((mail: Mail, signal: AbortSignal) => Promise<Delivery>)>): Fake {
  const fake: Fake = {
    sent: [], begun: 0,
    async send(mail, signal) {
      const manner = manners[Math.min(fake.begun, manners.length - 1)] ?? { fate: 'sent' }
      fake.begun += 1
      const delivery = typeof manner === 'function' ? await manner(mail, signal) : manner
      if (delivery.fate === 'sent') fake.sent.push(mail)
      return delivery
    },
  }
  return fake
}

function aWorker(mailer: Mailer | null, inFlight = createInFlight(world.platform), platform = world.platform): Outbox {
  const worker = createOutbox({ platform, mailer, inFlight })
  workers.push(worker)
  return worker
}

/** As the sender reads it, newly signed in: these tests move the clock further than a session lasts. */
const statusOf = async (): Promise<[string, string | null]> => {
  const { body } = await world.anyone.post('/api/v2/auth/login', { email: ada.user.email, password: ada.password })
  const [message] = await messagesOf({ ...ada, ...client(world.url, body.access_token) })
  return [message.status, message.status_reason]
}

test('CHK-08: a worker that dies between handing over and writing it down leaves `unknown`; nothing is sent twice', async () => {
  const id = await aWaitingMessage()
  const comeBack = Promise.withResolvers<Delivery>()
  const handedOver = Promise.withResolvers<void>()
  const dying = fakeMailer(() => {
    handedOver.resolve()
    return comeBack.promise
  })
  const sweeping = aWorker(dying).sweep()
  await handedOver.promise
  const second = fakeMailer()

  await aWorker(second).sweep()
  assert.deepEqual(await statusOf(), ['sending', null], 'while its lease lasts it is left alone')
  world.clock.advance(61_000)
  await aWorker(second).sweep()

  assert.deepEqual(await statusOf(), ['unknown', 'unknown'])
  assert.equal(second.begun, 0)
  assert.deepEqual((await eventsOf(world, ada, 'message.failed')).map(({ data }) => data), [{ message_id: id, status: 'unknown', reason: 'unknown' }])
  assert.equal((await auditOf(world, ada.identity.id, 'messages.failed')).length, 1)
  world.clock.advance(365 * 24 * 3_600_000)
  await aWorker(second).sweep()
  assert.deepEqual([dying.begun, second.begun], [1, 0])

  comeBack.resolve({ fate: 'sent' })
  await sweeping
  assert.deepEqual(await statusOf(), ['sent', null], 'who comes back after all knows better')
})

test('a line that breaks in the middle of the text is `unknown` at once', async () => {
  await aWaitingMessage()
  const mailer = fakeMailer({ fate: 'unknown', reason: 'econnection' })

  await aWorker(mailer).sweep()
  world.clock.advance(24 * 3_600_000)
  await aWorker(mailer).sweep()

  assert.deepEqual([await statusOf(), mailer.begun], [['unknown', 'unknown'], 1])
})

test('F-08: an outcome that the database does not take at first is written all the same', async () => {
  await aWaitingMessage()
  const mailer = fakeMailer()
  const { store } = world.platform
  let faults = 0
  const faulty: typeof store = {
    ...store,
    within: (scope, work) => {
      if (scope.service !== 'outbox' || mailer.sent.length === 0 || faults === 2) return store.within(scope, work)
      faults += 1
      return Promise.reject(new Error('away'))
    },
  }

  await aWorker(mailer, createInFlight(world.platform), { ...world.platform, store: faulty }).sweep()

  assert.deepEqual([await statusOf(), mailer.begun, faults], [['sent', null], 1, 2])
})

test('what is not taken now is tried again later, under the same id, until it is', async () => {
  await aWaitingMessage()
  const tried: string[] = []
  const later = (mail: Mail): Promise<Delivery> => {
    tried.push(mail.id)
    return Promise.resolve({ fate: 'later', reason: 'smtp_451' })
  }
  const mailer = fakeMailer(later, later, { fate: 'sent' })
  const worker = aWorker(mailer)

  await worker.sweep()
  await worker.sweep()
  assert.deepEqual([await statusOf(), mailer.begun], [['waiting', 'smtp_451'], 1], 'not before its time')
  world.clock.advance(retryDelayMs(1, 0))
  await worker.sweep()
  world.clock.advance(retryDelayMs(2, 0))
  await worker.sweep()

  assert.deepEqual(await statusOf(), ['sent', null])
  assert.deepEqual(mailer.sent.map(({ id }) => id), [tried[0]])
  assert.equal(tried[0], tried[1])
})

test('after eight attempts, or a refusal for good, it has failed and its owner is told why', async () => {
  const id = await aWaitingMessage()
  const stubborn = fakeMailer({ fate: 'later', reason: 'smtp_451' })
  const worker = aWorker(stubborn)
  for (let day = 0; day < 12; day += 1) {
    await worker.sweep()
    world.clock.advance(24 * 3_600_000)
  }
  assert.deepEqual([await statusOf(), stubborn.begun], [['failed', 'smtp_451'], 8])
  assert.deepEqual((await eventsOf(world, ada, 'message.failed')).map(({ data }) => data), [{ message_id: id, status: 'failed', reason: 'smtp_451' }])

  await aWaitingMessage()
  const refusing = fakeMailer({ fate: 'refused', reason: 'smtp_550' })
  await aWorker(refusing).sweep()
  assert.deepEqual([await statusOf(), refusing.begun], [['failed', 'smtp_550'], 1])
})

test('the wait grows threefold to half a day, and chance takes up to a half off', () => {
  assert.deepEqual([1, 2, 3, 4, 7, 8].map((attempt) => retryDelayMs(attempt, 0) / 60_000), [1, 3, 9, 27, 720, 720])
  assert.equal(retryDelayMs(2, 1), 90_000)
})

test('SEAL-13: while the system is dormant nothing leaves, and it all leaves after it was revived', async () => {
  await aWaitingMessage()
  const mailer = fakeMailer()
  const worker = aWorker(mailer)
  await world.owner.query(`update fence set state = 'dormant'`)

  await worker.sweep()
  assert.deepEqual([await statusOf(), mailer.begun], [['waiting', null], 0])

  await world.owner.query(`update fence set state = 'operational'`)
  await worker.sweep()
  assert.deepEqual([await statusOf(), mailer.sent.length], [['sent', null], 1])
})

test('SEAL-06: a delivery in flight is ended by the kill-switch before its text leaves, and waits again', async () => {
  await aWaitingMessage()
  const begun = Promise.withResolvers<void>()
  const mailer = fakeMailer((_mail, signal) => new Promise((resolve) => {
    signal.addEventListener('abort', () => { resolve({ fate: 'later', reason: 'stopped' }) })
    begun.resolve()
  }), { fate: 'sent' })
  const inFlight = createInFlight(world.platform)
  const worker = aWorker(mailer, inFlight)
  const sweeping = worker.sweep()
  await begun.promise

  await world.owner.query(`update fence set state = 'dormant', version = version + 1`)
  inFlight.abortBefore(Number.MAX_SAFE_INTEGER)
  await sweeping

  assert.deepEqual([await statusOf(), mailer.begun], [['waiting', 'stopped'], 1])
  await world.owner.query(`update fence set state = 'operational'`)
  await worker.sweep()
  assert.equal(mailer.sent.length, 1)
})

test('two nodes share the work without sending anything twice', async () => {
  await aWaitingMessage()
  for (let count = 1; count < 30; count += 1) await ada.post('/api/v2/messages', { to: `nobody-${count}@example.net`, body: 'hello' })
  await world.app.outbox.sweep()
  await world.owner.query(`update outbox set status = 'waiting', attempts = 0, next_attempt_at = created_at, last_error = null where identity_id = $1`, [ada.identity.id])
  const mailer = fakeMailer((_mail) => new Promise((resolve) => { setImmediate(() => { resolve({ fate: 'sent' }) }) }))

  await Promise.all([aWorker(mailer).sweep(), aWorker(mailer).sweep(), aWorker(mailer).sweep()])

  assert.deepEqual([mailer.sent.length, new Set(mailer.sent.map(({ id }) => id)).size], [30, 30])
  assert.ok((await messagesOf(ada, '?limit=100')).every((message: { status: string }) => message.status === 'sent'))
})

test('without a mail server what waits goes on waiting', async () => {
  await aWaitingMessage()

  const worker = aWorker(null)
  worker.wake()
  await worker.sweep()

  assert.deepEqual(await statusOf(), ['waiting', null])
})

test('a worker that is stopped takes nothing more', async () => {
  await aWaitingMessage()
  const mailer = fakeMailer()
  const worker = aWorker(mailer)

  await worker.stop()
  await worker.sweep()

  assert.deepEqual([await statusOf(), mailer.begun], [['waiting', null], 0])
})
