import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { report } from '../testing/faults/report.ts'
import { roundsOf } from '../testing/faults/rounds.ts'
import { atEnd } from '../testing/process/at-end.ts'
import type { Person } from '../testing/person.ts'
import { startWorld } from '../testing/world.ts'

test('F-07: transactions that lock two rows crosswise are repeated, none of them fails, and each counts once', async (t) => {
  const world = await startWorld()
  atEnd(t, () => world.close())
  const ada = await world.person()
  const { store } = world.platform
  const scope = { identityId: ada.identity.id as never }
  const rounds = roundsOf({ short: 1, long: 10 })
  let attempts = 0

  /** Two transactions that each hold the row which the other wants next. */
  async function cross(first: string, second: string): Promise<void> {
    const meet = meeting(2)
    const run = (order: readonly string[]): Promise<unknown> => store.within(scope, async (tx) => {
      attempts += 1
      for (const [place, id] of order.entries()) {
        await tx.send(sql`update notes set version = version + 1 where id = ${id}`.compile(tx.db))
        if (place === 0) await meet()
      }
    })
    await Promise.all([run([first, second]), run([second, first])])
  }

  const ids: string[] = []
  for (let round = 0; round < rounds; round += 1) {
    const pairs = await Promise.all(Array.from({ length: PAIRS }, async () => [await newNote(ada), await newNote(ada)] as const))
    await Promise.all(pairs.map(([first, second]) => cross(first, second)))
    ids.push(...pairs.flat())
  }

  const { rows } = await world.owner.query('select distinct version from notes where id = any($1)', [ids])
  assert.deepEqual(rows, [{ version: 3 }])
  const repeated = attempts - 2 * PAIRS * rounds
  report(t, { fault: 'F-07', rounds, cases: 2 * PAIRS * rounds, doubles: 0, lost: 0, refused: repeated, control: repeated >= PAIRS * rounds ? 'caught' : 'not caught', note: 'refused: repeated by the store' })
})

/** Three pairs: six of the eight connections of a world. */
const PAIRS = 3

const newNote = async (person: Person): Promise<string> => (await person.post('/api/v2/notes', { title: 'row' })).body.id

/** Lets the first `size` callers go on when all of them have come; later ones pass. */
function meeting(size: number): () => Promise<void> {
  let come = 0
  let open = (): void => {}
  const all = new Promise<void>((resolve) => { open = resolve })
  return () => {
    come += 1
    if (come >= size) open()
    return all
  }
}
