import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, test } from 'node:test'
import { createDatabase, type TestDatabase } from '../../testing/database.ts'
import { ensureLogin } from '../db/login.ts'
import { openAsOwner } from '../db/migrate.ts'
import { createStore, type Store } from '../db/store.ts'
import { newId } from '../ids.ts'
import { createLog } from '../log.ts'
import { eventJobs, forgetEvents } from './forget-events.ts'

let database: TestDatabase
let store: Store

before(async () => {
  database = await createDatabase()
  const owner = await openAsOwner(database.url)
  store = createStore({ url: await ensureLogin(owner, database.url, randomBytes(32)), connections: 2, log: createLog('silent') })
  await owner.close()
})
after(async () => {
  await store.close()
  await database.drop()
})

const NOW = new Date('2026-11-21T12:00:00Z')
const clock = { now: () => NOW }

async function anEvent({ daysOld, seq }: { daysOld: number; seq: number | null }): Promise<string> {
  const id = newId()
  await database.owner.query(`insert into events (id, seq, name, channels, data, at) values ($1, $2, 'probe', '{}', '{}', $3)`, [id, seq, new Date(NOW.getTime() - daysOld * 24 * 3_600_000)])
  return id
}

const kept = async (): Promise<string[]> => (await database.owner.query('select id from events order by id')).rows.map(({ id }) => id)

test('events are forgotten after 30 days, once they were handed on', async () => {
  await anEvent({ daysOld: 40, seq: 1 })
  const [waiting, young] = [await anEvent({ daysOld: 40, seq: null }), await anEvent({ daysOld: 29, seq: 2 })]
  await anEvent({ daysOld: 31, seq: 3 })

  assert.equal(await forgetEvents({ store, clock }), 2)

  assert.deepEqual(await kept(), [waiting, young])
})

test('the job stops when it is told to', async () => {
  const old = await anEvent({ daysOld: 40, seq: 9 })
  const [job] = eventJobs({ store, clock })

  assert.equal(await job?.run({}, AbortSignal.abort()), 0)
  assert.ok((await kept()).includes(old))
  assert.equal(await job?.run({}, new AbortController().signal), 1)
})
