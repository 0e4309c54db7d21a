import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, test } from 'node:test'
import { listenTo } from '../testing/socket.ts'
import { rawRequest, sendRaw } from '../testing/wire.ts'
import { startWorld, type World } from '../testing/world.ts'
import { createLog, describeError } from './log.ts'

/** Words that stand nowhere but where the session puts them. */
const planted = (name: string): string => `plnt${name}${randomBytes(6).toString('hex')}`
const NAMES = ['mail', 'name', 'password', 'title', 'body', 'edited', 'query', 'message', 'subject', 'text', 'beneficiary', 'reference', 'contact', 'thread', 'post', 'identity', 'task', 'reason', 'token', 'cookie', 'agent', 'seal', 'key', 'path', 'param', 'header', 'member', 'other', 'wrong', 'tool'] as const
const P = Object.fromEntries(NAMES.map((name) => [name, planted(name)])) as Record<(typeof NAMES)[number], string>

let world: World
before(async () => { world = await startWorld({ settings: { LOG_LEVEL: 'trace', RATE_LIMIT: 'on', TRUST_PROXY: '1', ANTHROPIC_API_KEY: '' } }) })
after(() => world.close())

/** A person's day: everything that they can say, in every place where it can be said, and every way to be refused. */
async function liveADay(): Promise<string[]> {
  const email = `${P.mail}@example.org`
  const password = `${P.password} A1!`
  const ada = await world.person({ email, password, name: `${P.name} Lovelace` })
  const bob = await world.person({ name: P.other })
  await world.anyone.post('/api/v2/auth/login', { email, password: P.wrong }, { 'x-forwarded-for': '198.51.100.77', 'user-agent': P.agent })
  const { body: again } = await world.anyone.post('/api/v2/auth/login', { email, password }, { cookie: `session=${P.cookie}` })
  const { body: fresh } = await world.anyone.post('/api/v2/auth/refresh', {}, { authorization: `Bearer ${again.refresh_token}` })
  await world.anyone.post('/api/v2/auth/refresh', {}, { authorization: `Bearer ${again.refresh_token}` })
  await world.anyone.post('/api/v2/auth/register', { email, password, name: P.name })
  await ada.post('/api/v2/auth/change-password', { current_password: P.wrong, new_password: `${P.password} B2!` })

  const { body: note } = await ada.post('/api/v2/notes', { title: P.title, body: P.body }, { 'idempotency-key': P.key, 'x-request-id': 'a-request-id-of-mine' })
  await ada.patch(`/api/v2/notes/${note.id}`, { body: P.edited })
  await ada.get(`/api/v2/notes?query=${P.query}`)
  await bob.get(`/api/v2/notes/${note.id}`)
  const { body: contact } = await ada.post('/api/v2/contacts', { name: P.contact, email: bob.user.email })
  await ada.post('/api/v2/messages', { to: P.contact, subject: P.subject, body: P.text })
  await ada.post('/api/v2/messages', { to: `${P.mail}2@example.net`, subject: P.subject, body: P.text })
  await ada.post('/api/v2/tasks', { title: P.task })
  const { body: thread } = await ada.post('/api/v2/threads', { title: P.thread })
  await ada.post(`/api/v2/threads/${thread.id}/messages`, { text: P.post })
  await ada.post('/api/v2/identities', { type: 'enterprise', name: P.identity })
  const held = await ada.post('/api/v2/payments/orders', { beneficiary: P.beneficiary, amount_minor: 4_242, currency: 'EUR', reference: P.reference })
  await ada.post(`/api/v2/governance/checkpoints/${held.body.checkpoint?.id}/reject`, { reason: P.reason })
  for (const message of [`Crée une note « ${P.message} »`, `Supprime la note « ${P.title} »`, `Envoie « ${P.text} » à ${P.contact}`, `${P.message} ?!`, '']) await ada.post('/api/v2/nova/query', { message })
  await ada.post('/api/v2/nova/query', { action: { tool: P.tool, args: { [P.member]: P.text } } })
  await ada.get('/api/v2/governance/audit/export')

  const socket = await listenTo(world.url, ada.token, `user:${ada.user.id}`)
  socket.send({ type: 'subscribe', channel: P.param })
  socket.send(P.text)
  socket.close()
  for (const seal of [P.seal, world.seal]) await world.anyone.post('/api/atom/killswitch', { reason: P.reason }, { 'x-architect-seal': seal })
  await ada.post('/api/v2/notes', { title: P.title })
  await world.anyone.post('/api/atom/revive', { reason: P.reason }, { 'x-architect-seal': world.seal })
  await bob.get('/api/v2/messages')
  await refuseInEveryWay(ada.token)
  await ada.del(`/api/v2/contacts/${contact.id}`)
  await ada.post('/api/v2/auth/logout', { all: true })
  return [ada.token, ada.refreshToken, again.access_token, again.refresh_token, fresh.access_token, fresh.refresh_token, bob.token, bob.refreshToken, bob.user.email, ada.user.id, bob.user.id, ada.identity.id, note.id, thread.id]
}

async function refuseInEveryWay(token: string): Promise<void> {
  const headers = { authorization: `Bearer ${token}` }
  for (const path of [`/${P.path}`, `/api/v2/notes/${P.path}`, `/api/v2/notes?${P.param}=${P.param}`, `/api/v2/agents/${P.path}`, `/api/v2/notes/%ff${P.path}`, `/api/v2/notes?cursor=${P.param}`, `/api/v2/notes?x=%00${P.param}`, `/ws?token=${P.token}`, `/api/v2/spheres/${P.path}`]) {
    for (const given of [headers, { authorization: `Bearer ${P.token}` }, { authorization: P.token }, { ...headers, 'x-identity-id': P.header, referer: `https://x/${P.path}`, origin: `https://${P.header}` }]) await world.anyone.get(path, given)
  }
  for (const body of [`{"${P.member}":1}`, `{"${P.member}`, `["${P.text}"]`, `{"title":"${P.text}\\u0000"}`, `"${P.text.repeat(60_000)}"`]) await world.anyone.post('/api/v2/notes', body, headers)
  await sendRaw(world.url, `${P.text} /${P.path} HTTP/9\r\n${P.header}: ${P.header}\r\n\r\n`)
  await sendRaw(world.url, rawRequest(`TRACE /${P.path}`, [`X: ${P.header}`]))
  // A failure of our own, with a person's words in what PostgreSQL says of it.
  await world.owner.query(`alter table notes add constraint broken check (title not like 'plnt%') not valid; alter table tasks rename column title to title_`)
  await world.anyone.post('/api/v2/notes', { title: P.title, body: P.body }, headers)
  await world.anyone.post('/api/v2/tasks', { title: P.task }, headers)
  await world.owner.query('alter table tasks rename column title_ to title; alter table notes drop constraint broken')
}

test('SEC-06: a whole session leaves nothing of a person in the log: no name, mail, token, text, address or secret', async () => {
  const secrets = await liveADay()
  const log = world.logLines.join('')

  assert.ok(world.logLines.length > 70, `the log was written: ${world.logLines.length} lines`)
  assert.ok(world.logLines.some((line) => line.includes('"status":500')), 'something failed')
  assert.ok(world.logLines.some((line) => line.includes('a-request-id-of-mine')), 'the control: what may be logged is found')
  for (const [name, word] of Object.entries(P)) assert.ok(!log.includes(word), `${name} is in the log: ${world.logLines.find((line) => line.includes(word))}`)
  for (const secret of [...secrets, world.seal, Buffer.from(world.platform.secrets.jwt).toString(), '198.51.100.77', '127.0.0.1', 'Lovelace', 'example.org']) assert.ok(!log.includes(secret), `${secret} is in the log`)
  assert.doesNotMatch(log, /eyJ|Bearer|select |insert into|4242/)

  const metrics = await world.anyone.get('/metrics')
  for (const word of [...Object.values(P), ...secrets, world.seal]) assert.ok(!String(metrics.body).includes(word), `${word} is in the metrics`)
})

test('one line a request, in JSON: id, method, the pattern of the route, status and time', async () => {
  const before = world.logLines.length
  await world.anyone.get('/api/v2/agents/orchestrator?x=1', { 'x-request-id': 'one-line-please' })

  const lines = world.logLines.slice(before).map((line) => JSON.parse(line)).filter((line) => line.request_id === 'one-line-please')
  assert.equal(lines.length, 1)
  const { at, duration_ms: duration, ...line } = lines[0]
  assert.deepEqual(line, { level: 'info', request_id: 'one-line-please', method: 'GET', route: '/api/v2/agents/:code', status: 401, msg: 'request' })
  assert.ok(!Number.isNaN(Date.parse(at)) && duration >= 0)
})

test('SEC-06: an error is logged by its kind and its place, never by what it says', () => {
  const error = Object.assign(new TypeError(`cannot read ${P.text}`, { cause: new Error(P.text) }), { code: '23505', detail: P.text, table: 'users', constraint: 'users_email_key', where: P.text, input: { text: P.text } })
  const lines: string[] = []
  createLog('info', { write: (line: string) => { lines.push(line) } }).error({ error, err: error }, 'failed')

  const described = describeError(error)
  assert.deepEqual([described.type, described.code, described.table, described.constraint], ['TypeError', '23505', 'users', 'users_email_key'])
  assert.ok(Array.isArray(described.frames) && described.frames.length > 0)
  assert.doesNotMatch(lines.join(''), /plnt/)
  for (const thrown of [P.text, { message: P.text }, [P.text], Symbol(P.text)]) assert.doesNotMatch(JSON.stringify(describeError(thrown)), /plnt/)
})
