import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { keepsRows, type Kept } from '../../testing/kept-rows.ts'
import { startWorld, type World } from '../../testing/world.ts'

let world: World
before(async () => { world = await startWorld() })
after(() => world.close())

const notes: Kept = { table: 'notes', type: 'note', titled: 'title', create: (title) => ({ title }) }
keepsRows(() => world, notes)

test('a note goes into the sphere that is named, by id or code, else into the personal one', async () => {
  const ada = await world.person()

  const spheres = await Promise.all([{}, { sphere_id: 9 }, { sphere_id: 'business' }, { sphere_id: 'Studio' }].map(async (place) => (await ada.post('/api/v2/notes', { title: 'x', ...place })).body.sphere_id))
  const refused = await ada.post('/api/v2/notes', { title: 'x', sphere_id: 'nowhere' })
  const { body: inBusiness } = await ada.get('/api/v2/notes?sphere_id=business')

  assert.deepEqual(spheres, [1, 9, 2, 4])
  assert.equal(refused.status, 422)
  assert.deepEqual(inBusiness.items.map((note: { sphere_id: number }) => note.sphere_id), [2])
})

test('INP-07: what a note says comes back as it was given, and is found by its body', async () => {
  const ada = await world.person()
  const body = '  <script>alert(1)</script> ‮\u200b 🏠 Ω≈ç√ {{7*7}} \'; drop table notes; -- \t\r\n $where: 1 '

  const { body: note } = await ada.post('/api/v2/notes', { title: 'Naughty', body })
  const [got, found] = await Promise.all([ada.get(`/api/v2/notes/${note.id}`), ada.get(`/api/v2/notes?query=${encodeURIComponent('drop table')}`)])

  assert.equal(got.body.body, body)
  assert.deepEqual(found.body.items.map(({ id }: { id: string }) => id), [note.id])
})

test('a note without a title, or too long, is refused before anything is written', async () => {
  const ada = await world.person()

  for (const note of [{}, { title: '' }, { title: '   ' }, { title: 'x'.repeat(301) }, { title: 'x', body: 'x'.repeat(100_001) }, { title: 7 }, { title: ['x'] }, { title: { $gt: '' } }]) {
    assert.equal((await ada.post('/api/v2/notes', note)).status, 422, JSON.stringify(note).slice(0, 40))
  }

  assert.deepEqual((await ada.get('/api/v2/notes')).body.items, [])
})

test('a change of the body leaves the title, and counts', async () => {
  const ada = await world.person()
  const { body: note } = await ada.post('/api/v2/notes', { title: 'Courses', body: 'lait' })

  const { body: changed } = await ada.patch(`/api/v2/notes/${note.id}`, { body: 'lait, pain' })

  assert.deepEqual([changed.title, changed.body, changed.version], ['Courses', 'lait, pain', 2])
})
