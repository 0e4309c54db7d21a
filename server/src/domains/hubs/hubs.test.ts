import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { newId } from '../../platform/ids.ts'
import { violationsOf } from '../../testing/kept-rows.ts'
import type { Person } from '../../testing/person.ts'
import { startWorld, type World } from '../../testing/world.ts'

let world: World
before(async () => { world = await startWorld() })
after(() => world.close())

const GOTO = '/api/v2/hubs/navigation/goto'
const goTo = (person: Person, place: Record<string, unknown>) => person.post(GOTO, place)
const stateOf = async (person: Person) => (await person.get('/api/v2/hubs/state')).body
const openThread = async (person: Person, sphere_id: number | string) => (await person.post('/api/v2/threads', { title: 'Chantier', sphere_id })).body

const currentOf = (state: { hubs: Array<{ code: string; current: { id: string; title: string } | null }> }) => state.hubs.map(({ code, current }) => [code, current?.id ?? null, current?.title ?? null])

test('before the first change nothing is open, and the version is 0', async () => {
  const state = await stateOf(await world.person())

  assert.deepEqual([state.version, state.sphere_id, state.thread_id, state.updated_at], [0, null, null, null])
  assert.deepEqual(currentOf(state), [['communication', null, null], ['navigation', null, null], ['workspace', null, null]])
  assert.deepEqual(state.hubs.flatMap(({ steps }: { steps: number[] }) => steps), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
})

test('going to a thread goes to its sphere; going to a sphere leaves the thread', async () => {
  const ada = await world.person()
  const thread = await openThread(ada, 'business')

  const there = await goTo(ada, { thread_id: thread.id })
  const atThread = await stateOf(ada)
  await goTo(ada, { sphere_id: 'scholar' })
  const atSphere = await stateOf(ada)

  assert.deepEqual([there.status, there.body.version, there.body.sphere_id, there.body.thread_id], [200, 1, 2, thread.id])
  assert.deepEqual(currentOf(atThread), [['communication', thread.id, 'Chantier'], ['navigation', 'business', 'Business'], ['workspace', null, null]])
  assert.deepEqual([atSphere.version, atSphere.sphere_id, atSphere.thread_id], [2, 9, null])
})

test('a thread of another sphere than the one named is a conflict; naming nothing is not valid', async () => {
  const ada = await world.person()
  const thread = await openThread(ada, 2)

  assert.equal((await goTo(ada, { thread_id: thread.id, sphere_id: 3 })).status, 409)
  assert.equal((await goTo(ada, { thread_id: thread.id, sphere_id: 'business' })).status, 200)
  for (const place of [{}, { version: 1 }, { sphere_id: 99 }, { thread_id: '1' }, { sphere_id: 1, version: -1 }, { sphere_id: 1, workspace: {} }]) assert.equal((await goTo(ada, place)).status, 422, JSON.stringify(place))
})

test('of many who move from one version, one moves', async () => {
  const ada = await world.person()

  const first = await Promise.all(Array.from({ length: 10 }, () => goTo(ada, { sphere_id: 1, version: 0 })))
  const second = await Promise.all(Array.from({ length: 10 }, (_, n) => goTo(ada, { sphere_id: n % 9 + 1, version: 1 })))
  const ahead = await goTo(ada, { sphere_id: 1, version: 7 })
  const stranger = await goTo(await world.person(), { sphere_id: 1, version: 7 })

  for (const answers of [first, second]) assert.deepEqual(answers.map(({ status }) => status).toSorted(), [200, ...Array.from({ length: 9 }, () => 409)])
  assert.deepEqual([ahead.status, stranger.status, (await stateOf(ada)).version], [409, 409, 2])
})

test('IDB-01: nobody goes to another’s thread, and a place of one identity is not that of another', async () => {
  const [ada, bob] = await Promise.all([world.person(), world.person()])
  const thread = await openThread(ada, 1)
  await goTo(ada, { thread_id: thread.id })

  const [foreign, missing] = [await goTo(bob, { thread_id: thread.id }), await goTo(bob, { thread_id: newId() })]

  assert.deepEqual([foreign.status, foreign.body.code, missing.status], [403, 'identity_boundary', 404])
  assert.deepEqual(await violationsOf(world, bob), { audited: 1, checkpoints: 1, open: 0 })
  assert.equal((await stateOf(bob)).version, 0)
})

test('a thread in the bin is gone to no more, and no longer shown', async () => {
  const ada = await world.person()
  const thread = await openThread(ada, 1)
  await goTo(ada, { thread_id: thread.id })
  await ada.del(`/api/v2/threads/${thread.id}`)

  const [again, state] = [await goTo(ada, { thread_id: thread.id }), await stateOf(ada)]

  assert.deepEqual([again.status, again.body.code], [410, 'binned'])
  assert.deepEqual([state.thread_id, state.sphere_id, state.hubs[0].current], [null, 1, null])
})
