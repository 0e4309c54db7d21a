import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { roundsOf } from '../testing/faults/rounds.ts'
import { client, register, type Client } from '../testing/person.ts'
import { emptyFolder, type Scope } from '../testing/process/at-end.ts'
import { approve, askToDelete, effects, hold, sealOf, type Held } from '../testing/process/held.ts'
import { createRandom } from '../testing/process/random.ts'
import { killEverything, launch, prepareKill, startServer, type ServerProcess } from '../testing/process/server-process.ts'
import { listenTo } from '../testing/socket.ts'

const ROUNDS = roundsOf({ short: 3, long: 100 })
const HELD = 16

const start = (t: Scope, dataDir: string): Promise<ServerProcess> => startServer(t, { settings: { DATA_DIR: dataDir, RATE_LIMIT: 'off', FLOOD_HELD: '1000', OPEN_PER_HOUR: '1000', LOG_LEVEL: 'warn' } })

test('the contract, with everything killed between the hold and the approval', async (t) => {
  const dataDir = await emptyFolder(t)
  const first = await start(t, dataDir)
  const ada = await register(first.url)
  const held = await hold(ada)
  assert.equal((await ada.get(`/api/v2/notes/${held.noteId}`)).body.binned_at, null)
  await killEverything(first)

  const second = await start(t, dataDir)
  const again = client(second.url, ada.token)
  const socket = await listenTo(second.url, ada.token, `user:${ada.user.id}`)
  const answers = await Promise.all(Array.from({ length: 20 }, () => approve(again, held)))
  await socket.find(({ name, data }) => name === 'checkpoint.approved' && (data as { checkpoint_id: string }).checkpoint_id === held.checkpointId)
  socket.close()

  const done = answers.filter(({ status }) => status === 200)
  assert.equal(done.length, 1)
  assert.ok(answers.every(({ status, body }) => status === 200 || (status === 409 && body.code === 'conflict')))
  assert.deepEqual([done[0]?.body.checkpoint.status, done[0]?.body.run.id, done[0]?.body.run.status], ['approved', held.runId, 'completed'])
  assert.notEqual((await again.get(`/api/v2/notes/${held.noteId}`)).body.binned_at, null)
  assert.equal(await effects(again, held), 1)
  const { body: verdict } = await again.get('/api/v2/governance/audit/verify')
  assert.equal(verdict.valid, true)
  await verifyOffline(t, again, verdict.head)
})

/** The export verifies without the server, by the command that is given to a person. */
async function verifyOffline(t: Scope, person: Client, head: string): Promise<void> {
  const file = join(await emptyFolder(t), 'export.jsonl')
  await writeFile(file, (await person.get('/api/v2/governance/audit/export')).body)
  const { code, out, err } = await launch(t, { args: ['scripts/audit-verify.ts', file, '--head', head] }).ended
  assert.equal(code, 0, out + err)
}

test('CHK-08: approvals that race kill -9 are done once or not at all, and the checkpoint says which', async (t) => {
  const dataDir = await emptyFolder(t)
  const random = createRandom()
  t.diagnostic(`CHENU_SEED=${random.seed}`)
  let server = await start(t, dataDir)
  const ada = await register(server.url)

  for (let round = 1; round <= ROUNDS; round += 1) {
    const before = client(server.url, ada.token)
    const held = await Promise.all(Array.from({ length: HELD }, () => hold(before)))
    const kill = await prepareKill(server)
    let left = random.between(0, HELD)
    const racing = held.map((one) => approve(before, one).finally(() => { if ((left -= 1) === 0) kill() }).catch(() => undefined))
    if (left === 0) setImmediate(kill)
    const answers = await Promise.all(racing)
    await server.ended

    server = await start(t, dataDir)
    const after = client(server.url, ada.token)
    let done = 0
    for (const [index, one] of held.entries()) {
      const isDone = await outcome(after, one)
      if (answers[index]?.status === 200) assert.ok(isDone, 'an approval that was answered is lost')
      if (isDone) done += 1
      assert.equal((await approve(after, one)).status, isDone ? 409 : 200)
      assert.ok(await outcome(after, one))
      assert.equal(await effects(after, one), 1)
    }
    assert.equal((await after.get('/api/v2/governance/audit/verify')).body.valid, true)
    t.diagnostic(`round ${round}: ${answers.filter((answer) => answer?.status === 200).length} of ${HELD} were answered, ${done} were done`)
  }
})

/** Whether the effect was done; throws when note, checkpoint and run do not agree. */
async function outcome(person: Client, { noteId, checkpointId, runId }: Held): Promise<boolean> {
  const [note, checkpoint, run] = await Promise.all([`/api/v2/notes/${noteId}`, `/api/v2/governance/checkpoints/${checkpointId}`, `/api/v2/nova/runs/${runId}`].map((path) => person.get(path)))
  const isDone = note?.body.binned_at !== null
  assert.deepEqual([checkpoint?.body.status, run?.body.status], isDone ? ['approved', 'completed'] : ['pending', 'awaiting_approval'])
  return isDone
}

test('SEAL-07: a stop that was answered holds after kill -9, until it is revived', async (t) => {
  const dataDir = await emptyFolder(t)
  const first = await start(t, dataDir)
  const ada = await register(first.url)
  const held = await hold(ada)
  const seal = await sealOf(dataDir)

  const stopped = await client(first.url).post('/api/atom/killswitch', { reason: 'drill' }, seal)
  await killEverything(first)

  assert.deepEqual([stopped.status, stopped.body], [200, { status: 'dormant', frequency: 432 }])
  const second = await start(t, dataDir)
  const again = client(second.url, ada.token)
  const { body: state } = await again.get('/api/atom/status')
  assert.deepEqual([state.status, state.frequency, state.kill_switch], ['dormant', 432, true])
  assert.equal((await again.get('/api/v2/notes')).status, 200)
  for (const refused of [await askToDelete(again, held.noteId), await approve(again, held)]) assert.deepEqual([refused.status, refused.body.code], [503, 'dormant'])
  assert.equal((await client(second.url).post('/api/atom/revive', {}, seal)).status, 200)
  assert.equal((await approve(again, held)).status, 200)
})
