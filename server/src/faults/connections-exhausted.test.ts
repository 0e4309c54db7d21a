import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Client } from 'pg'
import { startOwnPostgres } from '../testing/faults/own-postgres.ts'
import { report } from '../testing/faults/report.ts'
import { roundsOf } from '../testing/faults/rounds.ts'
import { atEnd } from '../testing/process/at-end.ts'
import { eventually } from '../testing/process/eventually.ts'
import { startWorld } from '../testing/world.ts'

test('F-06: when somebody else holds every connection of PostgreSQL, requests are told to come back and the kill-switch still works', async (t) => {
  const postgres = await startOwnPostgres(t, { maxConnections: 40 })
  const world = await startWorld({ storeLimits: { connectMs: 500, beginMs: 500 } })
  atEnd(t, () => world.close())
  const ada = await world.person()
  const seal = { 'x-architect-seal': world.seal }
  const rounds = roundsOf({ short: 1, long: 10 })
  let refused = 0

  for (let round = 0; round < rounds; round += 1) {
    const hogs = await takeAll(postgres.ownerUrl)

    const answers = await Promise.all(Array.from({ length: 500 }, () => ada.post('/api/v2/notes', { title: 'x' })))
    const kill = await world.anyone.post('/api/atom/killswitch', {}, seal)
    const revive = await world.anyone.post('/api/atom/revive', {}, seal)

    refused += answers.filter(({ status }) => status === 503).length
    assert.ok(answers.every(({ status }) => status === 201 || status === 503), JSON.stringify([...new Set(answers.map(({ status }) => status))]))
    assert.deepEqual([kill.status, revive.status], [200, 200])
    await Promise.all(hogs.map((hog) => hog.end()))
    await eventually('requests are served again', async () => (await ada.post('/api/v2/notes', { title: 'y' })).status === 201)
  }
  report(t, { fault: 'F-06', rounds, cases: 500 * rounds, refused, control: refused > 0 ? 'caught' : 'not caught' })
})

/** Connections until there are none left; even the superuser's reserve. */
async function takeAll(url: string): Promise<Client[]> {
  const taken: Client[] = []
  for (;;) {
    const client = new Client({ connectionString: url, application_name: 'hog' })
    client.on('error', () => {})
    try {
      await client.connect()
      taken.push(client)
    } catch {
      return taken
    }
  }
}
