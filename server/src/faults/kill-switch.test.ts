import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { startOwnPostgres } from '../testing/faults/own-postgres.ts'
import { report } from '../testing/faults/report.ts'
import { roundsOf } from '../testing/faults/rounds.ts'
import { atEnd } from '../testing/process/at-end.ts'
import { eventually } from '../testing/process/eventually.ts'
import { createRandom } from '../testing/process/random.ts'
import { startWorld } from '../testing/world.ts'

test('F-24: a stop that is asked for while PostgreSQL is restarted holds once it was answered, on both servers, and nothing of an agent happens until the revival', async (t) => {
  const random = createRandom()
  t.diagnostic(`CHENU_SEED=${random.seed}`)
  const postgres = await startOwnPostgres(t)
  const one = await startWorld()
  const two = await one.another()
  atEnd(t, async () => {
    await two.close()
    await one.close()
  })
  const ada = await one.person()
  const seal = { 'x-architect-seal': one.seal }
  const rounds = roundsOf({ short: 2, long: 20 })
  let effects = 0
  const noted = async (): Promise<number> => Number((await one.owner.query(`select count(*) as count from notes where identity_id = $1`, [ada.identity.id])).rows[0].count)

  for (let round = 0; round < rounds; round += 1) {
    const flooding = new AbortController()
    const flood = Array.from({ length: 16 }, async (_, n) => {
      while (!flooding.signal.aborted) {
        const url = n % 2 ? one.url : two.url
        await fetch(`${url}/api/v2/nova/query`, {
          method: 'POST', headers: { authorization: `Bearer ${ada.token}`, 'content-type': 'application/json' },
          body: JSON.stringify({ message: '', action: { tool: 'notes.create', args: { title: randomUUID() } } }),
        }).then((answer) => answer.arrayBuffer()).catch(() => undefined)
      }
    })
    const before = await noted()
    await eventually('the flood has begun', async () => await noted() >= before + random.between(1, 10))
    await postgres.end(round % 2 ? 'SIGQUIT' : 'SIGINT')
    await eventually('the stop is answered', async () => (await one.anyone.post('/api/atom/killswitch', {}, seal)).status === 200)
    const atKill = await noted()
    await eventually('the other server says so too', async () => (await two.anyone.get('/api/atom/status')).body.kill_switch === true)
    const held = await ada.post('/api/v2/nova/query', { message: '', action: { tool: 'notes.create', args: { title: 'no' } } })
    flooding.abort()
    await Promise.all(flood)

    assert.equal(held.status, 503)
    assert.equal(await noted(), atKill, 'no effect after the answer')
    effects += atKill
    assert.equal((await one.anyone.post('/api/atom/revive', {}, seal)).status, 200)
    await eventually('it works again', async () => (await ada.post('/api/v2/nova/query', { message: '', action: { tool: 'notes.create', args: { title: 'yes' } } })).status === 200)
  }
  report(t, { fault: 'F-24', rounds, cases: effects, doubles: 0, control: await noted() > 0 ? 'caught' : 'not caught', note: 'cases: effects before the stops' })
})
