import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { migrateDown, migrateUp, openAsOwner, type Owner } from '../../platform/db/migrate.ts'
import { seed } from '../../seed.ts'
import { createDatabase, type TestDatabase } from '../../testing/database.ts'

let database: TestDatabase
let owner: Owner
before(async () => {
  database = await createDatabase()
  owner = await openAsOwner(database.url)
})
after(async () => {
  await owner.close()
  await database.drop()
})

const rowsOf = async (text: string) => (await database.owner.query(text)).rows
const stateOf = () => Promise.all([
  rowsOf('select * from spheres order by id'), rowsOf('select * from agents order by code'), rowsOf('select agent_code, status, frequency, x, y, z from atom_agents order by agent_code'),
])

test('seeding again writes nothing, and after a change it restores what is declared', async () => {
  const before = await stateOf()
  assert.equal(await seed(owner.db), false)

  await database.owner.query(`update seeds set hash = 'of an older release'; update agents set position = -position; update agents set position = 351 + position where position < 0;
    update agents set gated = not gated, search_key = ''; update spheres set icon = '?'; update atom_agents set x = 0`)

  assert.equal(await seed(owner.db), true)
  assert.deepEqual(await stateOf(), before)
  assert.deepEqual(before.map((rows) => rows.length), [15, 350, 350])
})

test('a fleet that is dormant stays so when the seeds are written anew', async () => {
  await database.owner.query(`update atom_agents set status = 'dormant', frequency = 432; update seeds set hash = ''`)

  await seed(owner.db)

  assert.deepEqual(await rowsOf('select distinct status, frequency from atom_agents'), [{ status: 'dormant', frequency: 432 }])
})

test('of two nodes that seed at once, one writes', async () => {
  const other = await openAsOwner(database.url)
  await database.owner.query(`update seeds set hash = ''`)

  const written = await Promise.all([seed(owner.db), seed(other.db), seed(owner.db), seed(other.db)])

  await other.close()
  assert.equal(written.filter(Boolean).length, 1)
})

test('the migration goes down and up again', async () => {
  const newest = (await migrateDown(owner.db))[0]
  const again = await migrateUp(owner.db)

  assert.deepEqual(again, [newest])
  await seed(owner.db)
  assert.equal((await rowsOf('select 1 from agents')).length, 350)
})
