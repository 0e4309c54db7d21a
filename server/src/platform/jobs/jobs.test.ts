import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, test } from 'node:test'
import { Pool } from 'pg'
import { createDatabase, type TestDatabase } from '../../testing/database.ts'
import { ensureLogin } from '../db/login.ts'
import { openAsOwner } from '../db/migrate.ts'
import { createStore, type Store } from '../db/store.ts'
import { createLog } from '../log.ts'
import { createJobs, type Jobs } from './create-jobs.ts'
import { installJobs } from './install.ts'
import type { Job, JobData } from './job.ts'

let database: TestDatabase
let url: string
let store: Store
const lines: string[] = []
const log = createLog('info', { write: (line: string) => { lines.push(line) } })

before(async () => {
  database = await createDatabase()
  const owner = await openAsOwner(database.url)
  url = await ensureLogin(owner, database.url, randomBytes(32))
  await owner.close()
  store = createStore({ url, connections: 3, log })
})
after(async () => {
  await store.close()
  await database.drop()
})

async function working(jobs: Job[], work: (queue: Jobs) => Promise<void>): Promise<void> {
  const queue = createJobs({ url, log })
  await queue.start(jobs)
  try {
    await work(queue)
  } finally {
    await queue.stop()
  }
}

type Heard = Job & { next: Promise<JobData> }

/** A job that says what it was run with. */
function hearing(name: string): Heard {
  const { promise, resolve } = Promise.withResolvers<JobData>()
  return { name, next: promise, run: async (data) => { resolve(data) } }
}

test('a job that is enqueued runs once the caller’s transaction has committed', async () => {
  const job = hearing('probe.commit')

  await working([job], async (queue) => {
    await store.within({}, (tx) => queue.enqueue(tx, job.name, { run_id: 'r1' }))

    assert.deepEqual(await job.next, { run_id: 'r1' })
  })
})

test('a job of a transaction that is rolled back never exists', async () => {
  const [lost, kept] = [hearing('probe.lost'), hearing('probe.kept')]

  await working([lost, kept], async (queue) => {
    await assert.rejects(store.within({}, async (tx) => {
      await queue.enqueue(tx, lost.name, {})
      throw new Error('no')
    }), { message: 'no' })
    await store.within({}, (tx) => queue.enqueue(tx, kept.name, {}))
    await kept.next
  })

  const { rows } = await database.owner.query('select name from pgboss.job where name in ($1, $2)', [lost.name, kept.name])
  assert.deepEqual(rows, [{ name: kept.name }])
})

test('a job with a cron has a schedule, which goes when the job goes', async () => {
  const schedules = async (): Promise<string[]> => (await database.owner.query('select name, cron from pgboss.schedule order by name')).rows.map(({ name, cron }) => `${name} ${cron}`)
  const swept = { ...hearing('probe.sweep'), cron: '* * * * *' }

  await working([swept], async () => { assert.deepEqual(await schedules(), ['probe.sweep * * * * *']) })
  await working([hearing('probe.other')], async () => { assert.deepEqual(await schedules(), []) })
})

test('SEC-11: the server’s role works the queue without the right to change its tables', async () => {
  const pool = new Pool({ connectionString: url, max: 1 })
  for (const statement of ['create table pgboss.mine (id int)', 'alter table pgboss.job add column x int', 'drop table pgboss.schedule', 'truncate pgboss.job_common', `create schema mine`]) {
    await assert.rejects(pool.query(statement), { code: '42501' }, statement)
  }
  await pool.end()
})

test('SEC-06: what a job throws is logged by its kind alone; neither the log nor the queue keeps its words', async () => {
  const failed = Promise.withResolvers<void>()
  const job: Job = {
    name: 'probe.fail',
    run: async () => {
      failed.resolve()
      throw Object.assign(new Error('canary-4711 of ada@example.org'), { code: '23505' })
    },
  }

  await working([job], async (queue) => {
    await store.within({}, (tx) => queue.enqueue(tx, job.name, {}))
    await failed.promise
  })

  const { rows } = await database.owner.query(`select coalesce(output::text, '') as output from pgboss.job where name = 'probe.fail'`)
  assert.match(rows[0].output, /probe\.fail: 23505/)
  const kept = [...lines, rows[0].output].join('\n')
  assert.match(kept, /a job failed/)
  assert.ok(!kept.includes('canary-4711') && !kept.includes('ada@example.org'))
})

test('a stop tells the jobs that run, and waits for them', async () => {
  const begun = Promise.withResolvers<void>()
  let ended = false
  const job: Job = {
    name: 'probe.stop',
    run: (_data, signal) => new Promise((resolve) => {
      begun.resolve()
      signal.addEventListener('abort', () => { setImmediate(() => { ended = true; resolve(undefined) }) })
    }),
  }

  await working([job], async (queue) => {
    await store.within({}, (tx) => queue.enqueue(tx, job.name, {}))
    await begun.promise
  })

  assert.equal(ended, true)
})

test('installing twice changes nothing', async () => {
  await installJobs(database.url)

  await working([hearing('probe.again')], async () => {})
})

test('a database without the queue is one clear sentence', async () => {
  await database.owner.query('drop schema pgboss cascade')
  const queue = createJobs({ url, log })

  await assert.rejects(queue.start([]), { name: 'StartupError', message: /migrate/ })
  await queue.stop()
})
