import assert from 'node:assert/strict'
import { after, afterEach, before, beforeEach, test } from 'node:test'
import { Webhook } from 'standardwebhooks'
import type { Person } from '../../testing/person.ts'
import { startReceiver, type Receiver } from '../../testing/webhook-receiver.ts'
import { startWorld, type World } from '../../testing/world.ts'
import { loginWithCode, withFactor } from '../accounts/testing.ts'
import { createSecretKeeper } from './keep-secret.ts'
import { approved, aWebhook, delivered, deliveriesOf, LOOPBACK, secretOf } from './testing.ts'

let world: World
let ada: Person
let receiver: Receiver

before(async () => {
  world = await startWorld({ settings: LOOPBACK })
  for (const follower of world.app.followers) await follower.start()
})
after(() => world.close())
beforeEach(async () => {
  receiver = await startReceiver()
  ada = await world.person()
})
afterEach(() => receiver.close())

test('WHK-09, WHK-10: an event arrives signed with the secret that was shown once, byte for byte as it was signed', async () => {
  const webhook = await aWebhook(ada, { url: receiver.url, headers: [{ name: 'X-Mine', value: 'yes' }] })
  const secret = await secretOf(ada, webhook.id)
  const { body: note } = await ada.post('/api/v2/notes', { title: 'Secret title', body: 'Secret body' })

  await delivered(world)

  const [taken] = receiver.taken
  assert(taken)
  const said = new Webhook(secret).verify(taken.raw, taken.headers as Record<string, string>) as { type: string; timestamp: string; data: unknown }
  assert.deepEqual([said.type, said.data], ['note.created', { note_id: note.id, sphere_id: 1 }])
  assert.equal(taken.headers['x-mine'], 'yes')
  assert.ok(!taken.raw.includes('Secret'), 'content stays in its row')
  const [delivery] = await deliveriesOf(ada, webhook.id)
  assert.deepEqual([delivery.id, delivery.status, delivery.attempts, delivery.type, delivery.answer], [taken.headers['webhook-id'], 'delivered', 1, 'note.created', { status: 200, text: 'thanks' }])
})

test('WHK-10: a secret is shown once and to no answer, row or record besides; two are valid during a rotation', async () => {
  const webhook = await aWebhook(ada, { url: receiver.url })
  const both = await Promise.all([ada.post(`/api/v2/webhooks/${webhook.id}/secret`), ada.post(`/api/v2/webhooks/${webhook.id}/secret`)])
  assert.deepEqual(both.map(({ status }) => status).toSorted(), [200, 410])
  const first = both.find(({ status }) => status === 200)?.body.secret as string
  assert.ok(Buffer.from(first.slice(6), 'base64').length * 8 >= 192)

  await approved(ada, 'post', `/api/v2/webhooks/${webhook.id}/rotate`)
  const second = await secretOf(ada, webhook.id)
  await ada.post('/api/v2/notes', { title: 'x' })
  await delivered(world)
  const during = receiver.taken.at(-1)
  for (const secret of [first, second]) assert.doesNotThrow(() => new Webhook(secret).verify(during?.raw ?? '', during?.headers as Record<string, string>))

  const { rows } = await world.owner.query('select secret, old_secret from webhooks where id = $1', [webhook.id])
  const kept = JSON.stringify([rows, (await world.owner.query('select * from audit_events where identity_id = $1', [ada.identity.id])).rows, (await world.owner.query('select * from checkpoints where identity_id = $1', [ada.identity.id])).rows, (await ada.get(`/api/v2/webhooks/${webhook.id}`)).body])
  for (const secret of [first, second]) assert.ok(!kept.includes(secret.slice(6)))
  assert.throws(() => createSecretKeeper(world.platform.secrets.derive('webhooks')).open(ada.identity.id, rows[0].secret), 'a secret opens for its own endpoint only')
})

test('TFA-13: a secret is shown to who gave their second factor in the last 5 minutes, where one is set', async () => {
  const webhook = await aWebhook(ada, { url: receiver.url })
  const { secret } = await withFactor(world, ada)

  const found = await ada.post(`/api/v2/webhooks/${webhook.id}/secret`)
  const proved = await (await loginWithCode(world, ada, secret)).post(`/api/v2/webhooks/${webhook.id}/secret`)
  assert.deepEqual([found.status, found.body.code, proved.status], [403, 'step_up_required', 200])
})

test('the old secret is over a day after the rotation', async () => {
  const other = await startWorld({ settings: LOOPBACK })
  const bob = await other.person()
  for (const follower of other.app.followers) await follower.start()
  const webhook = await aWebhook(bob, { url: receiver.url, events: ['*'] })
  const first = await secretOf(bob, webhook.id)
  await approved(bob, 'post', `/api/v2/webhooks/${webhook.id}/rotate`)
  await delivered(other)
  const { rowCount } = await other.owner.query(`update webhooks set old_secret_until = now() - interval '1 second'`)
  await bob.post('/api/v2/notes', { title: 'x' })
  await delivered(other)

  assert.equal(rowCount, 1)
  const last = receiver.taken.at(-1)
  assert.throws(() => new Webhook(first).verify(last?.raw ?? '', last?.headers as Record<string, string>))
  assert.equal(String(last?.headers['webhook-signature']).split(' ').length, 1)
  await other.close()
})

test('opening, changing, enabling and rotating wait for approval, also when the person asks; the approver sees where the events go', async () => {
  const held = await ada.post('/api/v2/webhooks', { url: receiver.url.toUpperCase().replace('/HOOK', '/hook'), events: ['checkpoint.*'] })
  assert.equal(held.status, 423)
  assert.deepEqual([held.body.checkpoint.effect, held.body.checkpoint.args.url], ['GRANT', receiver.url])
  assert.match(held.body.checkpoint.summary, /checkpoint\.\*/)
  assert.deepEqual((await ada.get('/api/v2/webhooks')).body.items, [])

  const webhook = await aWebhook(ada, { url: receiver.url })
  for (const [method, path, body] of [['patch', '', { events: ['*'] }], ['post', '/enable', {}], ['post', '/rotate', {}]] as const) assert.equal((await ada[method](`/api/v2/webhooks/${webhook.id}${path}`, body)).status, 423, path)
  assert.equal((await ada.post(`/api/v2/webhooks/${webhook.id}/disable`)).body.status, 'disabled')
})

test('WHK-01, WHK-02, WHK-06, WHK-15: what may not be an endpoint is 400 before anybody is asked, also when it is changed later', async () => {
  const strict = await startWorld()
  const bob = await strict.person()
  for (const url of ['http://example.com/', 'https://127.0.0.1/', 'https://[::ffff:169.254.169.254]/', 'https://user:pw@example.com/', 'https://example.com:6379/', 'https://localhost/', 'https://2130706433/', 'nonsense']) {
    const { status, body } = await bob.post('/api/v2/webhooks', { url, events: ['*'] })
    assert.deepEqual([status, body.code], [400, 'unsafe_url'], url)
  }
  for (const [name, value] of [['x-mine', 'a\r\nx-evil: 1'], ['host', 'x'], ['webhook-id', 'x'], ['a b', 'x'], ['authorization', 'x']]) {
    const { status, body } = await bob.post('/api/v2/webhooks', { url: 'https://hooks.example.com/', events: ['*'], headers: [{ name, value }] })
    assert.deepEqual([status, body.code], [400, 'unsafe_header'], name)
  }
  const webhook = await approved(bob, 'post', '/api/v2/webhooks', { url: 'https://hooks.example.com/a', events: ['*'] })
  assert.equal((await bob.patch(`/api/v2/webhooks/${webhook.id}`, { url: 'https://10.0.0.1/' })).status, 400)
  assert.equal((await bob.get('/api/v2/governance/checkpoints?status=pending')).body.items.length, 0)
  await strict.close()
})

test('an endpoint hears its own identity and account, never another’s', async () => {
  const bob = await world.person()
  const theirs = await startReceiver()
  await aWebhook(ada, { url: receiver.url, events: ['*'] })
  const webhook = await aWebhook(bob, { url: theirs.url, events: ['*'] })
  await delivered(world)
  receiver.taken.length = 0

  await bob.post('/api/v2/notes', { title: 'Bob’s' })
  await bob.post('/api/v2/auth/login', { email: bob.user.email, password: bob.password })
  await delivered(world)

  assert.deepEqual(receiver.taken, [])
  const types = theirs.taken.map(({ raw }) => JSON.parse(raw.toString()).type)
  assert.ok(types.includes('note.created') && types.includes('user.login'), String(types))
  for (const path of ['', '/deliveries']) assert.equal((await ada.get(`/api/v2/webhooks/${webhook.id}${path}`)).status, 403)
  for (const path of ['/secret', '/ping', '/disable', '/rotate']) assert.equal((await ada.post(`/api/v2/webhooks/${webhook.id}${path}`)).status, 403, path)
  assert.equal((await ada.get('/api/v2/webhooks/01939a3e-7c5d-7abc-8def-0123456789ab')).status, 404)
  await theirs.close()
})

test('a ping is delivered; a delivery that ended can be delivered again under its id; a page follows a page', async () => {
  const webhook = await aWebhook(ada, { url: receiver.url })
  const { body: ping } = await ada.post(`/api/v2/webhooks/${webhook.id}/ping`)
  assert.deepEqual([ping.type, ping.status], ['webhook.ping', 'waiting'])
  await delivered(world)
  assert.equal((await ada.post(`/api/v2/webhooks/${webhook.id}/deliveries/${ping.id}/redeliver`)).status, 200)
  await ada.post('/api/v2/notes', { title: 'x' })
  await delivered(world)

  assert.deepEqual(receiver.taken.map(({ headers }) => headers['webhook-id']).filter((id) => id === ping.id).length, 2)
  const first = (await ada.get(`/api/v2/webhooks/${webhook.id}/deliveries?limit=1`)).body
  const second = (await ada.get(`/api/v2/webhooks/${webhook.id}/deliveries?limit=1&cursor=${encodeURIComponent(first.next_cursor)}`)).body
  assert.deepEqual([first.items[0].type, second.items[0].type, second.next_cursor], ['note.created', 'webhook.ping', null])
  await ada.del(`/api/v2/webhooks/${webhook.id}`)
  assert.equal((await ada.get(`/api/v2/webhooks/${webhook.id}`)).status, 404)
})

test('an identity has at most twenty', async () => {
  await world.owner.query(`insert into webhooks (id, identity_id, user_id, url, description, events, event_regex, headers, secret, status, created_at, updated_at)
    select gen_random_uuid(), $1, $2, 'https://example.com/', '', '{x}', '^x$', '[]', '', 'disabled', now(), now() from generate_series(1, 20)`, [ada.identity.id, ada.user.id])

  assert.equal((await ada.post('/api/v2/webhooks', { url: receiver.url, events: ['*'] })).status, 409)
})
