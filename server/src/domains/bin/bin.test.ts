import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { keep, type Kept } from '../../testing/kept-rows.ts'
import type { Person } from '../../testing/person.ts'
import { startWorld, type World } from '../../testing/world.ts'
import { openBodies } from '../audit/testing.ts'
import { BIN_DAYS, emptyBin } from './empty-bin.ts'

let world: World
before(async () => { world = await startWorld() })
after(() => world.close())

const kinds: Kept[] = [
  { table: 'notes', type: 'note', titled: 'title', create: (title) => ({ title }) }, { table: 'tasks', type: 'task', titled: 'title', create: (title) => ({ title }) },
  { table: 'contacts', type: 'contact', titled: 'name', create: (name) => ({ name }) }, { table: 'threads', type: 'thread', titled: 'title', create: (title) => ({ title }) },
]
const DAY_MS = 24 * 3_600_000
const inDays = (days: number): Date => new Date(world.clock.now().getTime() + days * DAY_MS)

async function binOne(person: Person, kept: Kept): Promise<string> {
  const { id } = await keep(person, kept)
  assert.equal((await person.del(`/api/v2/${kept.table}/${id}`)).status, 200)
  return id
}

test('what lay in the bin for 30 days leaves for good; what lay there for less, or outside, stays', async () => {
  const ada = await world.person()
  const kept = await Promise.all(kinds.map(async (kind) => ({ kind, binned: await binOne(ada, kind), out: (await keep(ada, kind)).id })))
  const statuses = () => Promise.all(kept.flatMap(({ kind, binned, out }) => [binned, out].map(async (id) => (await ada.get(`/api/v2/${kind.table}/${id}`)).status)))

  const early = await emptyBin(world.platform.store, inDays(BIN_DAYS - 1))
  const still = await statuses()
  const late = await emptyBin(world.platform.store, inDays(BIN_DAYS + 1))

  assert.deepEqual([early, late], [{ notes: 0, tasks: 0, contacts: 0, threads: 0 }, { notes: 1, tasks: 1, contacts: 1, threads: 1 }])
  assert.deepEqual(still, kept.flatMap(() => [200, 200]))
  assert.deepEqual(await statuses(), kept.flatMap(() => [404, 200]))
  for (const { kind, binned } of kept) assert.equal((await ada.post(`/api/v2/${kind.table}/${binned}/restore`)).status, 404)
})

test('a thread leaves with its whole log', async () => {
  const ada = await world.person()
  const { id } = await keep(ada, kinds[3] as Kept)
  await ada.post(`/api/v2/threads/${id}/messages`, { text: 'bonjour' })
  await ada.del(`/api/v2/threads/${id}`)

  await emptyBin(world.platform.store, inDays(BIN_DAYS + 1))

  assert.deepEqual((await world.owner.query('select 1 from thread_events where thread_id = $1', [id])).rows, [])
})

test('each identity finds in its audit how much of each kind left, once, and the chain holds', async () => {
  const [ada, bob] = await Promise.all([world.person(), world.person()])
  for (const kind of kinds) await binOne(ada, kind)
  await binOne(ada, kinds[0] as Kept)
  await binOne(bob, kinds[1] as Kept)

  await emptyBin(world.platform.store, inDays(BIN_DAYS + 1))
  await emptyBin(world.platform.store, inDays(BIN_DAYS + 1))

  const detailsOf = async (person: Person) => {
    const { rows } = await world.owner.query<{ body: string }>(`select body from audit_events where identity_id = $1 and action = 'bin.emptied'`, [person.identity.id])
    return (await openBodies(world.platform.store, person.identity.id, rows.map(({ body }) => body))).map(({ details, actor }) => [details, actor])
  }
  const actor = { id: 'bin', kind: 'system' }
  assert.deepEqual(await detailsOf(ada), [[{ notes: 2, tasks: 1, contacts: 1, threads: 1 }, actor]])
  assert.deepEqual(await detailsOf(bob), [[{ notes: 0, tasks: 1, contacts: 0, threads: 0 }, actor]])
  assert.equal((await ada.get('/api/v2/governance/audit/verify')).body.valid, true)
})

test('more than one batch leaves, emptied by two nodes at once, and is counted once', async () => {
  const ada = await world.person()
  await world.owner.query(`insert into notes (id, identity_id, created_at, updated_at, binned_at, sphere_id, title, title_key, body)
    select gen_random_uuid(), $1, now(), now(), now(), 1, 'x', 'x', '' from generate_series(1, 250)`, [ada.identity.id])

  const purged = await Promise.all([emptyBin(world.platform.store, inDays(BIN_DAYS + 1)), emptyBin(world.platform.store, inDays(BIN_DAYS + 1))])
  const rest = await emptyBin(world.platform.store, inDays(BIN_DAYS + 1))

  assert.equal(purged.reduce((sum, { notes }) => sum + notes, rest.notes), 250)
  assert.deepEqual((await world.owner.query('select 1 from notes where identity_id = $1', [ada.identity.id])).rows, [])
})

test('an aborted emptying leaves the rest for the next', async () => {
  const ada = await world.person()
  const id = await binOne(ada, kinds[0] as Kept)

  const purged = await emptyBin(world.platform.store, inDays(BIN_DAYS + 1), AbortSignal.abort())

  assert.deepEqual(purged, { notes: 0, tasks: 0, contacts: 0, threads: 0 })
  assert.equal((await ada.get(`/api/v2/notes/${id}`)).status, 200)
  assert.equal((await emptyBin(world.platform.store, inDays(BIN_DAYS + 1))).notes, 1)
})

test('what somebody restores is not removed, however the two meet', async () => {
  const ada = await world.person()
  const ids = await Promise.all(Array.from({ length: 20 }, () => binOne(ada, kinds[0] as Kept)))

  const [purged, ...restored] = await Promise.all([emptyBin(world.platform.store, inDays(BIN_DAYS + 1)), ...ids.map((id) => ada.post(`/api/v2/notes/${id}/restore`))])

  const saved = ids.filter((_, index) => restored[index]?.status === 200)
  const { body } = await ada.get('/api/v2/notes?limit=100')
  assert.deepEqual(body.items.map(({ id }: { id: string }) => id).toSorted(), saved.toSorted())
  assert.equal(purged.notes + saved.length, ids.length)
})
