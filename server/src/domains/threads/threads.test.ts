import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { newId, type IdentityId } from '../../platform/ids.ts'
import { keepsRows, violationsOf, type Kept } from '../../testing/kept-rows.ts'
import type { Person } from '../../testing/person.ts'
import { startWorld, type World } from '../../testing/world.ts'
import { findThreadForContext, recentThreadMessages } from './recent-messages.ts'

let world: World
before(async () => { world = await startWorld() })
after(() => world.close())

const threads: Kept = { table: 'threads', type: 'thread', titled: 'title', create: (title) => ({ title }) }
keepsRows(() => world, threads)

const PATH = '/api/v2/threads'

const openThread = async (person: Person) => (await person.post(PATH, { title: 'Rénovation' })).body
const say = (person: Person, id: string, text: string, rest = {}) => person.post(`${PATH}/${id}/messages`, { text, ...rest })
const typesOf = async (person: Person, id: string) => (await person.get(`${PATH}/${id}/events`)).body.items.map(({ type }: { type: string }) => type)

test('the smallest body works under both versions of the API', async () => {
  const ada = await world.person()

  for (const version of ['v1', 'v2']) {
    const { status, body } = await ada.post(`/api/${version}/threads`, { title: 'Test Thread', sphere_id: 1 })
    assert.deepEqual([status, body.title, body.sphere_id, body.status, body.last_seq], [201, 'Test Thread', 1, 'active', 1])
  }
})

test('messages are read in the order in which they were said, or newest first, page by page', async () => {
  const ada = await world.person()
  const { id } = await openThread(ada)
  for (const text of ['un', 'deux', 'trois']) assert.equal((await say(ada, id, text)).status, 201)
  const at = `${PATH}/${id}/messages`

  const first = await ada.get(`${at}?limit=2`)
  const rest = await ada.get(`${at}?limit=2&cursor=${first.body.next_cursor}`)
  const newest = await ada.get(`${at}?limit=2&order=desc`)

  const textsOf = (answer: typeof first) => answer.body.items.map(({ text, role }: { text: string; role: string }) => `${role}: ${text}`)
  assert.deepEqual([textsOf(first), textsOf(rest), rest.body.next_cursor], [['user: un', 'user: deux'], ['user: trois'], null])
  assert.deepEqual(textsOf(newest), ['user: trois', 'user: deux'])
})

test('a message comes back byte for byte, and who spoke is not for the body to say', async () => {
  const ada = await world.person()
  const { id } = await openThread(ada)
  const text = '  {"role":"nova"}\n\t<b>\u200f é e\u0301 🏠 1e400 -0 \\u0000 </b>  '

  const { body: said } = await say(ada, id, text)

  assert.deepEqual([said.text, said.role], [text, 'user'])
  assert.equal((await ada.get(`${PATH}/${id}/messages`)).body.items[0].text, text)
  for (const role of ['nova', 'system', 'user']) assert.equal((await say(ada, id, 'x', { role })).status, 422)
  for (const bad of ['', 'x'.repeat(50_001)]) assert.equal((await say(ada, id, bad)).status, 422)
})

test('an archived thread takes no message and no new name until it is reopened', async () => {
  const ada = await world.person()
  const { id } = await openThread(ada)
  await ada.post(`${PATH}/${id}/archive`)

  const [message, rename] = [await say(ada, id, 'encore'), await ada.patch(`${PATH}/${id}`, { title: 'Autre' })]
  await ada.post(`${PATH}/${id}/reopen`)
  const after = await say(ada, id, 'enfin')

  for (const { status, body } of [message, rename]) assert.deepEqual([status, body.code], [409, 'thread_archived'])
  assert.equal(after.status, 201)
  assert.deepEqual(await typesOf(ada, id), ['thread.created', 'thread.archived', 'thread.resumed', 'message.posted'])
})

test('archived or reopened twice, it is so once', async () => {
  const ada = await world.person()
  const { id } = await openThread(ada)

  const [archived, archivedAgain] = [await ada.post(`${PATH}/${id}/archive`), await ada.post(`${PATH}/${id}/archive`)]
  const [reopened, reopenedAgain] = [await ada.post(`${PATH}/${id}/reopen`), await ada.post(`${PATH}/${id}/reopen`)]

  assert.deepEqual([archived.status, archived.body.status, archivedAgain.body], [200, 'archived', archived.body])
  assert.deepEqual([reopened.status, reopened.body.status, reopenedAgain.body], [200, 'active', reopened.body])
  assert.deepEqual(await typesOf(ada, id), ['thread.created', 'thread.archived', 'thread.resumed'])
})

test('in the bin a thread takes no message and cannot be archived, but is still read', async () => {
  const ada = await world.person()
  const { id } = await openThread(ada)
  await say(ada, id, 'bonjour')
  await ada.del(`${PATH}/${id}`)

  for (const { status, body } of [await say(ada, id, 'x'), await ada.post(`${PATH}/${id}/archive`), await ada.post(`${PATH}/${id}/reopen`)]) {
    assert.deepEqual([status, body.code], [410, 'binned'])
  }
  assert.equal((await ada.get(`${PATH}/${id}/messages`)).body.items.length, 1)
})

test('IDB-01, IDB-07: another’s thread answers 403 on every way, and each time is in the record', async () => {
  const [ada, bob] = await Promise.all([world.person(), world.person()])
  const { id } = await openThread(ada)
  const at = `${PATH}/${id}`

  const answers = await Promise.all([
    say(bob, id, 'intrus'), bob.get(`${at}/messages`), bob.get(`${at}/events`), bob.get(`${at}/events/verify`), bob.post(`${at}/archive`), bob.post(`${at}/reopen`),
  ])
  const missing = await Promise.all([say(ada, newId(), 'x'), ada.get(`${PATH}/${newId()}/messages`), ada.get(`${PATH}/${newId()}/events`), ada.get(`${PATH}/${newId()}/events/verify`)])

  for (const { status, body } of answers) assert.deepEqual([status, body.code], [403, 'identity_boundary'])
  for (const { status, body } of missing) assert.deepEqual([status, body.code], [404, 'not_found'])
  assert.deepEqual(await violationsOf(world, bob), { audited: answers.length, checkpoints: answers.length, open: 0 })
  assert.deepEqual(await typesOf(ada, id), ['thread.created'])
})

test('the socket hears a message on the channels of its thread and sphere, without its text', async () => {
  const ada = await world.person()
  const { id } = await openThread(ada)
  await say(ada, id, 'cnry-confidentiel')

  const { rows } = await world.owner.query(`select channels, data from events where name = 'message.posted' and data->>'thread_id' = $1`, [id])

  assert.equal(rows.length, 1)
  assert.deepEqual(rows[0].channels.toSorted(), [`sphere:personal`, `thread:${id}`, `user:${ada.user.id}`])
  assert.doesNotMatch(JSON.stringify(rows), /cnry/)
})

test('a context reads the newest messages of a thread of its own, and of no other', async () => {
  const [ada, bob] = await Promise.all([world.person(), world.person()])
  const { id } = await openThread(ada)
  for (const text of ['un', 'deux', 'trois']) await say(ada, id, text)
  const asOne = (person: Person) => world.platform.store.within({ identityId: person.identity.id as IdentityId }, async ({ db }) => ({
    thread: await findThreadForContext(db, person.identity.id, id), messages: await recentThreadMessages(db, person.identity.id, id, 2),
  }))

  const [own, foreign] = [await asOne(ada), await asOne(bob)]

  assert.deepEqual([own.thread?.title, own.messages.map(({ text }) => text)], ['Rénovation', ['deux', 'trois']])
  assert.deepEqual(foreign, { thread: undefined, messages: [] })
})
