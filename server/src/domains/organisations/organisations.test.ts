import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { startMailServer } from '../../testing/mail-server.ts'
import { client, type Person } from '../../testing/person.ts'
import { listenTo } from '../../testing/socket.ts'
import { startWorld, type World } from '../../testing/world.ts'
import { keyOf } from '../keys/testing.ts'
import { createMailer } from '../../adapters/mail/create-mailer.ts'
import type { IdentityId } from '../../platform/ids.ts'
import type { Role } from '../policies/requirement.ts'
import { mailNext } from './invitations/mail-invitations.ts'
import { listDeciders } from './list-deciders.ts'
import { approved, inviteToken, join, organisationOf } from './testing.ts'

let world: World
before(async () => { world = await startWorld({ settings: { SAFEGUARD: 'off' } }) })
after(() => world.close())

const rolesIn = async (person: Person, id: string) => Object.fromEntries((await person.get(`/api/v2/organisations/${id}/members`)).body.items.map(({ user_id, role }: { user_id: string; role: string }) => [user_id, role]))

/** An organisation with one person of each role. */
async function firm() {
  const [owner, admin, member, auditor] = await Promise.all(['Olga', 'Ada', 'Max', 'Audrey'].map((name) => world.person({ name }))) as [Person, Person, Person, Person]
  const id = await organisationOf(owner)
  for (const [person, role] of [[admin, 'admin'], [member, 'member'], [auditor, 'auditor']] as const) await join(owner, id, { person, role })
  const { body: identity } = await member.post(`/api/v2/organisations/${id}/identities`, { type: 'enterprise', name: 'Sales' })
  return { id, owner, admin, member, auditor, identity: identity.id as string }
}

describe('roles', () => {
  test('each role does what it may and no more', async () => {
    const { id, owner, admin, member, auditor, identity } = await firm()
    const status = async (call: Promise<{ status: number }>): Promise<number> => (await call).status
    const each = (act: (person: Person) => Promise<{ status: number }>) => Promise.all([owner, admin, member, auditor].map((person) => status(act(person))))

    assert.deepEqual(await each((person) => person.get(`/api/v2/organisations/${id}`)), [200, 200, 200, 200])
    assert.deepEqual(await each((person) => person.get(`/api/v2/organisations/${id}/members`)), [200, 200, 200, 200])
    assert.deepEqual(await each((person) => person.get(`/api/v2/organisations/${id}/invitations`)), [200, 200, 403, 403])
    assert.deepEqual(await each((person) => person.get(`/api/v2/organisations/${id}/identities`)), [200, 200, 403, 200])
    assert.deepEqual(await each((person) => person.patch(`/api/v2/organisations/${id}`, { name: 'Ltd' })), [200, 200, 403, 403])
    assert.deepEqual(await each((person) => person.post(`/api/v2/organisations/${id}/invitations`, { email: 'x@example.org', role: 'member' })), [423, 423, 403, 403])
    assert.deepEqual(await each((person) => person.post(`/api/v2/organisations/${id}/invitations`, { email: 'x@example.org', role: 'owner' })), [423, 403, 403, 403])
    assert.deepEqual(await each((person) => person.patch(`/api/v2/organisations/${id}/members/${owner.user.id}`, { role: 'member' })), [409, 403, 403, 403])
    assert.deepEqual(await each((person) => person.post(`/api/v2/organisations/${id}/identities`, { type: 'design', name: 'Studio' })), [201, 201, 201, 403])
    assert.deepEqual(await each((person) => person.post(`/api/v2/organisations/${id}/identities/${identity}/give`, { user_id: auditor.user.id })), [409, 409, 403, 403])
    assert.deepEqual((await each((person) => person.del(`/api/v2/organisations/${id}/members/${owner.user.id}`))).slice(1), [403, 403, 403])
  })

  test('a role is a grant: it waits even for the owner, and is looked at again when it is approved', async () => {
    const { id, owner, admin, member } = await firm()
    const asked = await admin.patch(`/api/v2/organisations/${id}/members/${member.user.id}`, { role: 'admin' })
    assert.deepEqual([asked.status, asked.body.checkpoint.effect], [423, 'GRANT'])
    assert.equal((await rolesIn(owner, id))[member.user.id], 'member')
    assert.equal((await approved(owner, await owner.patch(`/api/v2/organisations/${id}/members/${admin.user.id}`, { role: 'member' }))).body.outcome.status, 'completed')

    const late = await admin.post(`/api/v2/governance/checkpoints/${asked.body.checkpoint.id}/approve`, {})

    assert.notEqual(late.body.outcome?.status, 'completed')
    assert.equal((await rolesIn(owner, id))[member.user.id], 'member')
  })

  test('an organisation keeps an owner, also when the last two leave at once', async () => {
    const [one, two] = [await world.person(), await world.person()]
    const id = await organisationOf(one)
    assert.equal((await one.post(`/api/v2/organisations/${id}/leave`)).status, 409)
    await join(one, id, { person: two, role: 'owner' })

    const answers = await Promise.all([one, two].map((person) => person.post(`/api/v2/organisations/${id}/leave`)))

    assert.deepEqual(answers.map(({ status }) => status).toSorted(), [200, 409])
  })

  test('who decides by role: that one and those above, never an auditor; without a role or an organisation its own person', async () => {
    const { owner, admin, member, identity } = await firm()
    const deciders = (identityId: string, role: Role | null) => world.platform.store.within({ identityId: identityId as IdentityId }, (tx) => listDeciders(tx, { identityId: identityId as IdentityId, role }))
    const ids = (...people: Person[]) => people.map(({ user }) => user.id).toSorted()

    assert.deepEqual(await deciders(identity, 'owner'), ids(owner))
    assert.deepEqual(await deciders(identity, 'admin'), ids(owner, admin))
    assert.deepEqual(await deciders(identity, 'member'), ids(owner, admin, member))
    assert.deepEqual(await deciders(identity, 'auditor'), ids(owner, admin, member))
    assert.deepEqual(await deciders(identity, null), ids(member))
    assert.deepEqual(await deciders(owner.identity.id, 'admin'), ids(owner))
  })
})

describe('invitations', () => {
  test('of 200 who accept at once, one is let in; a token of another address, a spent, revoked or late one is refused', async () => {
    const [owner, guest, eve] = [await world.person(), await world.person(), await world.person()]
    const id = await organisationOf(owner)
    const token = await inviteToken(owner, id, { email: guest.user.email, role: 'member' })
    assert.equal((await eve.post('/api/v2/invitations/accept', { token })).status, 403)

    const answers = await Promise.all(Array.from({ length: 200 }, () => guest.post('/api/v2/invitations/accept', { token })))

    assert.deepEqual(answers.map(({ status }) => status).toSorted(), [200, ...Array.from({ length: 199 }, () => 410)])
    assert.equal((await rolesIn(owner, id))[guest.user.id], 'member')
    assert.equal((await guest.post('/api/v2/invitations/accept', { token: 'A'.repeat(43) })).status, 404)
    const { body } = await approved(owner, await owner.post(`/api/v2/organisations/${id}/invitations`, { email: eve.user.email, role: 'admin' }))
    const { body: shown } = await owner.post(`/api/v2/invitations/${body.outcome.result.id}/token`)
    assert.equal((await owner.post(`/api/v2/invitations/${body.outcome.result.id}/token`)).status, 409)
    assert.equal((await owner.del(`/api/v2/invitations/${body.outcome.result.id}`)).status, 200)
    assert.equal((await eve.post('/api/v2/invitations/accept', { token: shown.token })).status, 410)
    assert.equal((await world.owner.query(`select json_agg(i)::text as rows from organisation_invitations i`)).rows[0].rows.includes(token), false)
  })

  test('an invitation of somebody who was removed, or may no longer give that role, lets nobody in', async () => {
    const [owner, admin, sock, second] = [await world.person(), await world.person(), await world.person(), await world.person()]
    const id = await organisationOf(owner)
    await join(owner, id, { person: admin, role: 'admin' })
    const [back, lowered] = [await inviteToken(admin, id, { email: sock.user.email, role: 'admin' }), await inviteToken(admin, id, { email: second.user.email, role: 'member' })]
    const lower = await approved(owner, await owner.patch(`/api/v2/organisations/${id}/members/${admin.user.id}`, { role: 'member' }))
    assert.equal(lower.body.outcome.status, 'completed')
    assert.equal((await second.post('/api/v2/invitations/accept', { token: lowered })).status, 410)
    await owner.del(`/api/v2/organisations/${id}/members/${admin.user.id}`)

    assert.equal((await sock.post('/api/v2/invitations/accept', { token: back })).status, 410)
    assert.equal((await rolesIn(owner, id))[sock.user.id], undefined)
  })

  test('where mail is configured the token leaves by e-mail, once, and is shown to nobody; not while the system is stopped', async (t) => {
    const post = await startMailServer()
    const other = await startWorld({ settings: { SMTP_URL: post.url } })
    t.after(async () => { await other.close(); await post.close() })
    const [owner, guest] = [await other.person(), await other.person()]
    const id = await organisationOf(owner)
    const { body } = await approved(owner, await owner.post(`/api/v2/organisations/${id}/invitations`, { email: guest.user.email, role: 'auditor' }))
    assert.equal((await owner.post(`/api/v2/invitations/${body.outcome.result.id}/token`)).status, 409)
    const parts = { mailer: createMailer(other.platform.settings), inFlight: other.app.fence.inFlight }
    const seal = { 'x-architect-seal': other.seal }

    await other.anyone.post('/api/atom/killswitch', {}, seal)
    assert.equal(await mailNext(other.platform, parts, new AbortController().signal), 0)
    await other.anyone.post('/api/atom/revive', {}, seal)
    const sent = await Promise.all([1, 2].map(() => mailNext(other.platform, parts, new AbortController().signal)))

    assert.deepEqual([sent.toSorted(), post.mails.length, post.mails[0]?.to], [[0, 1], 1, [guest.user.email]])
    const token = /^[A-Za-z0-9_-]{43}\r?$/m.exec(post.mails[0]?.text.replaceAll('=\r\n', '') ?? '')?.[0].trim()
    assert.equal((await guest.post('/api/v2/invitations/accept', { token })).body.role, 'auditor')
  })
})

describe('what ends with a role', () => {
  test('IDB-17: who is removed loses the organisation’s identities: REST, sockets and keys end within a second on every node', async (t) => {
    const { id, owner, member, identity } = await firm()
    const second = await world.another()
    t.after(() => second.close())
    const { body: signedIn } = await world.anyone.post('/api/v2/auth/login', { email: member.user.email, password: member.password })
    const { body: switched } = await client(world.url, signedIn.access_token).post(`/api/v2/identities/${identity}/activate`)
    const [here, there] = [client(world.url, switched.access_token), client(second.url, switched.access_token)]
    const robot = await keyOf(member, world.url, { scopes: ['read'] }, { 'x-identity-id': identity })
    const socket = await listenTo(second.url, switched.access_token)
    assert.deepEqual([(await here.get('/api/v2/notes')).status, (await there.get('/api/v2/notes')).status, (await robot.get('/api/v2/notes')).status], [200, 200, 200])

    const { status, body } = await owner.del(`/api/v2/organisations/${id}/members/${member.user.id}`)

    assert.deepEqual([status, body.archived_identities, body.ended_sessions], [200, 1, 2])
    assert.equal(await socket.closed, 4401)
    world.clock.advance(1_000)
    assert.deepEqual([(await here.get('/api/v2/notes')).status, (await there.get('/api/v2/notes')).status, (await robot.get('/api/v2/notes')).status], [401, 401, 401])
    assert.equal((await member.get('/api/v2/notes', { 'x-identity-id': identity })).status, 403)
    assert.equal((await member.post(`/api/v2/identities/${identity}/restore`)).status, 409)
    assert.equal((await member.get(`/api/v2/organisations/${id}`)).body.code, 'identity_boundary')
    assert.equal((await member.get('/api/v2/notes')).status, 200)
  })

  test('its identity can be given to another member, with what it holds; who becomes an auditor works no more', async () => {
    const { id, owner, admin, member, identity } = await firm()
    await member.post('/api/v2/notes', { title: 'Handed over' }, { 'x-identity-id': identity })

    assert.equal((await approved(owner, await owner.patch(`/api/v2/organisations/${id}/members/${member.user.id}`, { role: 'auditor' }))).body.outcome.status, 'completed')
    world.clock.advance(1_000)
    assert.equal((await member.post('/api/v2/notes', { title: 'x' }, { 'x-identity-id': identity })).status, 403)
    assert.equal((await approved(owner, await owner.post(`/api/v2/organisations/${id}/identities/${identity}/give`, { user_id: admin.user.id }))).body.outcome.status, 'completed')

    assert.deepEqual((await admin.get('/api/v2/notes', { 'x-identity-id': identity })).body.items.map(({ title }: { title: string }) => title), ['Handed over'])
  })
})

describe('the record of an organisation', () => {
  test('an auditor lists, verifies and exports the record of its identities, and does nothing else as them', async () => {
    const { id, owner, admin, member, auditor, identity } = await firm()
    await member.post('/api/v2/notes', { title: 'Sold' }, { 'x-identity-id': identity })
    const as = { 'x-identity-id': identity }

    for (const reader of [owner, admin, auditor]) {
      assert.ok((await reader.get('/api/v2/governance/audit', as)).body.items.some(({ action }: { action: string }) => action === 'notes.create'))
      assert.equal((await reader.get('/api/v2/governance/audit/verify', as)).body.valid, true)
      assert.equal((await reader.get('/api/v2/governance/audit/export', as)).status, 200)
    }
    const open = world.app.routes.filter((route) => route.base === 'api' && !(route.kind === 'handle' && route.auth === 'none') && !route.auditors)
    for (const { method, url } of open) {
      const answer = await fetch(`${world.url}/api/v2${url.replace(/:\w+/g, '019f0000-0000-7000-8000-000000000000')}`, { method, headers: { authorization: `Bearer ${auditor.token}`, ...as, ...(method === 'GET' || method === 'DELETE' ? {} : { 'content-type': 'application/json' }) }, ...(method === 'GET' || method === 'DELETE' ? {} : { body: '{}' }) })
      assert.equal(answer.status, 403, `${method} ${url}`)
    }
    assert.ok(open.length > 60)
    assert.equal((await auditor.get('/api/v2/governance/audit', { 'x-identity-id': member.identity.id })).status, 403)
    await auditor.post(`/api/v2/organisations/${id}/leave`)
    assert.equal((await auditor.get('/api/v2/governance/audit', as)).body.code, 'identity_boundary')
  })
})

describe('nothing crosses tenants', () => {
  test('a member of one organisation sees, names and changes nothing of another; the database alone keeps it so', async () => {
    const [ours, theirs] = [await firm(), await firm()]
    const routes = world.app.routes.filter(({ url }) => url.includes(':organisation_id'))
    assert.ok(routes.length >= 10)
    for (const { method, url } of routes) {
      const path = `/api/v2${url.replace(':organisation_id', theirs.id).replace(':user_id', theirs.member.user.id).replace(':identity_id', theirs.identity)}`
      const bodies: Record<string, unknown> = { invitations: { email: 'x@example.org', role: 'member' }, identities: { type: 'design', name: 'x' }, give: { user_id: ours.owner.user.id } }
      const body = url.includes('/members/') ? { role: 'admin' } : bodies[url.split('/').at(-1) ?? ''] ?? (method === 'PATCH' ? { name: 'x' } : {})
      const answer = await (method === 'GET' ? ours.owner.get(path) : method === 'DELETE' ? ours.owner.del(path) : method === 'PATCH' ? ours.owner.patch(path, body) : ours.owner.post(path, body))
      assert.deepEqual([answer.status, answer.body.code], [403, 'identity_boundary'], `${method} ${url}`)
    }
    assert.equal((await ours.owner.get('/api/v2/organisations')).body.items.length, 1)
    assert.equal((await ours.owner.get('/api/v2/governance/audit', { 'x-identity-id': theirs.identity })).body.code, 'identity_boundary')

    const scope = { userId: ours.owner.user.id as never, identityId: ours.owner.identity.id as never }
    const seen = await world.platform.store.within(scope, async (tx) => [
      await tx.send(tx.db.selectFrom('organisations').select('id')), await tx.send(tx.db.selectFrom('organisation_members').select('organisation_id as id').distinct()), await tx.send(tx.db.selectFrom('organisation_invitations').select('organisation_id as id').distinct()),
      await tx.send(tx.db.updateTable('organisation_members').set({ role: 'owner' }).returning('user_id')), await tx.send(tx.db.deleteFrom('organisations').returning('id')),
    ])
    assert.deepEqual(seen.map((rows) => rows.map((row) => Object.values(row)[0])), [[ours.id], [ours.id], [ours.id], [], []])
    await assert.rejects(world.platform.store.within(scope, (tx) => tx.send(tx.db.insertInto('organisation_members').values({ organisation_id: theirs.id, user_id: ours.owner.user.id, role: 'owner', joined_at: new Date(0) }))), { code: '42501' })
  })
})
