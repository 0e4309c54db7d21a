import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { emit, type EventKind } from '../../platform/events/emit.ts'
import type { IdentityId, UserId } from '../../platform/ids.ts'
import type { Person } from '../../testing/person.ts'
import { listenTo } from '../../testing/socket.ts'
import { startReceiver } from '../../testing/webhook-receiver.ts'
import { startWorld, type World } from '../../testing/world.ts'
import { expireCheckpoints } from '../governance/checkpoints/expire-checkpoints.ts'
import { aWebhook, delivered, followed, LOOPBACK } from '../webhooks/testing.ts'
import { kindOf, KIND_NAMES, KINDS, waysOf } from './kinds.ts'

let world: World
let ada: Person

before(async () => {
  world = await startWorld({ settings: LOOPBACK })
  for (const follower of world.app.followers) await follower.start()
})
after(() => world.close())
beforeEach(async () => { ada = await world.person() })

/** Nova asks to delete a note, which waits; the checkpoint. */
async function aHeldCall(person: Person, title = 'Courses'): Promise<{ id: string; summary: string }> {
  const { body: note } = await person.post('/api/v2/notes', { title, body: 'never told' })
  const { status, body } = await person.post('/api/v2/nova/query', { action: { tool: 'notes.delete', args: { note_id: note.id } } })
  assert.equal(status, 423, JSON.stringify(body))
  return body.checkpoint
}

const listed = async (person: Person, query = ''): Promise<Array<{ id: string; kind: string; title: string; body: string; link: string; ref: unknown; read_at: string | null }>> => {
  await followed(world, 'notifications')
  return (await person.get(`/api/v2/notifications${query}`)).body.items
}

const say = <Data extends Record<string, unknown>>(person: Person, kind: EventKind<Data>, data: Data): Promise<void> =>
  world.platform.store.within({ identityId: person.identity.id as IdentityId, userId: person.user.id as UserId }, async (tx) => {
    emit({ ...tx, identityId: person.identity.id as IdentityId, userId: person.user.id as UserId, now: () => world.clock.now() }, kind, data)
  })

// As their domains say them; a kind declared here would be declared twice.
const Asked: EventKind<{ checkpoint_id: string; deciders?: string[] }> = { name: 'checkpoint.escalated', channels: () => [] }
const Flooded: EventKind<{ actor_id: string }> = { name: 'checkpoint.flood', channels: () => [] }

test('who decides is told what waits, in both languages, with the summary and nothing else; who asked is told the answer', async () => {
  const checkpoint = await aHeldCall(ada)
  const [waiting] = await listed(ada)
  assert.deepEqual([waiting?.kind, waiting?.title, waiting?.body, waiting?.link, waiting?.ref], ['checkpoint.waiting', 'Waiting for your approval', checkpoint.summary, `/api/v2/governance/checkpoints/${checkpoint.id}`, { type: 'checkpoint', id: checkpoint.id }])
  const { body: french } = await ada.get('/api/v2/notifications', { 'accept-language': 'fr' })
  assert.equal(french.items[0].title, 'En attente de votre approbation')
  assert.match(french.items[0].body, /Supprimer la note/)

  await ada.post(`/api/v2/governance/checkpoints/${checkpoint.id}/reject`, { reason: 'no' })
  const second = await aHeldCall(ada, 'Other')
  await ada.post(`/api/v2/governance/checkpoints/${second.id}/approve`, {})

  assert.deepEqual((await listed(ada)).map(({ kind }) => kind), ['checkpoint.approved', 'checkpoint.waiting', 'checkpoint.rejected', 'checkpoint.waiting'])
  const { rows } = await world.owner.query('select title, body, link from notifications where user_id = $1', [ada.user.id])
  assert.ok(!JSON.stringify(rows).includes('never told'))
})

test('a checkpoint that nobody decided is told as expired', async () => {
  const checkpoint = await aHeldCall(ada)
  await world.owner.query(`update checkpoints set expires_at = now() - interval '1 minute' where id = $1`, [checkpoint.id])
  await expireCheckpoints(world.app.gate, 'test')

  assert.deepEqual((await listed(ada)).map(({ kind }) => kind), ['checkpoint.expired', 'checkpoint.waiting'])
})

test('the people whom an event names are told, each once, and its user only when it names nobody', async () => {
  const [bob, eve] = [await world.person(), await world.person()]
  const checkpoint = await aHeldCall(ada)

  await say(ada, Asked, { checkpoint_id: checkpoint.id, deciders: [bob.user.id, eve.user.id, bob.user.id, 'nonsense'] })

  for (const person of [bob, eve]) assert.deepEqual((await listed(person)).map(({ kind, body }) => [kind, body]), [['checkpoint.escalated', checkpoint.summary]])
  assert.deepEqual((await listed(ada)).map(({ kind }) => kind), ['checkpoint.waiting'])
  await say(ada, Flooded, { actor_id: 'nova' })
  assert.deepEqual((await listed(ada)).map(({ kind }) => kind), ['agent.flooding', 'checkpoint.waiting'])
})

test('a boundary violation, a session whose token was used twice and nothing of an ordinary end are told', async () => {
  const bob = await world.person()
  const { body: note } = await bob.post('/api/v2/notes', { title: 'x' })
  assert.equal((await ada.get(`/api/v2/notes/${note.id}`)).status, 403)
  const { body: signedIn } = await world.anyone.post('/api/v2/auth/login', { email: ada.user.email, password: ada.password })
  for (let use = 0; use < 2; use += 1) await world.anyone.post('/api/v2/auth/refresh', {}, { authorization: `Bearer ${signedIn.refresh_token}` })
  const { body: other } = await world.anyone.post('/api/v2/auth/login', { email: ada.user.email, password: ada.password })
  await world.anyone.post('/api/v2/auth/logout', {}, { authorization: `Bearer ${other.access_token}` })

  assert.deepEqual((await listed(ada)).map(({ kind }) => kind), ['session.reused', 'identity.violation'])
})

test('the list is the person’s own, under any of their identities; pages follow, unread ones are counted and read', async () => {
  const bob = await world.person()
  for (const title of ['a', 'b', 'c']) await aHeldCall(ada, title)
  const all = await listed(ada)
  const [first] = all
  assert(first)
  assert.deepEqual((await ada.get('/api/v2/notifications/unread-count')).body, { unread: 3, more: false })

  const one = (await ada.get('/api/v2/notifications?limit=2')).body
  const two = (await ada.get(`/api/v2/notifications?limit=2&cursor=${encodeURIComponent(one.next_cursor)}`)).body
  assert.deepEqual([...one.items, ...two.items].map(({ id }) => id), all.map(({ id }) => id))
  const read = await ada.post(`/api/v2/notifications/${first.id}/read`)
  assert.ok(read.body.read_at)
  assert.equal((await ada.post(`/api/v2/notifications/${first.id}/read`)).body.read_at, read.body.read_at, 'once read it stays so')
  assert.deepEqual((await ada.get('/api/v2/notifications?unread=true')).body.items.length, 2)
  assert.deepEqual((await ada.post('/api/v2/notifications/read-all')).body, { read: 2 })
  assert.deepEqual((await ada.get('/api/v2/notifications/unread-count')).body, { unread: 0, more: false })

  const { body: identity } = await ada.post('/api/v2/identities', { type: 'enterprise', name: 'Firm' })
  assert.equal((await ada.get('/api/v2/notifications', { 'x-identity-id': identity.id })).body.items.length, 3)
  assert.equal((await bob.get(`/api/v2/notifications/${first.id}`)).status, 403)
  assert.equal((await bob.post(`/api/v2/notifications/${first.id}/read`)).status, 403)
  assert.equal((await bob.get('/api/v2/notifications/01939a3e-7c5d-7abc-8def-0123456789ab')).status, 404)
  assert.deepEqual([...new Set((await listed(bob)).map(({ kind }) => kind))], ['identity.violation'], 'only what bob did')
})

test('it is heard live on the channel of the user, and at the person’s webhooks if they want it there', async () => {
  const receiver = await startReceiver()
  await aWebhook(ada, { url: receiver.url, events: ['notification.*'] })
  await delivered(world)
  receiver.taken.length = 0
  const socket = await listenTo(world.url, ada.token)

  await aHeldCall(ada)
  await followed(world)
  const { data } = await socket.find(({ name }) => name === 'notification.created') as unknown as { data: Record<string, unknown> }
  assert.deepEqual([data.kind, data.identity_id, data.ref_type], ['checkpoint.waiting', ada.identity.id, 'checkpoint'])
  await delivered(world)
  assert.deepEqual(receiver.taken.map(({ raw }) => JSON.parse(raw.toString()).data.kind), ['checkpoint.waiting'])

  await ada.patch('/api/v2/notifications/preferences', { kinds: [{ kind: 'checkpoint.waiting', webhook: false }] })
  await aHeldCall(ada, 'quiet')
  await delivered(world)
  assert.equal(receiver.taken.length, 1)
  socket.close()
  await receiver.close()
})

test('a person chooses kinds and ways; what is not named stays, and a kind that goes no way is not made', async () => {
  const { body: before } = await ada.get('/api/v2/notifications/preferences')
  assert.deepEqual(before.kinds.map(({ kind }: { kind: string }) => kind), KIND_NAMES)

  const { status, body } = await ada.patch('/api/v2/notifications/preferences', { language: 'fr', kinds: [{ kind: 'checkpoint.waiting', in_app: false, email: false, webhook: false }, { kind: 'checkpoint.approved', email: true }] })
  assert.deepEqual([status, body.language], [200, 'fr'])
  await ada.patch('/api/v2/notifications/preferences', { kinds: [{ kind: 'checkpoint.approved', in_app: true }] })
  const { body: chosen } = await ada.get('/api/v2/notifications/preferences')
  const of = (kind: string) => chosen.kinds.find((one: { kind: string }) => one.kind === kind)
  assert.deepEqual([chosen.language, of('checkpoint.approved').email, of('checkpoint.waiting').in_app, of('checkpoint.expired').in_app], ['fr', true, false, true])
  assert.equal((await ada.patch('/api/v2/notifications/preferences', { kinds: [{ kind: 'nonsense', email: true }] })).status, 422)

  await aHeldCall(ada)
  assert.deepEqual(await listed(ada), [])
})

test('what acts for a person does not silence what they would be told without asking them', async () => {
  const { status, body } = await ada.post('/api/v2/nova/query', { action: { tool: 'notifications.change_preferences', args: { kinds: [{ kind: 'checkpoint.waiting', in_app: false }] } } })

  assert.deepEqual([status, body.checkpoint?.tool], [423, 'notifications.change_preferences'])
})

test('every kind speaks both languages, and an event makes one kind at most', () => {
  for (const kind of KIND_NAMES) {
    for (const text of [KINDS[kind].title, KINDS[kind].otherwise]) assert.ok(text.en && text.fr && text.en !== text.fr, kind)
    for (const name of KINDS[kind].events) assert.ok(['token_reuse', 'failures'].some((because) => kindOf(name, { because }) === kind), name)
  }
  assert.equal(kindOf('note.created', {}), undefined)
  assert.deepEqual(waysOf({ 'checkpoint.waiting': { email: false } }, 'checkpoint.waiting'), { in_app: true, email: false, webhook: true })
})
