import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Answer, Person } from '../../../testing/person.ts'
import { startWorld, type World } from '../../../testing/world.ts'
import { actionsOf, toldTo } from '../deciders/testing.ts'

let world: World
let other: World

before(async () => {
  world = await startWorld()
  other = await world.another()
})
after(async () => {
  await other.close()
  await world.close()
})

const notesOf = async (person: Person, count: number): Promise<string[]> => {
  const ids: string[] = []
  for (let n = 0; n < count; n += 1) ids.push((await person.post('/api/v2/notes', { title: `n${n}` })).body.id)
  return ids
}
const asNova = (person: Person, tool: string, args: Record<string, unknown>): Promise<Answer> => person.post('/api/v2/nova/query', { message: '', action: { tool, args } })
const wantsGone = (person: Person, note: string | undefined): Promise<Answer> => asNova(person, 'notes.delete', { note_id: note })
const openOf = async (person: Person): Promise<number> => (await world.owner.query(`select count(*)::int as count from checkpoints where identity_id = $1 and actor_kind = 'nova' and status = 'pending'`, [person.identity.id])).rows[0].count

test('CHK-13: an agent that has more than five held in a minute is paused, says so, and goes on when the minute is over', async () => {
  const [ada, bob] = await Promise.all([world.person(), world.person()])
  const notes = await notesOf(ada, 8)
  for (const note of notes.slice(0, 5)) assert.equal((await wantsGone(ada, note)).status, 423)

  const flooded = await wantsGone(ada, notes[5])
  const read = await asNova(ada, 'notes.search', { query: 'n' })

  assert.deepEqual([flooded.status, flooded.body.code, flooded.headers.get('retry-after')], [429, 'flooding', '60'])
  assert.deepEqual([read.status, read.body.code], [429, 'flooding'])
  assert.equal(await openOf(ada), 5)
  assert.deepEqual([await actionsOf(world, ada, 'actor.paused'), await actionsOf(world, ada, 'actor.refused')], [1, 2])
  assert.deepEqual((await toldTo(world, ada, 'checkpoint.flood')).map(({ data }) => [data.actor_kind, data.actor_id]), [['nova', 'nova']])
  assert.deepEqual((await ada.get('/api/v2/governance/signals')).body.items.filter((one: { kind: string }) => one.kind === 'flood').length, 1)
  assert.equal((await ada.post('/api/v2/notes', { title: 'the person is not paused' })).status, 201)
  assert.equal((await wantsGone(bob, (await notesOf(bob, 1))[0])).status, 423)

  world.clock.advance(61_000)
  assert.equal((await wantsGone(ada, notes[6])).status, 423)
})

test('the owner lifts a pause before its time; nothing that works for them does', async () => {
  const [ada, eve] = await Promise.all([world.person(), world.person()])
  const notes = await notesOf(ada, 7)
  for (const note of notes.slice(0, 6)) await wantsGone(ada, note)
  const { body: { items: [pause] } } = await ada.get('/api/v2/governance/pauses')
  assert.deepEqual([pause.reason, pause.actor], ['flood', { kind: 'nova', id: 'nova' }])

  assert.equal((await asNova(ada, 'floods.lift', { actor_pause_id: pause.id })).status, 429)
  assert.equal((await eve.del(`/api/v2/governance/pauses/${pause.id}`)).status, 403)
  assert.equal((await ada.del(`/api/v2/governance/pauses/${pause.id}`)).status, 200)
  assert.equal((await ada.del(`/api/v2/governance/pauses/${pause.id}`)).status, 409)

  assert.equal((await asNova(ada, 'notes.search', { query: 'n' })).status, 200)
  assert.equal((await wantsGone(ada, notes[6])).body.code, 'flooding')
})

test('what was approved, and the same request again, is no flood', async () => {
  const ada = await world.person()
  const notes = await notesOf(ada, 9)
  for (const note of notes.slice(0, 8)) {
    const { body } = await wantsGone(ada, note)
    assert.equal((await ada.post(`/api/v2/checkpoints/${body.checkpoint.id}/approve`, {})).status, 200)
  }

  const answers = []
  for (let n = 0; n < 8; n += 1) answers.push(await wantsGone(ada, notes[8]))

  assert.deepEqual(answers.map(({ status }) => status), Array.from({ length: 8 }, () => 423))
  assert.equal(await openOf(ada), 1)
})

test('of thirty held calls at once, on two servers, five wait; the agent is paused once', async () => {
  const ada = await world.person()
  const notes = await notesOf(ada, 30)
  const send = (url: string, note: string): Promise<number> => fetch(`${url}/api/v2/nova/query`, {
    method: 'POST', headers: { authorization: `Bearer ${ada.token}`, 'content-type': 'application/json' }, body: JSON.stringify({ message: '', action: { tool: 'notes.delete', args: { note_id: note } } }),
  }).then(({ status }) => status)

  const statuses = await Promise.all(notes.map((note, n) => send(n % 2 ? other.url : world.url, note)))

  assert.deepEqual([statuses.filter((status) => status === 423).length, statuses.filter((status) => status === 429).length], [5, 25])
  assert.deepEqual([await openOf(ada), await actionsOf(world, ada, 'actor.paused')], [5, 1])
})

test('CHK-13: of one agent at most twenty wait that were asked within an hour; the next is 429 until one is decided', async () => {
  const ada = await world.person()
  const notes = await notesOf(ada, 22)
  for (const [n, note] of notes.slice(0, 20).entries()) {
    if (n % 5 === 0) world.clock.advance(61_000)
    assert.equal((await wantsGone(ada, note)).status, 423, `${n}`)
  }
  world.clock.advance(61_000)

  const tooMany = await wantsGone(ada, notes[20])
  assert.deepEqual([tooMany.status, tooMany.body.code, tooMany.headers.has('retry-after'), await openOf(ada)], [429, 'too_many_waiting', true, 20])
  assert.equal((await asNova(ada, 'notes.search', { query: 'n' })).status, 200)

  const { body: { items: [one] } } = await ada.get('/api/v2/checkpoints/pending')
  await ada.post(`/api/v2/checkpoints/${one.id}/approve`, {})
  assert.equal((await wantsGone(ada, notes[21])).status, 423)
})

test('block rejects and pauses who asked until a person lifts it; what a person asked for pauses nobody', async () => {
  const ada = await world.person()
  const [note, own] = await notesOf(ada, 2)
  const { body: held } = await wantsGone(ada, note)

  const blocked = await ada.post(`/api/v2/governance/checkpoints/${held.checkpoint.id}/block`, { reason: 'never' })
  const next = await asNova(ada, 'notes.search', { query: 'n' })
  world.clock.advance(10 * 60_000)
  const later = await asNova(ada, 'notes.search', { query: 'n' })

  assert.deepEqual([blocked.status, blocked.body.checkpoint.status], [200, 'rejected'])
  assert.deepEqual([next.status, next.body.code, later.body.code], [403, 'actor_paused', 'actor_paused'])
  const { body: { items: [pause] } } = await ada.get('/api/v2/governance/pauses')
  assert.deepEqual([pause.reason, pause.ends_at], ['blocked', null])
  await ada.del(`/api/v2/governance/pauses/${pause.id}`)
  assert.equal((await asNova(ada, 'notes.search', { query: 'n' })).status, 200)

  const { body: mine } = await ada.post('/api/v2/checkpoints', { tool: 'notes.delete', args: { note_id: own } })
  assert.equal((await ada.post(`/api/v2/checkpoints/${mine.id}/block`, { reason: 'x' })).status, 409)
  assert.equal((await ada.get(`/api/v2/checkpoints/${mine.id}`)).body.status, 'pending')
})
