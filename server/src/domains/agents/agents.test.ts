import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Answer, Person } from '../../testing/person.ts'
import { startWorld, type World } from '../../testing/world.ts'
import { allAgents } from './catalogue/all-agents.ts'

let world: World
let ada: Person
before(async () => {
  world = await startWorld()
  ada = await world.person()
})
after(() => world.close())

type Listed = { code: string; sphere: string; sphere_id: number; level: string; gated: boolean; capabilities: string[]; name: string; status: string }

async function listAll(query: string): Promise<Listed[]> {
  const items: Listed[] = []
  let cursor: string | null = null
  do {
    const { status, body }: Answer = await ada.get(`/api/v2/agents?limit=100${query}${cursor ? `&cursor=${cursor}` : ''}`)
    assert.equal(status, 200)
    items.push(...body.items)
    cursor = body.next_cursor
  } while (cursor)
  return items
}

const codes = (agents: ReadonlyArray<{ code: string }>): string[] => agents.map(({ code }) => code)

test('a list shows the 226 of the nine spheres, and all 350 when asked, in the order of the catalogue', async () => {
  const [core, all] = [await listAll(''), await listAll('&include=expansion')]

  assert.deepEqual(codes(core), codes(allAgents.slice(0, 226)))
  assert.deepEqual(codes(all), codes(allAgents))
})

test('an agent as the catalogue declares it, in the language of the reader', async () => {
  const [{ body: french }, { body: english }] = await Promise.all([ada.get('/api/v2/agents/p009', { 'accept-language': 'fr-CA' }), ada.get('/api/v1/agents/P009')])
  const declared = allAgents.find(({ code }) => code === 'P009')

  assert.deepEqual([french.name, french.function, english.name, english.function], [declared?.name.fr, declared?.function.fr, declared?.name.en, declared?.function.en])
  assert.deepEqual([french.sphere, french.sphere_id, french.level, french.type, french.gated, french.status, french.capabilities], ['personal', 1, declared?.level, declared?.type, declared?.gated, 'active', declared?.capabilities])
})

test('filters narrow the list, alone and together', async () => {
  const core = allAgents.slice(0, 226)

  assert.deepEqual(codes(await listAll('&sphere=creative')), codes(core.filter(({ sphere }) => sphere === 'creative_studio')))
  assert.deepEqual(codes(await listAll('&sphere=10')), codes(allAgents.filter(({ sphere }) => sphere === 'transport')))
  assert.deepEqual(codes(await listAll('&level=L1')), ['T030'])
  assert.deepEqual(codes(await listAll('&gated=true')), codes(core.filter(({ gated }) => gated)))
  assert.deepEqual(codes(await listAll('&gated=false&capability=scoring&sphere=2')), codes(core.filter(({ gated, capabilities, sphere }) => !gated && capabilities.includes('scoring') && sphere === 'business')))
  for (const bad of ['sphere=nowhere', 'level=L0', 'gated=maybe', 'capability=magic', 'include=all', 'sort=rank', 'order=score']) assert.equal((await ada.get(`/api/v2/agents?${bad}`)).status, 422, bad)
})

test('an agent is found in either language, without accents', async () => {
  assert.deepEqual(codes(await listAll('&query=DEPENSES&sphere=1')), ['P009'])
  assert.ok(codes(await listAll('&query=spending')).includes('P009'))
  assert.deepEqual(await listAll('&query=%25%25'), [])
})

test('INP-12: a changed cursor is 400', async () => {
  for (const cursor of ['x', `${Buffer.from('1').toString('base64url')}.AAAAAAAAAAAAAAAA`]) assert.equal((await ada.get(`/api/v2/agents?cursor=${cursor}`)).status, 400)
})

test('Nova is not in the catalogue, and no code that does not exist is', async () => {
  for (const code of ['NOVA', 'nova', 'P000', 'P029', 'L0', '%00']) assert.ok([400, 404].includes((await ada.get(`/api/v2/agents/${code}`)).status), code)
  const all = await listAll('&include=expansion')
  assert.ok(all.every(({ name, code, level }) => !/\bnova\b/i.test(name) && code !== 'NOVA' && level !== 'L0'))
})

test('the counts are those of the catalogue', async () => {
  const { body } = await ada.get('/api/v2/agents/stats')

  assert.deepEqual([body.total, body.core, body.expansion, body.by_sphere.business, body.by_sphere.transport, Object.keys(body.by_sphere).length], [350, 226, 124, 43, 50, 15])
})

test('the server itself cannot change the catalogue', async () => {
  const { store } = world.platform
  for (const table of ['agents', 'spheres'] as const) {
    await assert.rejects(store.within({ service: 'seed' }, ({ db }) => db.deleteFrom(table).execute()), { code: '42501' })
  }
  await assert.rejects(store.within({ service: 'seed' }, ({ db }) => db.updateTable('agents').set({ gated: false }).execute()), { code: '42501' })
})
