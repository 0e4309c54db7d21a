import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Answer, Person } from '../../testing/person.ts'
import { startWorld, type World } from '../../testing/world.ts'
import { defaultSectionOrder, SECTION_CODES } from '../spheres/bureau-sections.ts'
import { SPHERE_CODES } from '../spheres/sphere-list.ts'

let world: World
before(async () => { world = await startWorld() })
after(() => world.close())

type Section = { code: string; name: string; order: number; count: number; items: Array<{ type: string; id: string; title: string; status: string | null }> }

const add = async (person: Person, table: string, title: string, rest = {}): Promise<string> => (await person.post(`/api/v2/${table}`, { title, ...rest })).body.id
const bureauOf = async (person: Person, sphere = 'personal', language = 'en') => (await person.get(`/api/v2/spheres/${sphere}/bureau`, { 'accept-language': language })).body
const titlesIn = ({ sections }: { sections: Section[] }, code: string) => sections.find((section) => section.code === code)?.items.map(({ title }) => title)
const countsOf = ({ sections }: { sections: Section[] }) => Object.fromEntries(sections.map(({ code, count }) => [code, count]))

async function pageAll(person: Person, path: string): Promise<string[]> {
  const titles: string[] = []
  let cursor: string | null = null
  do {
    const { status, body }: Answer = await person.get(`${path}?limit=2${cursor ? `&cursor=${cursor}` : ''}`)
    assert.equal(status, 200)
    titles.push(...body.items.map(({ title }: { title: string }) => title))
    cursor = body.next_cursor
  } while (cursor)
  return titles
}

test('every sphere has its six sections, in the order that it prefers', async () => {
  const ada = await world.person()

  for (const code of SPHERE_CODES) {
    const bureau = await bureauOf(ada, code)
    assert.deepEqual(bureau.sections.map((section: Section) => [section.code, section.order]), defaultSectionOrder(code).map((section, index) => [section, index + 1]))
    assert.deepEqual([bureau.sphere.code, bureau.hubs.hubs.length], [code, 3])
  }
  assert.equal((await bureauOf(ada, 'personal', 'fr')).sections[0].name, 'Capture rapide')
})

test('each section shows and counts what is there, and nothing of another sphere or of the bin', async () => {
  const ada = await world.person()
  const note = await add(ada, 'notes', 'note')
  const done = await add(ada, 'tasks', 'faite')
  await add(ada, 'tasks', 'à faire')
  const archived = await add(ada, 'threads', 'fil clos')
  await add(ada, 'threads', 'fil ouvert')
  const gone = await add(ada, 'notes', 'jetée')
  await add(ada, 'notes', 'ailleurs', { sphere_id: 2 })
  await Promise.all([ada.post(`/api/v2/tasks/${done}/complete`), ada.post(`/api/v2/threads/${archived}/archive`), ada.del(`/api/v2/notes/${gone}`)])
  world.clock.advance(1_000)
  await ada.patch(`/api/v2/notes/${note}`, { body: 'relue' })

  const bureau = await bureauOf(ada)

  assert.deepEqual(countsOf(bureau), { quick_capture: 2, threads: 2, data_files: 1, resume_workspace: 3, active_agents: 28, meetings: 0 })
  assert.deepEqual(titlesIn(bureau, 'quick_capture'), ['à faire', 'note'])
  assert.deepEqual(titlesIn(bureau, 'resume_workspace'), ['note', 'fil ouvert', 'à faire'])
  assert.deepEqual(titlesIn(bureau, 'threads'), ['fil ouvert', 'fil clos'])
  assert.deepEqual(titlesIn(bureau, 'data_files'), ['note'])
  assert.deepEqual(titlesIn(bureau, 'meetings'), [])
  assert.equal(titlesIn(await bureauOf(ada, 'business'), 'data_files')?.[0], 'ailleurs')
})

test('the bureau shows five of each section; its page shows all, each once', async () => {
  const ada = await world.person()
  const titles = Array.from({ length: 7 }, (_, n) => `note ${n}`)
  for (const title of titles) await add(ada, 'notes', title)
  await add(ada, 'tasks', 'tâche')
  const newest = ['tâche', ...titles.toReversed()]

  const bureau = await bureauOf(ada)

  assert.deepEqual([titlesIn(bureau, 'quick_capture'), countsOf(bureau).quick_capture], [newest.slice(0, 5), 8])
  for (const section of ['quick_capture', 'resume_workspace']) assert.deepEqual(await pageAll(ada, `/api/v2/spheres/1/bureau/${section}`), newest, section)
  assert.deepEqual(await pageAll(ada, '/api/v2/spheres/1/bureau/data_files'), newest.slice(1))
  assert.deepEqual(await pageAll(ada, '/api/v2/spheres/1/bureau/meetings'), [])
})

test('rows edited in the same millisecond are paged once each', async () => {
  const ada = await world.person()
  for (let n = 0; n < 5; n += 1) await add(ada, 'notes', `note ${n}`)
  await world.owner.query(`update notes set updated_at = '2026-05-05T05:05:05.005Z' where identity_id = $1`, [ada.identity.id])

  assert.deepEqual((await pageAll(ada, '/api/v2/spheres/1/bureau/resume_workspace')).toSorted(), [0, 1, 2, 3, 4].map((n) => `note ${n}`))
})

test('active agents are those of the sphere with their state, in the order of the catalogue', async () => {
  const ada = await world.person()
  await world.owner.query(`update atom_agents set status = 'dormant' where agent_code = 'E001'`)

  const { body } = await ada.get('/api/v2/spheres/entertainment/bureau/active_agents?limit=3', { 'accept-language': 'fr' })
  const rest = await ada.get(`/api/v2/spheres/entertainment/bureau/active_agents?cursor=${body.next_cursor}`)

  assert.deepEqual(body.items.map(({ id, status, type }: Section['items'][0]) => [type, id, status]), [['agent', 'E001', 'dormant'], ['agent', 'E002', 'active'], ['agent', 'E003', 'active']])
  assert.deepEqual([...body.items, ...rest.body.items].length, 8)
})

test('INP-12: there is no seventh section, and no made-up cursor', async () => {
  const ada = await world.person()

  for (const section of ['budget', 'constructor', '1']) assert.equal((await ada.get(`/api/v2/spheres/1/bureau/${section}`)).status, 404)
  for (const section of SECTION_CODES) assert.equal((await ada.get(`/api/v2/spheres/1/bureau/${section}?cursor=eA.AAAAAAAAAAAAAAAA`)).status, 400, section)
  assert.equal((await ada.get('/api/v2/spheres/1/bureau/threads?limit=101')).status, 422)
})

test('a cursor of one section brings nothing of another’s with it: it is refused or only moves within the own rows', async () => {
  const [ada, bob] = await Promise.all([world.person(), world.person()])
  for (let n = 0; n < 3; n += 1) await add(ada, 'notes', `cnry-${n}`)
  const { body: { next_cursor: cursor } } = await ada.get('/api/v2/spheres/1/bureau/data_files?limit=1')

  for (const section of SECTION_CODES) {
    const { status, body } = await bob.get(`/api/v2/spheres/1/bureau/${section}?cursor=${cursor}`)
    assert.ok(status === 200 || status === 400, section)
    assert.doesNotMatch(JSON.stringify(body), /cnry/)
  }
})

test('IDB-05: a bureau shows and counts nothing of another identity', async () => {
  const [ada, bob] = await Promise.all([world.person(), world.person()])
  for (const table of ['notes', 'tasks', 'threads']) await add(ada, table, 'cnry-ada')

  const bureau = await bureauOf(bob)

  assert.doesNotMatch(JSON.stringify(bureau), /cnry/)
  assert.deepEqual(countsOf(bureau), { quick_capture: 0, threads: 0, data_files: 0, resume_workspace: 0, active_agents: 28, meetings: 0 })
})
