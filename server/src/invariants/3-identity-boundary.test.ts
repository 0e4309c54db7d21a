import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { newId } from '../platform/ids.ts'
import { startWorld, type World } from '../testing/world.ts'
import type { Answer, Person } from '../testing/person.ts'

const PASSWORD = 'Correct horse 42!'

/** Checkpoints have two addresses. */
const ofCheckpoints = (verb: string, body: unknown): Record<string, unknown> =>
  Object.fromEntries(['/governance/checkpoints', '/checkpoints'].map((base) => [`POST ${base}/:checkpoint_id/${verb}`, body]))

/** Bodies that a route needs to get past its schema, by method and address. */
const BODIES: Record<string, unknown> = {
  'PATCH /notes/:note_id': { title: 'Mine' }, 'PATCH /tasks/:task_id': { title: 'Mine' }, 'PATCH /contacts/:contact_id': { name: 'Mine' }, 'PATCH /threads/:thread_id': { title: 'Mine' },
  'POST /threads/:thread_id/messages': { text: 'Mine' }, ...ofCheckpoints('reject', { reason: 'mine' }), ...ofCheckpoints('block', { reason: 'mine' }), ...ofCheckpoints('edit', { args: { title: 'Mine' } }), ...ofCheckpoints('effect', { outcome: 'happened' }), ...ofCheckpoints('decision', { decision: 'approve' }), ...ofCheckpoints('advice', { recommends: 'approve', text: 'mine' }),
  'PATCH /identities/:identity_id': { name: 'Mine' },
  'PATCH /organisations/:organisation_id': { name: 'Mine' }, 'PATCH /organisations/:organisation_id/members/:user_id': { role: 'admin' }, 'POST /organisations/:organisation_id/invitations': { email: 'eve@example.org', role: 'owner' },
  'POST /organisations/:organisation_id/identities': { type: 'enterprise', name: 'Mine' }, 'POST /organisations/:organisation_id/identities/:identity_id/give': { user_id: '019f0000-0000-7000-8000-000000000000' },
  'POST /governance/rules/:rule_id/versions': { text: 'forbid (principal, action, resource);', sentence: { en: 'Nothing.', fr: 'Rien.' } },
  'PATCH /webhooks/:webhook_id': { events: ['*'] }, 'POST /auth/passkeys/:passkey_id/remove': { password: PASSWORD },
  'DELETE /identities/:identity_id/data': { confirm: 'Mine' },
}
/** Addresses whose parameter is no row of a person's: a sphere, an agent's code, what a budget is for, a provider to sign in with. */
const SHARED = /:sphere|:code|:section|:scope|:provider/

suite('Invariant 3: the identity boundary', () => {
  let world: World
  let ada: Person
  let eve: Person
  let ids: Record<string, string>
  before(async () => {
    world = await startWorld({ settings: { SAFEGUARD: 'off' } })
    ada = await world.person({ name: 'Ada' })
    eve = await world.person({ name: 'Eve' })
    ids = await belongings(ada)
  })
  after(() => world.close())

  async function belongings(person: Person): Promise<Record<string, string>> {
    const make = async (path: string, body: unknown): Promise<Answer> => person.post(`/api/v2${path}`, body)
    const note = (await make('/notes', { title: 'cnry-note', body: 'cnry-body' })).body.id
    const task = (await make('/tasks', { title: 'cnry-task' })).body.id
    const contact = (await make('/contacts', { name: 'cnry-contact', email: 'cnry@example.org' })).body.id
    const thread = (await make('/threads', { title: 'cnry-thread', sphere_id: 1 })).body.id
    const { body: said } = await make(`/threads/${thread}/messages`, { text: 'cnry-text' })
    const { body: held } = await make('/nova/query', { message: '', action: { tool: 'notes.delete', args: { note_id: note } } })
    const { body: other } = await make('/identities', { type: 'enterprise', name: 'cnry-firm' })
    const { body: order } = await make('/payments/orders', { beneficiary: 'cnry-payee', amount_minor: 100, currency: 'EUR' })
    const { body: paid } = await make(`/governance/checkpoints/${order.checkpoint.id}/approve`, {})
    assert.equal(paid.checkpoint.status, 'approved')
    const { body: orders } = await person.get('/api/v2/payments/orders')
    const { body: recipient } = await make('/contacts', { name: 'Self', email: person.user.email })
    const { body: sent } = await make('/messages', { to: recipient.id, body: 'cnry-message' })
    const { body: asked } = await make('/governance/delegations', { to_user_id: eve.user.id, until: new Date(world.clock.now().getTime() + 86_400_000).toISOString() })
    const { body: delegated } = await make(`/governance/checkpoints/${asked.checkpoint.id}/approve`, {})
    await person.del(`/api/v2/governance/delegations/${delegated.outcome.result.id}`)
    const { body: blocked } = await make('/nova/query', { message: '', action: { tool: 'contacts.delete', args: { contact_id: contact } } })
    await make(`/governance/checkpoints/${blocked.checkpoint.id}/block`, { reason: 'paused' })
    const { body: pauses } = await person.get('/api/v2/governance/pauses')
    const approved = async (path: string, body: unknown): Promise<string> => {
      const { body: asked } = await make(path, body)
      return (await make(`/governance/checkpoints/${asked.checkpoint.id}/approve`, {})).body.outcome.result.id
    }
    const key = await approved('/keys', { name: 'cnry-key', scopes: ['read'] })
    const organisation = (await make('/organisations', { name: 'cnry-organisation' })).body.id
    const invitation = await approved(`/organisations/${organisation}/invitations`, { email: 'cnry@example.org', role: 'member' })
    const rule = (await make('/governance/rules', { name: 'cnry-rule', text: 'forbid (principal is Nova, action == Action::"notes.delete", resource);', sentence: { en: 'cnry', fr: 'cnry' } })).body.id
    const grant = await approved('/governance/grants', { tool: 'notes.search', pattern: { query: 'cnry' }, kind: 'always', ends_at: new Date(world.clock.now().getTime() + 86_400_000).toISOString() })
    const webhook = await approved('/webhooks', { url: 'https://hooks.example.com/cnry', events: ['*'] })
    const { body: sessions } = await person.get('/api/v2/auth/sessions')
    return {
      note_id: note, task_id: task, contact_id: contact, thread_id: thread, event_id: said.id, message_id: sent.id, checkpoint_id: held.checkpoint.id, run_id: held.run_id,
      identity_id: other.id, order_id: orders.items[0].id, session_id: sessions.items[0].id, delegation_id: delegated.outcome.result.id, actor_pause_id: pauses.items[0].id,
      key_id: key, organisation_id: organisation, invitation_id: invitation, user_id: person.user.id, rule_id: rule, grant_id: grant, webhook_id: webhook,
      ...await unseen(person, webhook),
    }
  }

  /** Rows that take a browser, a provider or a worker to come into being, written as those would. */
  async function unseen(person: Person, webhook: string): Promise<Record<string, string>> {
    const [delivery_id, notification_id, passkey_id, link_id] = [newId(), newId(), newId(), newId()]
    await world.owner.query(`insert into webhook_deliveries (id, webhook_id, identity_id, event_id, event_name, body, status, next_attempt_at, created_at) values ($1, $2, $3, $1, 'cnry', '{}', 'failed', now(), now())`, [delivery_id, webhook, person.identity.id])
    await world.owner.query(`insert into notifications (id, user_id, kind, title, body, event_id, in_app, created_at, mail) values ($1, $2, 'cnry', '{"en": "cnry", "fr": "cnry"}', '{"en": "cnry", "fr": "cnry"}', $1, true, now(), 'none')`, [notification_id, person.user.id])
    await world.owner.query(`insert into factors (id, user_id, kind, created_at) values ($1, $2, 'passkey', now())`, [passkey_id, person.user.id])
    await world.owner.query(`insert into passkeys (id, user_id, credential_id, public_key, counter, transports, name, backed_up, created_at) values ($1, $2, 'cnry', '', 0, '{}', 'cnry', false, now())`, [passkey_id, person.user.id])
    await world.owner.query(`insert into external_accounts (id, user_id, provider, issuer, subject, created_at, last_used_at) values ($1, $2, 'cnry', 'cnry', 'cnry', now(), now())`, [link_id, person.user.id])
    return { delivery_id, notification_id, passkey_id, link_id }
  }

  const call = (person: Person, method: string, path: string, body: unknown): Promise<Answer> =>
    method === 'GET' ? person.get(path) : method === 'DELETE' ? person.del(body ? `${path}?${new URLSearchParams(body as Record<string, string>)}` : path) : method === 'PATCH' ? person.patch(path, body ?? {}) : method === 'PUT' ? person.put(path, body ?? {}) : person.post(path, body ?? {})

  const withIds = () => world.app.routes.filter((route) => route.base === 'api' && route.url.includes(':') && !SHARED.test(route.url) && !(route.kind === 'handle' && route.auth === 'none'))
  const fill = (url: string, given: Record<string, string>): string => `/api/v2${url.replace(/:(\w+)/g, (_, name: string) => given[name] ?? `missing-${name}`)}`
  const violations = async (): Promise<number> => Number((await world.owner.query(`select count(*) from audit_events where identity_id = $1 and action = 'identity.violation'`, [eve.identity.id])).rows[0].count)
  const records = async (): Promise<number> => Number((await world.owner.query(`select count(*) from checkpoints where identity_id = $1 and type = 'identity_boundary'`, [eve.identity.id])).rows[0].count)

  test('IDB-01, IDB-02, IDB-19: every route with an id answers a stranger 403, the same for all, and each is recorded', async () => {
    const before = await snapshot()
    const bodies = new Set<string>()
    let refused = 0

    for (const { method, url } of withIds()) {
      const path = fill(url, ids)
      assert.ok(!path.includes('missing-'), `no id for ${url}`)
      const { status, body, headers } = await call(eve, method, path, BODIES[`${method} ${url}`])
      assert.equal(status, 403, `${method} ${url} answered ${status} ${JSON.stringify(body)}`)
      assert.equal(body.code, 'identity_boundary')
      assert.ok(!JSON.stringify([body, [...headers]]).includes('cnry'))
      bodies.add(JSON.stringify({ ...body, request_id: '' }))
      refused += 1
    }

    assert.ok(refused >= 30, `${refused} routes`)
    assert.equal(bodies.size, 1)
    assert.equal(await violations(), refused)
    assert.equal(await records(), refused)
    assert.deepEqual(await snapshot(), before)
  })

  test('an id that exists nowhere is 404', async () => {
    const nowhere = Object.fromEntries(Object.keys(ids).map((name) => [name, '019f0000-0000-7000-8000-000000000000']))

    for (const { method, url } of withIds()) {
      const { status, body } = await call(eve, method, fill(url, nowhere), BODIES[`${method} ${url}`])
      assert.equal(status, 404, `${method} ${url} answered ${status} ${JSON.stringify(body)}`)
    }
  })

  test('IDB-05: no list, search or export shows a stranger’s rows', async () => {
    const lists = world.app.routes.filter(({ method, url, base }) => method === 'GET' && base === 'api' && !url.includes(':'))

    for (const { url } of lists) {
      const { body } = await eve.get(`/api/v2${url}`)
      assert.ok(!JSON.stringify(body).includes('cnry'), url)
    }
    for (const tool of ['notes.search', 'tasks.search', 'contacts.search', 'threads.search']) {
      const { body } = await eve.post('/api/v2/nova/query', { message: '', action: { tool, args: { query: 'cnry' } } })
      assert.deepEqual(body.actions[0].result.items, [], tool)
    }
  })

  test('IDB-07: Nova names a stranger’s row by no means', async () => {
    const attempts = [
      { tool: 'notes.delete', args: { note_id: ids.note_id } }, { tool: 'threads.post', args: { thread_id: ids.thread_id, text: 'hi' } },
      { tool: 'records.transfer', args: { type: 'note', id: ids.note_id, sphere_id: 2 } },
    ]

    for (const action of attempts) {
      const { status, body } = await eve.post('/api/v2/nova/query', { message: '', action })
      assert.deepEqual([status, body.code], [403, 'identity_boundary'], action.tool)
    }
    const inTheirThread = await eve.post('/api/v2/nova/query', { message: '', thread_id: ids.thread_id, action: { tool: 'notes.create', args: { title: 'x' } } })
    assert.equal(inTheirThread.status, 403)
  })

  test('IDB-06: nobody says in a body whose a row is', async () => {
    for (const member of ['identity_id', 'owner', 'user_id', 'tenant', 'role']) {
      const { status } = await eve.post('/api/v2/notes', { title: 'x', [member]: ada.identity.id })
      assert.equal(status, 422, member)
    }
  })

  async function snapshot(): Promise<unknown> {
    const { rows } = await world.owner.query(`select
      (select json_agg(n order by id) from notes n where identity_id = $1) as notes, (select json_agg(t order by id) from tasks t where identity_id = $1) as tasks,
      (select json_agg(t order by id) from threads t where identity_id = $1) as threads, (select json_agg(c order by id) from contacts c where identity_id = $1) as contacts,
      (select json_agg(c order by id) from checkpoints c where identity_id = $1) as checkpoints, (select count(*) from sessions where user_id = $2 and revoked_at is null) as sessions`, [ada.identity.id, ada.user.id])
    return rows
  }
})
