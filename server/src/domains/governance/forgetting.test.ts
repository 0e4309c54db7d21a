import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Job } from '../../platform/jobs/job.ts'
import { startWorld, type World } from '../../testing/world.ts'
import { governanceJobs } from './jobs.ts'
import { forgetAnswers } from './stored-answers.ts'

let world: World

before(async () => { world = await startWorld() })
after(() => world.close())

const DAY_MS = 24 * 3_600_000
const never = new AbortController().signal
const in_ = (days: number): Date => new Date(world.clock.now().getTime() + days * DAY_MS)

async function run(jobs: Job[], name: string, signal = never): Promise<unknown> {
  const job = jobs.find((one) => one.name === name)
  assert(job, name)
  return job.run({}, signal)
}

test('IDEM-09: an answer is kept for seven days; after that its key begins a new request', async () => {
  const ada = await world.person()
  const post = () => ada.post('/api/v2/notes', { title: 'Courses' }, { 'idempotency-key': 'k-seven-days' })
  const first = await post()

  assert.equal(await forgetAnswers(world.platform.store, in_(6.9)), 0)
  assert.equal((await post()).body.id, first.body.id)
  assert.equal(await forgetAnswers(world.platform.store, in_(7.1)), 1)

  assert.notEqual((await post()).body.id, first.body.id)
})

test('CHK-07: the job ends every checkpoint whose time is over, and stops when it is told to', async () => {
  const ada = await world.person()
  const note = (await ada.post('/api/v2/notes', { title: 'Courses' })).body
  await ada.post('/api/v2/records/transfer', { type: 'note', id: note.id, sphere_id: 2 })
  const statuses = async (): Promise<string[]> => (await world.owner.query('select status from checkpoints where identity_id = $1', [ada.identity.id])).rows.map(({ status }) => status)
  world.clock.advance(61 * 60_000)

  await run(governanceJobs(world.app.gate), 'checkpoints.expire', AbortSignal.abort())
  assert.deepEqual(await statuses(), ['pending'])
  await run(governanceJobs(world.app.gate), 'checkpoints.expire')
  await run(governanceJobs(world.app.gate), 'checkpoints.expire')

  assert.deepEqual(await statuses(), ['expired'])
  const { rows } = await world.owner.query(`select count(*)::int as count from audit_events where identity_id = $1 and action = 'checkpoint.expired'`, [ada.identity.id])
  assert.deepEqual(rows, [{ count: 1 }])
})
