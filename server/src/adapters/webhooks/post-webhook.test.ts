import assert from 'node:assert/strict'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { after, afterEach, before, test } from 'node:test'
import { Webhook } from 'standardwebhooks'
import { startReceiver, type Manner, type Receiver } from '../../testing/webhook-receiver.ts'
import { createWebhookClient, safeText, type WebhookClient } from './post-webhook.ts'
import { newWebhookSecret, signWebhook, verifyWebhook } from './signature.ts'

const never = new AbortController().signal
let receiver: Receiver
let canary: Receiver
const clients: WebhookClient[] = []

before(async () => {
  receiver = await startReceiver()
  canary = await startReceiver()
})
after(async () => { await Promise.all([receiver.close(), canary.close()]) })
afterEach(async () => { await Promise.all(clients.splice(0).map((one) => one.close())) })

function aClient(options: Partial<Parameters<typeof createWebhookClient>[0]> = {}): WebhookClient {
  const made = createWebhookClient({ allowHttp: true, allowLoopback: true, ...options })
  clients.push(made)
  return made
}

const post = (by: WebhookClient, url = receiver.url, body = '{}') => by.post({ url, headers: {}, body }, never)

test('WHK-09: the npm verifier accepts what is sent, and the bytes sent are the bytes signed', async () => {
  receiver.manner = 204
  const [secret, old] = [newWebhookSecret(), newWebhookSecret()]
  const body = JSON.stringify({ type: 'note.created', data: { title: 'É 🏠 \u2028' } })
  const timestamp = Math.floor(new Date().getTime() / 1_000)

  const answer = await aClient().post({ url: receiver.url, body, headers: signWebhook({ id: 'msg_1', timestamp, body }, [secret, old]) }, never)

  const taken = receiver.taken.at(-1)
  assert.equal(answer.delivered, true)
  assert.deepEqual([taken?.method, taken?.headers['content-type'], taken?.headers['accept-encoding'], taken?.headers['webhook-id']], ['POST', 'application/json', 'identity', 'msg_1'])
  assert.equal(taken?.raw.toString(), body)
  for (const valid of [secret, old]) assert.deepEqual(new Webhook(valid).verify(taken?.raw ?? '', taken?.headers as Record<string, string>), JSON.parse(body))
  assert.throws(() => new Webhook(newWebhookSecret()).verify(taken?.raw ?? '', taken?.headers as Record<string, string>))
  assert.equal(signWebhook({ id: 'm', timestamp: 1, body }, [secret])['webhook-signature'], new Webhook(secret).sign('m', new Date(1_000), body))
})

test('WHK-10: a secret has at least 192 bits and is never the same', () => {
  const secrets = Array.from({ length: 50 }, newWebhookSecret)

  assert.equal(new Set(secrets).size, 50)
  for (const secret of secrets) assert.ok(secret.startsWith('whsec_') && Buffer.from(secret.slice(6), 'base64').length * 8 >= 192)
  assert.throws(() => signWebhook({ id: 'm', timestamp: 1, body: '' }, ['whsec_c2hvcnQ=']), TypeError)
})

test('WHK-03: a name that was public and is private when it is connected to is not reached', async () => {
  let lookups = 0
  const rebinding = aClient({ allowLoopback: false, resolve: (_name, done) => { done(null, [{ address: (lookups += 1) === 1 ? '192.0.2.1' : '127.0.0.1', family: 4 }]) } })
  const mixed = aClient({ allowLoopback: false, resolve: (_name, done) => { done(null, [{ address: '93.184.215.14', family: 4 }, { address: '127.0.0.1', family: 4 }]) } })
  const six = aClient({ allowLoopback: false, resolve: (_name, done) => { done(null, [{ address: '::ffff:127.0.0.1', family: 6 }]) } })

  for (const by of [rebinding, rebinding, mixed, six]) assert.equal((await post(by, `http://rebind.example.com:80/`)).fault, 'refused_address')

  assert.equal(lookups, 2)
  assert.equal(canary.taken.length, 0)
})

test('WHK-03: positive control: the same resolver reaches the canary where loopback is allowed', async () => {
  const open = aClient({ resolve: (_name, done) => { done(null, [{ address: '127.0.0.1', family: 4 }]) } })
  const before = receiver.taken.length

  assert.equal((await post(open, `http://localhost:${receiver.port}/`)).status, 204)
  assert.equal(receiver.taken.length, before + 1)
})

test('WHK-04: no redirect is followed', async () => {
  for (const redirect of [301, 302, 303, 307, 308]) {
    receiver.manner = { redirect, to: canary.url }
    assert.deepEqual(await post(aClient()), { delivered: false, status: redirect, fault: 'redirect', text: '' })
  }
  assert.equal(canary.taken.length, 0)
})

test('WHK-07: a receiver that hangs, resets, never ends, packs a bomb or shouts in its headers is cut off', async () => {
  const table: Array<[Manner, { delivered: boolean; status: number | null; fault: string | null }]> = [
    ['hang', { delivered: false, status: null, fault: 'timeout' }], ['reset', { delivered: false, status: null, fault: 'econnreset' }],
    ['endless', { delivered: true, status: 200, fault: null }], ['bomb', { delivered: false, status: 500, fault: 'status' }],
    ['big_headers', { delivered: false, status: null, fault: 'und_err_headers_overflow' }],
  ]

  for (const [manner, expected] of table) {
    receiver.manner = manner
    const { delivered, status, fault, text } = await post(aClient({ limits: { totalMs: 1_500 } }))
    assert.deepEqual({ delivered, status, fault }, expected, JSON.stringify(manner))
    assert.ok(text.length <= 200)
  }
})

test('a port that takes the connection and says nothing, also in TLS, is left at the limit', async () => {
  const mute: Server = createServer(() => {})
  await new Promise<void>((resolve) => { mute.listen(0, '127.0.0.1', resolve) })
  const { port } = mute.address() as AddressInfo

  for (const scheme of ['http', 'https']) assert.equal((await post(aClient({ limits: { totalMs: 300 } }), `${scheme}://127.0.0.1:${port}/`)).fault, 'timeout', scheme)

  mute.close()
})

test('WHK-07: what stops the system stops a call', async () => {
  receiver.manner = 'hang'
  const stop = new AbortController()
  const seen = receiver.taken.length
  const calling = aClient().post({ url: receiver.url, headers: {}, body: '{}' }, stop.signal)
  await receiver.count(seen + 1)

  stop.abort()

  assert.equal((await calling).fault, 'stopped')
})

test('WHK-08: of an answer at most 200 harmless characters are shown', async () => {
  receiver.manner = { say: `<script>alert("x")</script>\u0000\r\n\u202e&amp;'\`${'é'.repeat(5_000)}`, status: 500 }
  const { text } = await post(aClient())

  assert.ok(text.length <= 200 && text.length > 100)
  assert.doesNotMatch(text, /[<>&"'`\\\p{Cc}\p{Cf}]/u)
  assert.equal(safeText(Buffer.from([0xff, 0xfe, 0x41])), 'A')
  assert.ok(safeText(Buffer.from('🏠'.repeat(300))).isWellFormed())
})

test('WHK-13: a bad signature and a time beyond five minutes are 401, a replayed id is 200 and does nothing again', async () => {
  const [secret, other] = [newWebhookSecret(), newWebhookSecret()]
  const now = new Date('2026-11-26T12:00:00Z')
  const seen = new Set<string>()
  const remember = (id: string): Promise<boolean> => Promise.resolve(seen.size < seen.add(id).size)
  const raw = Buffer.from('{"answer": 1}')
  const at = (seconds: number, given: { secret?: string; body?: Buffer; id?: string } = {}) => {
    const timestamp = Math.floor(now.getTime() / 1_000) + seconds
    return verifyWebhook({ headers: signWebhook({ id: given.id ?? 'msg_1', timestamp, body: raw }, [given.secret ?? secret]), raw: given.body ?? raw, secrets: [secret], now, remember })
  }

  assert.deepEqual(await at(0, { secret: other }), { status: 401, fault: 'signature' })
  assert.deepEqual(await at(0, { body: Buffer.from('{"answer": 2}') }), { status: 401, fault: 'signature' })
  assert.deepEqual(await at(0, { body: Buffer.from('{"answer":1}') }), { status: 401, fault: 'signature' })
  for (const seconds of [301, -301, 9e6]) assert.deepEqual(await at(seconds), { status: 401, fault: 'time' })
  assert.equal(seen.size, 0, 'what is refused is not remembered')
  assert.deepEqual(await at(300), { status: 200, id: 'msg_1', fresh: true })
  assert.deepEqual(await at(-300), { status: 200, id: 'msg_1', fresh: false })
  for (const headers of [{}, { 'webhook-id': 'm', 'webhook-timestamp': 'x', 'webhook-signature': 'v1,a' }, { 'webhook-id': ['a', 'b'], 'webhook-timestamp': '1', 'webhook-signature': 'v1,a' }]) {
    assert.deepEqual(await verifyWebhook({ headers, raw, secrets: [secret], now, remember }), { status: 401, fault: 'headers' })
  }
})

test('WHK-14: the raw bytes are compared whole: a signature that is right in part, empty, or of another version is wrong', async () => {
  const secret = newWebhookSecret()
  const now = new Date('2026-11-26T12:00:00Z')
  const raw = Buffer.from([0x7b, 0xff, 0x7d])
  const headers = signWebhook({ id: 'm', timestamp: now.getTime() / 1_000, body: raw }, [secret])
  const right = headers['webhook-signature']
  const verify = (signature: string) => verifyWebhook({ headers: { ...headers, 'webhook-signature': signature }, raw, secrets: [newWebhookSecret(), secret], now, remember: () => Promise.resolve(true) })

  assert.equal((await verify(right)).status, 200)
  assert.equal((await verify(`v1,AAAA v2,x ${right}`)).status, 200)
  const mac = Buffer.from(right.slice(3), 'base64')
  const flipped = (byte: number): string => `v1,${Buffer.from(mac.map((value, index) => (index === byte ? value ^ 1 : value))).toString('base64')}`
  for (const wrong of ['', 'v1,', right.slice(0, -6), right.replace('v1,', 'v2,'), right.replace('v1,', ''), flipped(0), flipped(15), flipped(31), `v1a,${right.slice(3)}`]) assert.equal((await verify(wrong)).status, 401, wrong)
})
