import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { emit } from '../../platform/events/emit.ts'
import { client, type Person } from '../../testing/person.ts'
import { listenTo } from '../../testing/socket.ts'
import { startWorld, type World } from '../../testing/world.ts'
import { NotificationCreated } from '../notifications/events.ts'
import { keyOf } from './testing.ts'

let world: World
before(async () => { world = await startWorld({ settings: { SAFEGUARD: 'off' } }) })
after(() => world.close())

const approve = (person: Person, id: string) => person.post(`/api/v2/governance/checkpoints/${id}/approve`, {})
const auditOf = async (person: Person, action: string): Promise<number> => (await person.get(`/api/v2/governance/audit?action=${action}`)).body.items.length

describe('SEC-08: API keys', () => {
  test('SEC-08: creating one waits even for the person; its token has a prefix and 320 bits, is shown once, and only its hash is kept', async () => {
    const ada = await world.person()
    const asked = await ada.post('/api/v2/keys', { name: 'Robot', scopes: ['notes.*', 'read'], expires_in_days: 30 })
    assert.deepEqual([asked.status, asked.body.checkpoint.effect, asked.body.checkpoint.type], [423, 'GRANT', 'scope_elevation'])
    assert.equal((await ada.get('/api/v2/keys')).body.items.length, 0)
    const { body: { outcome } } = await approve(ada, asked.body.checkpoint.id)
    const [first, second] = [await ada.post(`/api/v2/keys/${outcome.result.id}/token`), await ada.post(`/api/v2/keys/${outcome.result.id}/token`)]

    assert.deepEqual([first.status, second.status], [200, 410])
    const { token } = first.body
    assert.match(token, /^chenu_[A-Za-z0-9_-]{54}$/)
    const { body: listed } = await ada.get('/api/v2/keys')
    assert.deepEqual([listed.items[0].prefix, listed.items[0].last4, listed.items[0].scopes], [token.slice(0, 10), token.slice(-4), ['notes.*', 'read']])
    assert.equal('token' in listed.items[0], false)
    const { rows } = await world.owner.query(`select (select json_agg(k)::text from api_keys k) || coalesce((select json_agg(c)::text from checkpoints c), '') || coalesce((select json_agg(a)::text from audit_events a), '')
      || coalesce((select json_agg(e)::text from events e), '') || coalesce((select json_agg(i)::text from idempotency_keys i), '') as everything`)
    assert.equal(rows[0].everything.includes(token.slice(12, 40)), false)
    assert.ok(!world.logLines.join('').includes(token.slice(12, 40)))
  })

  test('SEC-08: of 200 who take the token at once, one gets it', async () => {
    const ada = await world.person()
    const asked = await ada.post('/api/v2/keys', { name: 'Robot', scopes: ['read'] })
    const { body: { outcome } } = await approve(ada, asked.body.checkpoint.id)

    const answers = await Promise.all(Array.from({ length: 200 }, () => ada.post(`/api/v2/keys/${outcome.result.id}/token`)))

    assert.deepEqual(answers.map(({ status }) => status).toSorted(), [200, ...Array.from({ length: 199 }, () => 410)])
  })

  test('SEC-08: a revoked key is refused at once, on another node within a second, and its socket closes', async (t) => {
    const ada = await world.person()
    const second = await world.another()
    t.after(() => second.close())
    const robot = await keyOf(ada, world.url, { scopes: ['read', 'notes.create'] })
    const there = client(second.url, robot.token)
    const socket = await listenTo(world.url, robot.token)
    assert.deepEqual([(await robot.get('/api/v2/notes')).status, (await there.get('/api/v2/notes')).status], [200, 200])

    assert.equal((await ada.del(`/api/v2/keys/${robot.id}`)).status, 200)

    assert.equal((await robot.get('/api/v2/notes')).status, 401)
    assert.equal((await there.post('/api/v2/notes', { title: 'too late' })).status, 401)
    world.clock.advance(1_000)
    assert.equal((await there.get('/api/v2/notes')).status, 401)
    assert.equal(await socket.closed, 4401)
    assert.equal((await ada.del(`/api/v2/keys/${robot.id}`)).status, 410)
    assert.equal((await ada.get('/api/v2/notes')).body.items.length, 0)
  })

  test('SEC-08: a key expires, after a year at most', async () => {
    const other = await startWorld()
    const ada = await other.person()
    assert.equal((await ada.post('/api/v2/keys', { name: 'For ever', scopes: ['read'], expires_in_days: 366 })).status, 422)
    const robot = await keyOf(ada, other.url, { expires_in_days: 1 })
    assert.equal((await robot.get('/api/v2/notes')).status, 200)

    other.clock.advance(24 * 3_600_000 + 1_000)

    assert.equal((await robot.get('/api/v2/notes')).status, 401)
    await other.close()
  })

  test('the last use is noted at most once a minute', async () => {
    const ada = await world.person()
    const robot = await keyOf(ada, world.url)
    const usedAt = async (): Promise<string | null> => (await ada.get(`/api/v2/keys/${robot.id}`)).body.last_used_at
    assert.equal(await usedAt(), null)

    await robot.get('/api/v2/notes')
    const first = await usedAt()
    world.clock.advance(2_000)
    await robot.get('/api/v2/notes')
    const soon = await usedAt()
    world.clock.advance(61_000)
    await robot.get('/api/v2/notes')

    assert.ok(first)
    assert.equal(soon, first)
    assert.notEqual(await usedAt(), first)
  })

  test('scopes that no action has are refused when the key is asked for, and those of accounts and rights too', async () => {
    const ada = await world.person()
    for (const scope of ['notes.destroy', 'cats.*', 'keys.create', 'keys.*', 'organisations.*', 'identities.create', 'budgets.set', '*', 'notes', 'toString.read']) {
      assert.equal((await ada.post('/api/v2/keys', { name: 'x', scopes: [scope] })).status, 422, scope)
    }
  })

  test('the hidden session of a key is in no list, is not ended by signing out everywhere, and cannot be ended or refreshed as one', async () => {
    const ada = await world.person()
    const robot = await keyOf(ada, world.url)
    const { rows: [row] } = await world.owner.query('select session_id from api_keys where id = $1', [robot.id])

    assert.ok((await ada.get('/api/v2/auth/sessions')).body.items.every(({ id }: { id: string }) => id !== row.session_id))
    assert.equal((await ada.del(`/api/v2/auth/sessions/${row.session_id}`)).status, 404)
    assert.equal((await world.anyone.post('/api/v2/auth/refresh', { refresh_token: robot.token })).status, 401)
    await ada.post('/api/v2/auth/logout', { all: true })
    world.clock.advance(1_000)
    assert.equal((await robot.get('/api/v2/notes')).status, 200)
  })
})

describe('what a key does is agent work', () => {
  test('its DELETE and SEND wait for the person, whose approval does them; CREATE and UPDATE run and are in the record as the key’s', async () => {
    const ada = await world.person()
    const robot = await keyOf(ada, world.url, { scopes: ['notes.*', 'messages.send', 'contacts.*'] })
    const { status, body: note } = await robot.post('/api/v2/notes', { title: 'Courses' })
    assert.equal(status, 201)
    assert.equal((await robot.patch(`/api/v2/notes/${note.id}`, { body: 'lait' })).status, 200)

    const held = await robot.del(`/api/v2/notes/${note.id}`)
    const { body: self } = await robot.post('/api/v2/contacts', { name: 'Self', email: ada.user.email })
    const sent = await robot.post('/api/v2/messages', { to: self.id, body: 'hello' })

    assert.deepEqual([held.status, held.body.code, held.body.checkpoint.type, sent.status], [423, 'checkpoint_required', 'destructive_action', 423])
    assert.equal((await ada.get(`/api/v2/notes/${note.id}`)).body.binned_at, null)
    const approved = await approve(ada, held.body.checkpoint.id)
    assert.deepEqual([approved.status, approved.body.outcome.status], [200, 'completed'])
    assert.notEqual((await ada.get(`/api/v2/notes/${note.id}`)).body.binned_at, null)
    const { body: audit } = await ada.get('/api/v2/governance/audit?action=notes.delete')
    assert.deepEqual([audit.items[0].actor, audit.items[0].via], [{ kind: 'api_key', id: robot.id }, 'api_key'])
  })

  test('CHK-09: a key decides nothing, whatever its scopes', async () => {
    const ada = await world.person()
    const robot = await keyOf(ada, world.url, { scopes: ['notes.*', 'read', 'nova.query'] })
    const { body: note } = await robot.post('/api/v2/notes', { title: 'Kept' })
    const { body: held } = await robot.del(`/api/v2/notes/${note.id}`)
    const path = `/api/v2/governance/checkpoints/${held.checkpoint.id}`

    const decisions = world.app.routes.filter((route) => route.method !== 'GET' && route.url.startsWith('/governance') && !(route.kind === 'handle' && route.auth === 'none'))
    assert.ok(decisions.length >= 4)
    for (const { method, url } of decisions) {
      const send = { DELETE: robot.del, PUT: robot.put, PATCH: robot.patch, POST: robot.post, GET: robot.get }[method]
      const answer = await send(`/api/v2${url.replace(':checkpoint_id', held.checkpoint.id)}`, method === 'DELETE' ? undefined as never : {})
      assert.deepEqual([answer.status, answer.body.code], [403, 'insufficient_scope'], url)
    }
    assert.equal((await ada.get(path)).body.status, 'pending')
  })

  test('no key manages accounts, keys, identities, budgets or organisations: every such route is 403', async () => {
    const ada = await world.person()
    const nouns = [...new Set([...world.app.gate.actions.values()].filter(({ keys, effect }) => keys !== false && effect !== 'GRANT').map(({ name }) => `${name.split('.')[0]}.*`))]
    const robot = await keyOf(ada, world.url, { scopes: [...nouns, 'read', 'nova.query'] })
    const routes = world.app.routes.filter((route) => route.base === 'api' && !(route.kind === 'handle' && route.auth === 'none') && /^\/(auth|keys|identities|organisations|invitations)(\/|$)/.test(route.url) || (route.kind === 'write' && /^(budgets|keys|organisations|identities)\./.test(route.action.name)))
    assert.ok(routes.length >= 30, String(routes.length))

    for (const { method, url } of routes) {
      const answer = await fetch(`${world.url}/api/v2${url.replace(/:\w+/g, '019f0000-0000-7000-8000-000000000000')}`, { method, headers: { authorization: `Bearer ${robot.token}`, ...(method === 'GET' ? {} : { 'content-type': 'application/json' }) }, ...(method === 'GET' || method === 'DELETE' ? {} : { body: '{}' }) })
      assert.equal(answer.status, 403, `${method} ${url}`)
      assert.equal((await answer.json() as { code: string }).code, 'insufficient_scope', `${method} ${url}`)
    }
  })

  test('a scope that does not cover is 403 and names what is lacking; reads go by read or by their noun', async () => {
    const ada = await world.person()
    const robot = await keyOf(ada, world.url, { scopes: ['notes.read', 'notes.create'] })

    const refused = await robot.post('/api/v2/tasks', { title: 'x' })

    assert.deepEqual([refused.status, refused.body.code, refused.body.scope, refused.headers.get('www-authenticate')], [403, 'insufficient_scope', 'tasks.create', 'Bearer error="insufficient_scope", scope="tasks.create"'])
    assert.deepEqual([(await robot.get('/api/v2/notes')).status, (await robot.get('/api/v2/tasks')).status, (await robot.post('/api/v2/notes', { title: 'x' })).status], [200, 403, 201])
    assert.equal((await robot.post('/api/v2/nova/query', { message: 'Crée une note « x »' })).status, 403)
    assert.equal(await auditOf(ada, 'scope.insufficient'), 3)
  })

  test('Nova, asked by a key, has the scopes of that key, also for what is left of a run after an approval', async () => {
    const ada = await world.person()
    const robot = await keyOf(ada, world.url, { scopes: ['nova.query', 'notes.*'] })
    const ask = (action: unknown) => robot.post('/api/v2/nova/query', { message: '', action })

    assert.equal((await ask({ tool: 'notes.create', args: { title: 'Courses' } })).status, 200)
    assert.deepEqual([(await ask({ tool: 'tasks.create', args: { title: 'x' } })).body.code, (await ask({ tool: 'keys.create', args: { name: 'x', scopes: ['read'] } })).body.code], ['insufficient_scope', 'insufficient_scope'])
    const held = await robot.post('/api/v2/nova/query', { message: 'Supprime la note « Courses » et crée une tâche « Après »' })
    assert.equal(held.status, 423)
    const { body } = await approve(ada, held.body.checkpoint.id)

    assert.equal(body.outcome.status, 'completed')
    assert.deepEqual([body.run.status, (await ada.get('/api/v2/tasks')).body.items.length], ['denied', 0])
  })

  test('what a key has asked for is not done once the key is revoked, even when it is approved', async () => {
    const ada = await world.person()
    const robot = await keyOf(ada, world.url, { scopes: ['notes.*'] })
    const { body: note } = await robot.post('/api/v2/notes', { title: 'Kept' })
    const { body: held } = await robot.del(`/api/v2/notes/${note.id}`)
    await ada.del(`/api/v2/keys/${robot.id}`)

    const answer = await approve(ada, held.checkpoint.id)

    assert.ok(answer.status >= 400, JSON.stringify(answer.body))
    assert.equal((await ada.get(`/api/v2/notes/${note.id}`)).body.binned_at, null)
  })
})

describe('a key that is limited to spheres', () => {
  test('sees, searches, makes and changes nothing outside them, over REST and by Nova', async () => {
    const ada = await world.person()
    const { body: secret } = await ada.post('/api/v2/notes', { title: 'cnry-personal', sphere_id: 1 })
    const { body: public_ } = await ada.post('/api/v2/notes', { title: 'cnry-business', sphere_id: 2 })
    const robot = await keyOf(ada, world.url, { scopes: ['read', 'notes.*', 'nova.query', 'contacts.*'], spheres: ['business'] })

    assert.deepEqual((await robot.get('/api/v2/notes')).body.items.map(({ id }: { id: string }) => id), [public_.id])
    const answers = [
      await robot.get(`/api/v2/notes/${secret.id}`), await robot.patch(`/api/v2/notes/${secret.id}`, { title: 'x' }), await robot.del(`/api/v2/notes/${secret.id}`), await robot.post('/api/v2/notes', { title: 'x', sphere_id: 1 }),
      await robot.post('/api/v2/contacts', { name: 'x' }), await robot.post('/api/v2/nova/query', { message: '', sphere_id: 1, action: { tool: 'notes.create', args: { title: 'x' } } }),
      await robot.post('/api/v2/nova/query', { message: '', action: { tool: 'notes.update', args: { note_id: secret.id, title: 'x' } } }),
    ]
    assert.deepEqual(answers.map(({ status, body }) => [status, body.code]), answers.map(() => [403, 'cross_sphere']))
    assert.equal((await robot.get('/api/v2/contacts')).status, 403)
    const found = await robot.post('/api/v2/nova/query', { message: '', action: { tool: 'notes.search', args: { query: 'cnry' } } })
    assert.deepEqual(found.body.actions[0].result.items.map(({ id }: { id: string }) => id), [public_.id])
    assert.equal((await robot.post('/api/v2/notes', { title: 'Ours' })).body.sphere_id, 2)
    assert.equal((await ada.get(`/api/v2/notes/${secret.id}`)).body.title, 'cnry-personal')
  })

  test('the database alone keeps it there: a query that forgot its where sees its spheres alone', async () => {
    const ada = await world.person()
    for (const sphere_id of [1, 2, 3]) await ada.post('/api/v2/notes', { title: `in ${sphere_id}`, sphere_id })
    const seen = (spheres: number[] | null) => world.platform.store.within({ identityId: ada.identity.id as never, userId: ada.user.id as never, spheres }, async (tx) => (await tx.send(tx.db.selectFrom('notes').select('sphere_id').orderBy('sphere_id'))).map(({ sphere_id }) => sphere_id))

    assert.deepEqual([await seen([2, 3]), await seen([1]), await seen(null)], [[2, 3], [1], [1, 2, 3]])
  })
})

test('IDB-15: a key whose person is disabled or whose identity is archived is 401', async () => {
  const ada = await world.person()
  const { body: firm } = await ada.post('/api/v2/identities', { type: 'enterprise', name: 'Engines Ltd' })
  const [mine, theirs] = [await keyOf(ada, world.url), await keyOf(ada, world.url, {}, { 'x-identity-id': firm.id })]
  assert.deepEqual([(await mine.get('/api/v2/notes')).status, (await theirs.get('/api/v2/notes')).status], [200, 200])

  await ada.del(`/api/v2/identities/${firm.id}`)
  world.clock.advance(1_000)
  assert.deepEqual([(await mine.get('/api/v2/notes')).status, (await theirs.get('/api/v2/notes')).status], [200, 401])
  await world.owner.query('update users set disabled_at = now() where id = $1', [ada.user.id])
  world.clock.advance(1_000)
  assert.equal((await mine.get('/api/v2/notes')).status, 401)
})

test('a key acts for its own identity alone, and a made-up or mangled one for nobody', async () => {
  const ada = await world.person()
  const { body: firm } = await ada.post('/api/v2/identities', { type: 'enterprise', name: 'Engines Ltd' })
  const robot = await keyOf(ada, world.url)

  assert.equal((await robot.get('/api/v2/notes', { 'x-identity-id': firm.id })).status, 403)
  assert.equal((await robot.get('/api/v2/notes', { 'x-identity-id': ada.identity.id })).status, 200)
  for (const token of [`chenu_${'A'.repeat(54)}`, robot.token.slice(0, -1), `${robot.token}A`, robot.token.toUpperCase(), `${robot.token.slice(0, -1)}${robot.token.endsWith('A') ? 'B' : 'A'}`, 'chenu_']) assert.equal((await client(world.url, token).get('/api/v2/notes')).status, 401)
})

test('IDB-13: a key reads and hears nothing of its person’s other identities: no checkpoint that waits there, no notification, no event of the account', async () => {
  const ada = await world.person()
  const { body: firm } = await ada.post('/api/v2/identities', { type: 'enterprise', name: 'Engines Ltd' })
  const robot = await keyOf(ada, world.url, { scopes: ['read'] })
  const { body: note } = await ada.post('/api/v2/notes', { title: 'cnry-firm' }, { 'x-identity-id': firm.id })
  const { body: { checkpoint } } = await ada.post('/api/v2/nova/query', { message: '', action: { tool: 'notes.delete', args: { note_id: note.id } } }, { 'x-identity-id': firm.id })
  const [ears, own] = [await listenTo(world.url, robot.token), await listenTo(world.url, ada.token)]

  const refused = await robot.get(`/api/v2/governance/checkpoints/${checkpoint.id}`)
  const others = await Promise.all(['checkpoints/pending', 'checkpoints?to_decide=true'].map((path) => robot.get(`/api/v2/governance/${path}`)))
  const told = await robot.get('/api/v2/notifications')
  await world.platform.store.within({ service: 'notifications' }, async (tx) => { emit({ ...tx, identityId: null, userId: ada.user.id as never, now: () => world.clock.now() }, NotificationCreated, { notification_id: note.id, kind: 'checkpoint.waiting', identity_id: firm.id, ref_type: null, ref_id: null, in_app: true, webhook: false }) })
  await ada.post('/api/v2/notes', { title: 'After' })
  await Promise.all([ears, own].map((socket) => socket.find(({ name }) => name === 'note.created')))

  assert.deepEqual([refused.status, refused.body.code], [403, 'identity_boundary'])
  assert.deepEqual([...others, told].map(({ status, body }) => [status, body.code]), [[403, 'insufficient_scope'], [403, 'insufficient_scope'], [403, 'insufficient_scope']])
  assert.deepEqual([ears, own].map((socket) => socket.frames.some(({ name }) => name === 'notification.created')), [false, true])
  for (const socket of [ears, own]) socket.close()
})
