import assert from 'node:assert/strict'
import { after, afterEach, before, beforeEach, test } from 'node:test'
import { createWebhookClient, type WebhookAnswer, type WebhookClient } from '../../../adapters/webhooks/post-webhook.ts'
import { signWebhook } from '../../../adapters/webhooks/signature.ts'
import { client, type Person } from '../../../testing/person.ts'
import { startReceiver, type Manner, type Receiver } from '../../../testing/webhook-receiver.ts'
import { startWorld, type World } from '../../../testing/world.ts'
import { createInFlight } from '../../governance/fence/in-flight.ts'
import { createSecretKeeper } from '../keep-secret.ts'
import { aWebhook, deliveriesOf, followed, LOOPBACK } from '../testing.ts'
import { LEASE_MS, PER_MINUTE } from './claim-due.ts'
import { createCourier, type Courier, type CourierParts } from './courier.ts'
import { retryDelayMs } from './retry-delay.ts'
import { FAILURES_MAX } from './settle.ts'

let world: World
let ada: Person
let receiver: Receiver
const couriers: Courier[] = []
const receivers: Receiver[] = []
const clients: WebhookClient[] = []

before(async () => {
  world = await startWorld({ settings: LOOPBACK })
  for (const follower of world.app.followers) await follower.start()
  // The world's own worker ends: each test brings one with a client that it controls.
  await world.app.courier.stop()
})
after(() => world.close())
beforeEach(async () => {
  receiver = await aReceiver()
  ada = await world.person()
})
afterEach(async () => {
  await world.owner.query(`update fence set state = 'operational'`)
  await Promise.all(couriers.splice(0).map((one) => one.stop()))
  await Promise.all(clients.splice(0).map((one) => one.close()))
  await world.owner.query('delete from webhooks')
  await Promise.all(receivers.splice(0).map((one) => one.close()))
})

async function aReceiver(manner: Manner = 200): Promise<Receiver> {
  const made = await startReceiver(manner)
  receivers.push(made)
  return made
}

/** A client that speaks to receivers on loopback. */
function aClient(totalMs = 3_000): WebhookClient {
  const made = createWebhookClient({ allowHttp: true, allowLoopback: true, limits: { totalMs } })
  clients.push(made)
  return made
}

function aCourier(client: CourierParts['client'], inFlight: CourierParts['inFlight'] = createInFlight(world.platform)): Courier {
  const courier = createCourier({ platform: world.platform, client, inFlight, secrets: createSecretKeeper(world.platform.secrets.derive('webhooks')), sign: signWebhook })
  couriers.push(courier)
  return courier
}

/** An endpoint with deliveries that wait. */
async function waiting(count = 1): Promise<{ id: string }> {
  const webhook = await aWebhook(ada, { url: receiver.url })
  for (let n = 0; n < count; n += 1) await ada.post('/api/v2/notes', { title: `note ${n}` })
  await followed(world)
  return webhook
}

const rowsOf = async (webhookId: string): Promise<Array<{ id: string; status: string; attempts: number; error: string | null }>> =>
  (await world.owner.query('select id, status, attempts, error from webhook_deliveries where webhook_id = $1 order by id', [webhookId])).rows

const OK: WebhookAnswer = { delivered: true, status: 200, fault: null, text: '' }
const FAILED: WebhookAnswer = { delivered: false, status: 500, fault: 'status', text: 'no' }

test('the wait follows the steps that Standard Webhooks proposes, and chance takes up to a half off', () => {
  assert.deepEqual([1, 2, 3, 4, 5, 6, 7].map((attempt) => retryDelayMs(attempt, 0) / 1_000), [5, 300, 1_800, 7_200, 18_000, 36_000, 36_000])
  assert.equal(retryDelayMs(1, 1), 2_500)
})

test('WHK-11: what fails is tried again under the same id, later and later, and is a dead letter after eight attempts; redelivered it arrives', async () => {
  const webhook = await waiting()
  const ids: string[] = []
  const courier = aCourier({ post: ({ headers }) => { ids.push(headers['webhook-id'] ?? ''); return Promise.resolve(FAILED) } })

  await courier.sweep()
  await courier.sweep()
  assert.equal(ids.length, 1, 'not before its time')
  for (let attempt = 1; attempt < 12; attempt += 1) {
    world.clock.advance(retryDelayMs(Math.min(attempt, 7), 0))
    await courier.sweep()
  }

  const [row] = await rowsOf(webhook.id)
  assert.deepEqual([ids.length, new Set(ids).size, row?.status, row?.attempts, row?.error], [8, 1, 'failed', 8, 'status'])
  const again = client(world.url, (await world.anyone.post('/api/v2/auth/login', { email: ada.user.email, password: ada.password })).body.access_token)
  assert.equal((await again.post(`/api/v2/webhooks/${webhook.id}/deliveries/${row?.id}/redeliver`)).status, 200)
  await aCourier(aClient()).sweep()
  assert.equal((await rowsOf(webhook.id))[0]?.status, 'delivered')
  assert.equal(receiver.taken.at(-1)?.headers['webhook-id'], ids[0])
})

test('WHK-12: what a worker that was killed left behind is delivered again under its id once its lease ends, and not before', async () => {
  const COUNT = 20
  const webhook = await waiting(COUNT)
  await world.owner.query(`update webhook_deliveries set status = 'sending', attempts = 1, next_attempt_at = $1 where webhook_id = $2`, [new Date(world.clock.now().getTime() + LEASE_MS), webhook.id])
  const seen: string[] = []
  const rescue = aCourier({ post: ({ headers }) => { seen.push(headers['webhook-id'] ?? ''); return Promise.resolve(OK) } })

  await rescue.sweep()
  assert.deepEqual(seen, [])
  world.clock.advance(LEASE_MS + 1_000)
  await rescue.sweep()

  const rows = await rowsOf(webhook.id)
  assert.deepEqual(rows.map(({ status, attempts }) => [status, attempts]), Array.from({ length: COUNT }, () => ['delivered', 2]))
  assert.deepEqual(seen.toSorted(), rows.map(({ id }) => id))
})

test('a delivery that could not even begin, for a fault of ours, waits like one that failed', async () => {
  const webhook = await waiting()
  await world.owner.query(`update webhooks set secret = 'bm90IG91cnM=' where id = $1`, [webhook.id])

  await aCourier({ post: () => assert.fail('it was sent without a signature') }).sweep()

  assert.deepEqual((await rowsOf(webhook.id)).map(({ status, attempts, error }) => [status, attempts, error]), [['waiting', 1, 'fault']])
  assert.ok(world.logLines.some((line) => line.includes('a delivery could not begin')))
})

test('WHK-16: two workers share the work: each delivery is posted once, one at a time for an endpoint', async () => {
  const webhook = await waiting(15)
  const posted: string[] = []
  let now = 0
  let most = 0
  const posting = {
    post: async ({ headers }: { headers: Record<string, string> }): Promise<WebhookAnswer> => {
      most = Math.max(most, now += 1)
      await new Promise((resolve) => { setImmediate(resolve) })
      now -= 1
      posted.push(headers['webhook-id'] ?? '')
      return OK
    },
  }

  await Promise.all([aCourier(posting).sweep(), aCourier(posting).sweep()])

  assert.deepEqual(posted.toSorted(), (await rowsOf(webhook.id)).map(({ id }) => id))
  assert.ok(most <= 2, 'one a worker')
})

test('WHK-16: an identity has sixty attempts a minute; the rest waits for the next', async () => {
  const webhook = await waiting()
  await world.owner.query(`insert into webhook_deliveries (id, webhook_id, identity_id, event_id, event_name, body, status, next_attempt_at, created_at)
    select gen_random_uuid(), $1, $2, gen_random_uuid(), 'x', '{}', 'waiting', now() - interval '1 hour', now() from generate_series(1, 99)`, [webhook.id, ada.identity.id])
  await world.owner.query('delete from webhook_pace')
  let posted = 0
  const courier = aCourier({ post: () => { posted += 1; return Promise.resolve(OK) } })
  const restOfMinute = 60_000 - world.clock.now().getTime() % 60_000
  world.clock.advance(restOfMinute)

  await courier.sweep()
  assert.equal(posted, PER_MINUTE)
  world.clock.advance(60_000)
  await courier.sweep()
  assert.equal(posted, 100)
})

test('WHK-16: after twenty failures in a row an endpoint is disabled, its owner is told, and what waits is kept', async () => {
  const webhook = await waiting(FAILURES_MAX + 5)
  await aCourier({ post: () => Promise.resolve(FAILED) }).sweep()

  const { rows: [row] } = await world.owner.query('select status, disabled_because, failures from webhooks where id = $1', [webhook.id])
  assert.deepEqual(row, { status: 'disabled', disabled_because: 'failures', failures: FAILURES_MAX })
  assert.equal((await rowsOf(webhook.id)).filter(({ status }) => status === 'waiting').length, FAILURES_MAX + 5)
  const { rowCount } = await world.owner.query(`select 1 from events where name = 'webhook.disabled' and user_id = $1`, [ada.user.id])
  const audit = await world.owner.query(`select 1 from audit_events where action = 'webhooks.disabled' and identity_id = $1`, [ada.identity.id])
  assert.deepEqual([rowCount, audit.rowCount], [1, 1])
})

test('a success in between begins the count anew', async () => {
  const webhook = await waiting(FAILURES_MAX + 5)
  let calls = 0
  await aCourier({ post: () => Promise.resolve((calls += 1) === 10 ? OK : FAILED) }).sweep()

  const { rows: [row] } = await world.owner.query('select status, failures from webhooks where id = $1', [webhook.id])
  assert.deepEqual(row, { status: 'enabled', failures: FAILURES_MAX + 5 - 10 })
})

test('WHK-20: while the system is dormant nothing is delivered and the queue is kept; it leaves after revival', async () => {
  const webhook = await waiting(3)
  let posted = 0
  const courier = aCourier({ post: () => { posted += 1; return Promise.resolve(OK) } })
  await world.owner.query(`update fence set state = 'dormant'`)

  await courier.sweep()
  assert.deepEqual([posted, (await rowsOf(webhook.id)).map(({ status, attempts }) => [status, attempts])], [0, [['waiting', 0], ['waiting', 0], ['waiting', 0]]])

  await world.owner.query(`update fence set state = 'operational'`)
  await courier.sweep()
  assert.equal(posted, 3)
})

test('WHK-20: a call in flight is ended by the kill-switch and waits again, uncounted', async () => {
  const webhook = await waiting()
  const begun = Promise.withResolvers<void>()
  const inFlight = createInFlight(world.platform)
  const courier = aCourier({
    post: (_call, signal) => new Promise((resolve) => {
      signal.addEventListener('abort', () => { resolve({ delivered: false, status: null, fault: 'stopped', text: '' }) })
      begun.resolve()
    }),
  }, inFlight)
  const sweeping = courier.sweep()
  await begun.promise

  await world.owner.query(`update fence set state = 'dormant', version = version + 1`)
  inFlight.abortBefore(Number.MAX_SAFE_INTEGER)
  await sweeping

  assert.deepEqual((await rowsOf(webhook.id)).map(({ status, attempts, error }) => [status, attempts, error]), [['waiting', 0, 'stopped']])
  assert.equal((await world.owner.query('select failures from webhooks where id = $1', [webhook.id])).rows[0].failures, 0)
})

test('F-23: fifty receivers that hang, redirect inside, fail, reset, never end or pack bombs do not delay a good one, and reach nothing', async () => {
  const canary = await aReceiver()
  const manners: Manner[] = ['hang', { redirect: 302, to: canary.url }, 500, 'reset', 'endless', 'bomb', 'big_headers']
  const bad = await Promise.all(Array.from({ length: 50 }, (_, n) => aReceiver(manners[n % manners.length])))
  const people = await Promise.all([world.person(), world.person(), world.person()])
  await Promise.all(bad.map(async ({ url }, n) => {
    const person = people[n % people.length]
    assert(person)
    await world.owner.query(`insert into webhooks (id, identity_id, user_id, url, description, events, event_regex, headers, secret, status, created_at, updated_at)
      select $1, $2, $3, $4, '', '{note.*}', '^note\\..+$', '[]', $5, 'enabled', now(), now()`, [crypto.randomUUID(), person.identity.id, person.user.id, url, ''])
  }))
  const keeper = createSecretKeeper(world.platform.secrets.derive('webhooks'))
  for (const { id } of (await world.owner.query('select id from webhooks')).rows) await world.owner.query('update webhooks set secret = $2 where id = $1', [id, keeper.close(id, `whsec_${Buffer.alloc(32, 1).toString('base64')}`)])
  const good = await aWebhook(ada, { url: receiver.url })
  await Promise.all([...people, ada].map((person) => person.post('/api/v2/notes', { title: 'x' })))
  await followed(world)
  const courier = aCourier(aClient())

  const sweeping = courier.sweep()
  await receiver.count(1)
  const { rows: [{ hanging }] } = await world.owner.query(`select count(*)::int as hanging from webhook_deliveries where status = 'sending'`)
  assert.ok(hanging > 0, 'the good one was served while others hang')
  await sweeping
  // Second attempts may be on their way by now; they end here, and count as stopped.
  await courier.stop()

  assert.equal(canary.taken.length, 0)
  assert.equal((await rowsOf(good.id))[0]?.status, 'delivered')
  const { rows } = await world.owner.query<{ error: string; count: string }>(`select coalesce(error, status) as error, count(*) from webhook_deliveries where error is distinct from 'stopped' group by 1 order by 1`)
  assert.deepEqual(rows.map(({ error }) => error), ['delivered', 'econnreset', 'redirect', 'status', 'timeout', 'und_err_headers_overflow'])
  const again = await world.owner.query(`select 1 from webhook_deliveries where status = 'waiting' and attempts >= 1`)
  assert.equal(again.rowCount, bad.filter(({ manner }) => manner !== 'endless').length)
})

test('WHK-04, WHK-08: what its owner sees of a redirect and of a hostile answer', async () => {
  const canary = await aReceiver()
  receiver.manner = { redirect: 307, to: canary.url }
  const webhook = await aWebhook(ada, { url: receiver.url })
  await ada.post('/api/v2/notes', { title: 'x' })
  await followed(world)
  const courier = aCourier(aClient())
  await courier.sweep()
  const [redirected] = await deliveriesOf(ada, webhook.id)
  assert.deepEqual([redirected.status, redirected.error, redirected.answer, canary.taken.length], ['waiting', 'redirect', { status: 307, text: '' }, 0])

  receiver.manner = { say: `<img src=x onerror=alert(1)>${'y'.repeat(10_000)}`, status: 503 }
  await ada.post('/api/v2/notes', { title: 'y' })
  await followed(world)
  await courier.sweep()
  const [hostile] = await deliveriesOf(ada, webhook.id)
  assert.equal(hostile.answer.status, 503)
  assert.ok(hostile.answer.text.length <= 200 && !/[<>]/.test(hostile.answer.text))
  assert.ok(Number.isInteger(hostile.duration_ms))
})
