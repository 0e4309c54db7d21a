import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { keepsRows, violationsOf, type Kept } from '../../testing/kept-rows.ts'
import type { Person } from '../../testing/person.ts'
import { startWorld, type World } from '../../testing/world.ts'

let world: World
before(async () => { world = await startWorld() })
after(() => world.close())

const tasks: Kept = { table: 'tasks', type: 'task', titled: 'title', create: (title) => ({ title }) }
keepsRows(() => world, tasks)

const PATH = '/api/v2/tasks'

const addTask = async (person: Person, task: Record<string, unknown> = {}) => (await person.post(PATH, { title: 'Appeler le plombier', ...task })).body

test('a due time is given with any offset and kept in UTC; null takes it away', async () => {
  const ada = await world.person()

  const task = await addTask(ada, { due_at: '2027-03-03T14:00:00+05:30' })
  const { body: moved } = await ada.patch(`${PATH}/${task.id}`, { due_at: '2027-12-31T23:30:00.5-02:00' })
  const { body: kept } = await ada.patch(`${PATH}/${task.id}`, { title: 'Rappeler le plombier' })
  const { body: freed } = await ada.patch(`${PATH}/${task.id}`, { due_at: null })

  assert.deepEqual([task.due_at, moved.due_at, kept.due_at, freed.due_at], ['2027-03-03T08:30:00.000Z', '2028-01-01T01:30:00.500Z', '2028-01-01T01:30:00.500Z', null])
})

test('INP-11: a time without its offset, of no calendar or of no century we write is refused', async () => {
  const ada = await world.person()
  const times = ['2027-03-03', '2027-03-03T14:00:00', '2027-02-30T14:00:00Z', 'demain', '9999-12-31T23:59:59-12:00', '0000-01-01T00:00:00Z', '1899-12-31T23:59:59Z', 1_800_000_000, '', '+012027-03-03T14:00:00Z']

  for (const due_at of times) assert.equal((await ada.post(PATH, { title: 'x', due_at })).status, 422, String(due_at))

  assert.equal((await ada.post(PATH, { title: 'x', due_at: '9999-12-31T23:59:59Z' })).body.due_at, '9999-12-31T23:59:59.000Z')
})

test('completed twice, it is done since the first time, and that is told once', async () => {
  const ada = await world.person()
  const task = await addTask(ada)

  const first = await ada.post(`${PATH}/${task.id}/complete`)
  world.clock.advance(60_000)
  const second = await ada.post(`${PATH}/${task.id}/complete`)

  assert.deepEqual([first.status, first.body.status, second.status], [200, 'done', 200])
  assert.ok(first.body.completed_at)
  assert.deepEqual(second.body, first.body)
  const { rows } = await world.owner.query(`select 1 from events where name = 'task.completed' and data->>'task_id' = $1`, [task.id])
  assert.equal(rows.length, 1)
})

test('fifty who complete one task at once all get the same answer, and it is told once', async () => {
  const ada = await world.person()
  const task = await addTask(ada)

  const answers = await Promise.all(Array.from({ length: 50 }, () => ada.post(`${PATH}/${task.id}/complete`)))

  assert.equal(new Set(answers.map(({ status, body }) => JSON.stringify([status, body.id, body.status, body.version]))).size, 1)
  const { rows } = await world.owner.query(`select 1 from events where name = 'task.completed' and data->>'task_id' = $1`, [task.id])
  assert.equal(rows.length, 1)
})

test('reopening takes the time of completion away; done again by a change, it has one', async () => {
  const ada = await world.person()
  const task = await addTask(ada)
  const { body: done } = await ada.post(`${PATH}/${task.id}/complete`)

  world.clock.advance(1_000)
  const { body: still } = await ada.patch(`${PATH}/${task.id}`, { status: 'done' })
  const { body: open } = await ada.patch(`${PATH}/${task.id}`, { status: 'open' })
  const { body: again } = await ada.patch(`${PATH}/${task.id}`, { status: 'done' })

  assert.deepEqual([still.completed_at, open.completed_at, open.status, again.status], [done.completed_at, null, 'open', 'done'])
  assert.ok(again.completed_at > done.completed_at)
  assert.equal((await ada.patch(`${PATH}/${task.id}`, { status: 'cancelled' })).status, 422)
})

test('a task in the bin cannot be completed, and comes back as it was', async () => {
  const ada = await world.person()
  const task = await addTask(ada)
  await ada.post(`${PATH}/${task.id}/complete`)
  await ada.del(`${PATH}/${task.id}`)

  const refused = await ada.post(`${PATH}/${task.id}/complete`)
  const { body: restored } = await ada.post(`${PATH}/${task.id}/restore`)

  assert.deepEqual([refused.status, refused.body.code, restored.status], [410, 'binned', 'done'])
})

test('a list shows one status or both, and none that does not exist', async () => {
  const ada = await world.person()
  const [open, done] = [await addTask(ada), await addTask(ada)]
  await ada.post(`${PATH}/${done.id}/complete`)
  const idsOf = async (query: string) => (await ada.get(`${PATH}${query}`)).body.items.map(({ id }: { id: string }) => id)

  assert.deepEqual(await idsOf('?status=open'), [open.id])
  assert.deepEqual(await idsOf('?status=done'), [done.id])
  assert.deepEqual(await idsOf(''), [done.id, open.id])
  assert.equal((await ada.get(`${PATH}?status=late`)).status, 422)
})

test('IDB-01: another’s task cannot be completed', async () => {
  const [ada, bob] = await Promise.all([world.person(), world.person()])
  const task = await addTask(ada)

  const { status, body } = await bob.post(`${PATH}/${task.id}/complete`)

  assert.deepEqual([status, body.code], [403, 'identity_boundary'])
  assert.equal((await ada.get(`${PATH}/${task.id}`)).body.status, 'open')
  assert.deepEqual(await violationsOf(world, bob), { audited: 1, checkpoints: 1, open: 0 })
})
