import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Person } from '../../testing/person.ts'
import { startWorld, type World } from '../../testing/world.ts'
import { SPHERE_CODES } from './sphere-list.ts'

let world: World
let ada: Person
before(async () => {
  world = await startWorld()
  ada = await world.person()
})
after(() => world.close())

const codesOf = ({ body }: { body: { items: Array<{ code: string }> } }): string[] => body.items.map(({ code }) => code)

test('a list shows the nine, and all fifteen when asked', async () => {
  const [nine, all, first] = await Promise.all([ada.get('/api/v1/spheres'), ada.get('/api/v2/spheres?include=expansion'), ada.get('/api/v2/spheres?limit=4')])
  const rest = await ada.get(`/api/v2/spheres?cursor=${first.body.next_cursor}`)

  assert.deepEqual(codesOf(nine), SPHERE_CODES.slice(0, 9))
  assert.deepEqual(codesOf(all), [...SPHERE_CODES])
  assert.deepEqual([...codesOf(first), ...codesOf(rest)], SPHERE_CODES.slice(0, 9))
  assert.deepEqual([nine.body.next_cursor, rest.body.next_cursor], [null, null])
})

test('a sphere answers to its id, its code and its names, in the language of the reader', async () => {
  for (const name of ['1', 'personal', 'Personnel', 'perso', 'PERSONAL']) {
    const { status, body } = await ada.get(`/api/v2/spheres/${name}`, { 'accept-language': 'fr' })
    assert.deepEqual([status, body.id, body.code, body.name, body.names.en, body.agent_count], [200, 1, 'personal', 'Personnel', 'Personal', 28], name)
  }
  assert.equal((await ada.get('/api/v2/spheres/dashboard')).body.core, false)
  assert.equal((await ada.get(`/api/v2/spheres/${encodeURIComponent('Communauté')}`)).body.id, 5)
})

test('what is no sphere is 404', async () => {
  for (const name of ['0', '16', '-1', '1.5', '01', 'nova', 'constructor', '__proto__']) {
    assert.deepEqual([(await ada.get(`/api/v2/spheres/${name}`)).status, (await ada.get(`/api/v2/spheres/${name}/bureau`)).status], [404, 404], name)
  }
})

test('nobody makes, changes or removes a sphere', async () => {
  for (const { status } of await Promise.all([ada.post('/api/v2/spheres', { code: 'mine' }), ada.patch('/api/v2/spheres/1', { name: 'x' }), ada.put('/api/v2/spheres/1', {}), ada.del('/api/v2/spheres/1')])) assert.equal(status, 405)
})

test('spheres are shown to those who are signed in', async () => {
  for (const path of ['/api/v2/spheres', '/api/v2/spheres/1', '/api/v2/agents', '/api/v2/spheres/1/bureau', '/api/v2/hubs/state']) assert.equal((await world.anyone.get(path)).status, 401, path)
})
