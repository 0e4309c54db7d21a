import assert from 'node:assert/strict'
import { setTimeout as wait } from 'node:timers/promises'
import { test } from 'node:test'
import { createLoad, NOTHING_WRONG, tally, tallySees } from '../testing/faults/load.ts'
import { startOwnPostgres } from '../testing/faults/own-postgres.ts'
import { report } from '../testing/faults/report.ts'
import { roundsOf } from '../testing/faults/rounds.ts'
import { atEnd } from '../testing/process/at-end.ts'
import { startWorld } from '../testing/world.ts'

/** Longer than the store's patience below, so that every request is caught by it. */
const FROZEN_MS = 3_000

test('F-05: while PostgreSQL stands still every request ends honestly, the server stays alive, and afterwards all goes on with nothing lost', async (t) => {
  const postgres = await startOwnPostgres(t)
  const world = await startWorld({ storeLimits: { connectMs: 600, beginMs: 400, statementMs: 1_500, silenceMs: 2_000 } })
  atEnd(t, () => world.close())
  const people = [await world.person(), await world.person()]
  const load = createLoad([world.url], people)
  const rounds = roundsOf({ short: 1, long: 5 })

  for (let round = 0; round < rounds; round += 1) {
    let frozen: Promise<void> | undefined
    const freeze = async (): Promise<void> => {
      await postgres.freeze()
      const alive = await Promise.all(Array.from({ length: 5 }, () => world.anyone.get('/health')))
      await wait(FROZEN_MS)
      await postgres.thaw()
      assert.ok(alive.every(({ status }) => status === 200))
    }
    await load.write({ writers: 50, acks: 300, onAck: (acks) => { if (acks === 50) frozen = freeze() } })
    await frozen
    assert.deepEqual(await tally(world.owner, load.acked), NOTHING_WRONG)
  }

  assert.ok((load.statuses.get(503) ?? 0) + (load.statuses.get(504) ?? 0) > 0, 'some were told to come back')
  report(t, { fault: 'F-05', rounds, cases: load.acked.size, lost: 0, ghosts: 0, doubles: 0, refused: (load.statuses.get(503) ?? 0) + (load.statuses.get(504) ?? 0), control: await tallySees(world.owner, load.acked) })
})
