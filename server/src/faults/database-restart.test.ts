import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createLoad, NOTHING_WRONG, tally, tallySees } from '../testing/faults/load.ts'
import { startOwnPostgres } from '../testing/faults/own-postgres.ts'
import { report } from '../testing/faults/report.ts'
import { roundsOf } from '../testing/faults/rounds.ts'
import { atEnd } from '../testing/process/at-end.ts'
import { eventually } from '../testing/process/eventually.ts'
import { createRandom } from '../testing/process/random.ts'
import { listenTo } from '../testing/socket.ts'
import { startWorld } from '../testing/world.ts'

const HOW = ['SIGINT', 'SIGQUIT', 'SIGKILL'] as const

test('F-04: whatever way PostgreSQL is restarted under load, nothing is lost or done twice, nothing is 500, and the listening connection comes back', async (t) => {
  const random = createRandom()
  t.diagnostic(`CHENU_SEED=${random.seed}`)
  const postgres = await startOwnPostgres(t)
  const world = await startWorld()
  atEnd(t, () => world.close())
  const people = [await world.person(), await world.person()]
  const load = createLoad([world.url], people)
  const rounds = roundsOf({ short: 3, long: 50 })

  for (let round = 0; round < rounds; round += 1) {
    const how = HOW[round % HOW.length] ?? assert.fail()
    const at = random.between(20, 150)
    let ended: Promise<void> | undefined
    await load.write({ writers: 16, acks: 200, onAck: (acks) => { if (acks === at) ended = postgres.end(how) } })
    await ended
    assert.deepEqual(await tally(world.owner, load.acked), NOTHING_WRONG)
  }

  const [ada] = people
  await eventually('the listening connection stands again', () => world.app.relay.listener.isUp())
  const socket = await listenTo(world.url, ada?.token ?? '', `user:${ada?.user.id}`)
  await ada?.post('/api/v2/notes', { title: 'heard' })
  await socket.find(({ name }) => name === 'note.created')
  socket.close()
  report(t, { fault: 'F-04', rounds, cases: load.acked.size, lost: 0, ghosts: 0, doubles: 0, refused: (load.statuses.get(503) ?? 0) + (load.statuses.get(504) ?? 0), control: await tallySees(world.owner, load.acked) })
})
