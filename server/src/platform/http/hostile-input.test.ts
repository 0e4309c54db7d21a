import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Answer, Person } from '../../testing/person.ts'
import { operationsOf, type OpenApi } from '../../testing/openapi.ts'
import { rawRequest, sendRaw } from '../../testing/wire.ts'
import { aWebhook } from '../../domains/webhooks/testing.ts'
import { startWorld, type World } from '../../testing/world.ts'

let world: World
let ada: Person
before(async () => {
  world = await startWorld()
  ada = await world.person()
})
after(() => world.close())

const NOWHERE = '01890000-0000-7000-8000-000000000000'
const statusesOf = (answers: Answer[]): number[] => [...new Set(answers.map(({ status }) => status))].toSorted()

/** Every write of the API with a text in it, and where that text is read back. */
const TEXTS: Array<{ path: string; body: (text: string) => Record<string, unknown>; back: (answer: Answer) => unknown }> = [
  { path: '/notes', body: (text) => ({ title: 'x', body: text }), back: ({ body }) => body.body },
  { path: '/threads', body: (text) => ({ title: `t${text}t` }), back: ({ body }) => body.title.slice(1, -1) },
  { path: '/tasks', body: (text) => ({ title: `t${text}t` }), back: ({ body }) => body.title.slice(1, -1) },
  { path: '/contacts', body: (text) => ({ name: `n${text}n` }), back: ({ body }) => body.name.slice(1, -1) },
  { path: '/nova/query', body: (text) => ({ action: { tool: 'notes.create', args: { title: 'x', body: text } } }), back: ({ body }) => body.actions[0].result.body },
]

const NAUGHTY = [
  'undefined', 'null', 'NaN', 'true', '0', '-0', '1e1000', '0x0', '1/0', '$1.00', '--1', '123456789012345678901234567890', '٠١٢', ',./;\'[]\\-=', '<>?:"{}|_+', '!@#$%^&*()`~', '\u0001\u0008\u007f', '\u0080\u009f', '\t\v\f \u0085\u00a0\u1680\u2000\u2028\u2029\u3000',
  '\u00ad\u0600\u200b\u200e\u202a\u202e\u2066\ufeff\u{e0001}', 'Ω≈ç√∫˜µ≤≥÷', '田中さんにあげて', 'Ⱥ', 'İiıI', 'ß ﬁ ǆ', '👩‍👩‍👦🏳️‍🌈', '🇨🇦', 'א‮מ', 'Z̮̞̠̙͔ͅḀ̗̞͈̻̗Ḷ͙͎̯̹̞͓G̻O̭̗̮', '˙ɐnbᴉlɐ', '\'\'; --', '" or ""="', '${jndi:ldap://x/y}', '{{7*7}} ${7*7} <%= 7*7 %> #{7*7}', '%s%n%d%x', '() { :; }; echo x', '$(touch /tmp/x) `ls` | ls && ls',
  '../../../../etc/passwd\\..\\', 'file:///etc/passwd', 'CON PRN AUX NUL', 'a\r\nSet-Cookie: x=1', '\x1b[31mred\x1b[0m', '{"__proto__":{"a":1}}', '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>', 'If you’re reading this', '\\u0000', '%00', 'A'.repeat(150), '\ud83d\ude39', 'é'.normalize('NFD'),
]

const MARKUP = [
  '<script>alert(1)</script>', '<img src=x onerror=alert(1)>', '"><svg/onload=alert(1)>', 'javascript:alert(1)', '<a href="javascript:alert(1)">x</a>', '<iframe srcdoc="<script>alert(1)</script>">', '\'-alert(1)-\'', '</script><script>alert(1)</script>', '<math><mi//xlink:href="data:x,<script>alert(1)</script>">', '<x onclick=alert(1)>', '\u003cscript\u003e', '&lt;script&gt;', '[x](javascript:alert(1))', '![x](https://evil.example/?leak)',
]

for (const { path, body, back } of TEXTS) {
  test(`INP-05, INP-07: POST ${path}: naughty text and markup come back byte for byte, as JSON that no browser runs`, async () => {
    for (const text of [...NAUGHTY, ...MARKUP]) {
      const answer = await ada.post(`/api/v2${path}`, body(text))

      assert.ok(answer.status === 200 || answer.status === 201, `${answer.status} for ${JSON.stringify(text)}`)
      assert.equal(back(answer), text)
      assert.deepEqual([answer.headers.get('content-type'), answer.headers.get('x-content-type-options')], ['application/json; charset=utf-8', 'nosniff'])
    }
  })
}

const INJECTIONS = [
  "'", "''", '"', "' or '1'='1", "' or 1=1--", "'; drop table notes; --", "1; select pg_sleep(99)", "' || pg_sleep(99) --", "') or ('a'='a", "' union select null,version()--", "1' and extractvalue(1,concat(0x7e,version()))--", '\\\'; --', "%27%20or%201=1", "$$; select 1; $$", "' and 1=cast((select version()) as int)--", 'admin\'--', "x' and (select 1 from pg_sleep(99))='", '1 or 1=1', "'||(select password_hash from users limit 1)||'", "\u02bc or 1=1",
]

// One pg_sleep of an injection that works would take longer than all of them together may.
test('INP-01: SQL in queries, paths, bodies and headers is text: no 5xx, no delay, nothing changed', { timeout: 90_000 }, async () => {
  ada = await world.person()
  await ada.post('/api/v2/notes', { title: 'Canary' })
  const before = (await world.owner.query('select (select count(*) from notes) as notes, (select count(*) from users) as users')).rows[0]
  for (const sql of INJECTIONS) {
    const text = encodeURIComponent(sql)
    const answers = await Promise.all([
      ada.get(`/api/v2/notes?query=${text}`), ada.get(`/api/v2/tasks?status=${text}`), ada.get(`/api/v2/notes?sphere_id=${text}`), ada.get(`/api/v2/notes?limit=${text}`), ada.get(`/api/v2/notes?cursor=${text}`), ada.get(`/api/v2/governance/audit?action=${text}`),
      ada.get(`/api/v2/notes/${text}`), ada.get(`/api/v2/agents/${text}`), ada.get(`/api/v2/spheres/${text}`), ada.get(`/api/v2/threads/${text}/messages`),
      world.anyone.post('/api/v2/auth/login', { email: sql, password: sql }), ada.post('/api/v2/notes', { title: 'x', sphere_id: sql }), ada.post('/api/v2/nova/query', { message: `Trouve la note « ${sql} »` }), ada.post('/api/v2/nova/query', { action: { tool: sql, args: { [sql]: sql } } }),
      ada.get('/api/v2/notes', { 'x-identity-id': text }), ada.get('/api/v2/notes', { authorization: `Bearer ${text}` }), ada.get('/health', { 'x-request-id': text, 'user-agent': text, referer: text }),
    ])
    for (const { status, body } of answers) {
      assert.ok(status < 500, `${status} for ${sql}: ${JSON.stringify(body)}`)
      assert.doesNotMatch(JSON.stringify(body), /postgres|syntax error|argon2|PostgreSQL \d/i)
    }
    for (const { body } of answers.slice(0, 1)) assert.deepEqual(body.items ?? [], [], `${sql} finds nothing`)
  }
  assert.deepEqual((await world.owner.query('select (select count(*) from notes) as notes, (select count(*) from users) as users')).rows[0], before)
})

test('ERR-07: NUL and lone surrogates are 400 in every body, query and path', async () => {
  for (const bad of ['\\u0000', '\\ud800', 'x\\udc00y', '\\ud83d\\ud83d']) {
    const bodies: Array<[string, string]> = [['/notes', `{"title":"${bad}"}`], ['/notes', `{"title":"x","${bad}":1}`], ['/nova/query', `{"message":"${bad}"}`], ['/nova/query', `{"action":{"tool":"notes.create","args":{"title":"${bad}"}}}`], ['/auth/login', `{"email":"${bad}","password":"x"}`], ['/governance/checkpoints', `{"tool":"${bad}","args":{"a":["${bad}"]}}`]]
    for (const [path, body] of bodies) assert.equal((await ada.post(`/api/v2${path}`, body)).status, 400, `${path} ${body}`)
  }
  for (const bad of ['%00', 'a%00b', '%ED%A0%80', '%ff', '%C0%80', '%F4%90%80%80', '%', '%u0000']) {
    for (const path of [`/api/v2/notes/${bad}`, `/api/v2/agents/${bad}`, `/api/v2/spheres/${bad}`, `/api/v2/notes?query=${bad}`, `/api/v2/notes?${bad}=x`, `/api/v2/tasks?x=%41&query=${bad}`, `/nowhere/${bad}`]) {
      const { status } = await sendRaw(world.url, rawRequest(`GET ${path}`, [`Authorization: Bearer ${ada.token}`]))
      assert.equal(status, 400, path)
    }
  }
})

test('INP-03: where a text belongs, objects, lists, numbers and operators are refused', async () => {
  const wrongs: unknown[] = [{ $gt: '' }, { $ne: null }, { $where: 'sleep(1)' }, [], ['x'], {}, 7, true, { toString: 'x' }, [{ $regex: '.*' }]]
  for (const wrong of wrongs) {
    const answers = await Promise.all([
      world.anyone.post('/api/v2/auth/login', { email: wrong, password: 'x' }), world.anyone.post('/api/v2/auth/login', { email: ada.user.email, password: wrong }), world.anyone.post('/api/v2/auth/refresh', { refresh_token: wrong }),
      ada.post('/api/v2/notes', { title: wrong }), ada.patch(`/api/v2/notes/${NOWHERE}`, { title: wrong }), ada.post('/api/v2/tasks', { title: wrong }), ada.post('/api/v2/threads', { title: wrong }), ada.post('/api/v2/contacts', { name: wrong }),
      ada.post('/api/v2/messages', { to: wrong, body: 'x' }), ada.post('/api/v2/nova/query', { message: wrong }), ada.post('/api/v2/nova/query', { action: { tool: 'notes.delete', args: { note_id: wrong } } }), ada.post('/api/v2/identities', { type: 'enterprise', name: wrong }),
    ])
    assert.deepEqual(statusesOf(answers), [422], JSON.stringify(wrong))
  }
  for (const query of ['query[$gt]=', 'query[]=x', 'query[a]=x', 'status[$ne]=x', '__proto__=x', 'constructor=x', '__proto__[admin]=1']) assert.equal((await ada.get(`/api/v2/notes?${query}`)).status, 422, query)
})

test('INP-06: paths that climb lead nowhere, raw or encoded', async () => {
  const climbs = ['../', '..%2f', '%2e%2e/', '%2e%2e%2f', '..%5c', '..\\', '....//', '..;/', '%252e%252e%252f', '%c0%ae%c0%ae/', '..%c0%af', '.%2e/', '%2e./', '..%00/', '/./', '//', '\\\\']
  for (const climb of climbs) {
    for (const [start, end] of [['/', 'etc/passwd'], ['/docs/static/', 'package.json'], ['/docs/', 'etc/passwd'], ['/api/v2/notes/', 'etc/passwd'], ['/api/v2/agents/', 'server/src/main.ts'], ['/api/v2/spheres/', '.env']]) {
      const { status, body } = await sendRaw(world.url, Buffer.from(rawRequest(`GET ${start}${climb.repeat(6)}${end}`, [`Authorization: Bearer ${ada.token}`]), 'latin1'))
      assert.ok([400, 404, 405, 422].includes(status), `${status} for ${start}${climb}`)
      assert.doesNotMatch(body, /root:|"dependencies"|createApp|ANTHROPIC/)
    }
  }
})

test('INP-10: a parameter that comes twice, as a list or as an object, is refused', async () => {
  for (const query of ['limit=1&limit=2', 'limit=1&limit=1', 'limit[]=1', 'limit[0]=1', 'limit[a]=1', 'limit=1,2', 'query=a&query=b', 'binned=true&binned=false', 'cursor=a&cursor=b', 'limit=1;limit=2']) assert.equal((await ada.get(`/api/v2/notes?${query}`)).status, 422, query)
  const { body: note } = await ada.post('/api/v2/notes', { title: 'x' })
  assert.equal((await ada.patch(`/api/v2/notes/${note.id}`, { note_id: NOWHERE, title: 'y' })).status, 400, 'nor in the path and in the body')
  assert.equal((await ada.get(`/api/v2/notes/${note.id}?note_id=${NOWHERE}`)).status, 400)
})

test('INP-11: what is not a whole number in its range is refused, in bodies and in queries', async () => {
  const amounts = ['2147483648000000000000', '9007199254740993', '1e999', '-1e999', '-0', '0', '-1', '1.5', '1e-1', '"1"', 'null', '[1]', '1e400']
  for (const amount of amounts) {
    const { status } = await ada.post('/api/v2/payments/orders', `{"beneficiary":"Bob","amount_minor":${amount},"currency":"EUR"}`)
    assert.ok(status === 422 || status === 400, `${status} for ${amount}`)
  }
  for (const number of ['NaN', '-0', '0', '-1', '1.5', '1e2', '0x10', '2147483648', '9007199254740993', '1e999', 'Infinity', '', '١']) {
    const { status } = await ada.get(`/api/v2/notes?limit=${encodeURIComponent(number)}`)
    assert.equal(status, number === '1e2' || number === '0x10' ? 200 : 422, number)
  }
  for (const sphere of [0, -1, 16, 1.5, 2_147_483_648]) assert.equal((await ada.post('/api/v2/notes', { title: 'x', sphere_id: sphere })).status, 422, String(sphere))
})

test('INP-12: on every list, a limit out of bounds is 422 and a cursor that is not ours 400', async () => {
  const document = (await world.anyone.get('/openapi.json')).body as OpenApi
  const lists = operationsOf(document).filter(({ operation }) => operation.parameters?.some(({ name }) => name === 'cursor')).map(({ path }) => path)
  assert.ok(lists.length > 8)
  const { body: thread } = await ada.post('/api/v2/threads', { title: 'x' })
  const { body: organisation } = await ada.post('/api/v2/organisations', { name: 'Engines Ltd' })
  const webhook = await aWebhook(ada, { url: 'https://93.184.215.14/' })
  const ids: Record<string, string> = { thread_id: thread.id, organisation_id: organisation.id, webhook_id: webhook.id, sphere: 'personal', section: 'threads' }

  const get = (path: string) => ada.get(path, { 'x-architect-seal': world.seal })

  for (const list of lists) {
    const path = list.replace(/\{(\w+)\}/g, (_, name: string) => ids[name] ?? NOWHERE)
    for (const limit of ['0', '101', '-1', '1e9', 'all']) assert.equal((await get(`${path}?limit=${limit}`)).status, 422, `${path} ${limit}`)
    for (const cursor of ['x', 'x.y', `${Buffer.from(NOWHERE).toString('base64url')}.AAAAAAAAAAAAAAAA`, '%2e', 'null']) assert.equal((await get(`${path}?cursor=${cursor}`)).status, 400, `${path} ${cursor}`)
    assert.equal((await get(`${path}?limit=100`)).status, 200, path)
  }
})

test('INP-15: parameters and headers that nobody declared change nothing', async () => {
  const { body: note } = await ada.post('/api/v2/notes', { title: 'Plain' })
  const names = ['debug', 'test', 'admin', 'is_admin', 'role', 'user_id', 'identity_id', 'owner', 'tenant', 'format', 'callback', 'jsonp', 'fields', 'include', 'expand', 'env', 'config', 'trace', 'verbose', 'internal', 'preview', 'draft', 'sudo', 'as', 'impersonate', '_method', 'X-Debug', 'source', 'raw', 'sql', 'template', 'redirect', 'url', 'next']
  for (const name of names) {
    for (const value of ['1', 'true', NOWHERE]) {
      const { status, body } = await ada.get(`/api/v2/notes/${note.id}?${name}=${value}`)
      assert.deepEqual([status, body.errors?.[0].path], [422, name])
    }
    assert.equal((await ada.post('/api/v2/notes', { title: 'x', [name]: 'x' })).status, 422, name)
  }
  const plain = await ada.get(`/api/v2/notes/${note.id}`)
  const headers = ['x-debug', 'x-admin', 'x-role', 'x-user-id', 'x-user', 'x-forwarded-user', 'x-remote-user', 'x-forwarded-host', 'x-forwarded-proto', 'x-forwarded-prefix', 'x-original-url', 'x-rewrite-url', 'x-http-method-override', 'x-api-version', 'x-internal', 'x-test', 'x-trace', 'x-sudo', 'x-tenant-id', 'x-client-cert', 'x-wap-profile', 'true-client-ip', 'accept-version', 'x-csrf-token', 'if-none-match', 'if-modified-since', 'range']
  for (const header of headers) {
    const { status, body } = await ada.get(`/api/v2/notes/${note.id}`, { [header]: header === 'x-forwarded-host' ? 'evil.example' : 'admin' })
    assert.deepEqual([status, body], [200, plain.body], header)
    assert.equal((await world.anyone.get(`/api/v2/notes/${note.id}`, { [header]: ada.user.id })).status, 401, header)
  }
})

test('INP-09: sentences of 10,000 characters that are made to be slow are answered, and others meanwhile', { timeout: 120_000 }, async () => {
  for (const pump of [' ', '\t', ',', ' ,', '"', '« ', '.', '?', '-', "l'", 'le ', 'to ', 'and ', 'et ', 'note ', '1', '1,', 'a@', ':', '(', 'é', '\u00a0', 'delete the note and ', 'demain ', 'not ', 'si ']) {
    const message = `crée une note « ${pump.repeat(Math.ceil(9_900 / pump.length)).slice(0, 9_900)} »`
    const [{ status, body }, health] = await Promise.all([ada.post('/api/v2/nova/query', { message }), world.anyone.get('/health')])

    assert.ok(status < 500 || body.code === 'not_configured', `${status} for ${JSON.stringify(pump)}`)
    assert.equal(health.status, 200)
  }
})
