import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, suite, test } from 'node:test'
import { startDatabaseProxy, type DatabaseProxy } from '../testing/database-proxy.ts'
import { createLoad, NOTHING_WRONG, tally, tallySees } from '../testing/faults/load.ts'
import { report } from '../testing/faults/report.ts'
import { roundsOf } from '../testing/faults/rounds.ts'
import type { Answer, Person } from '../testing/person.ts'
import { effects } from '../testing/process/held.ts'
import { createRandom } from '../testing/process/random.ts'
import { startWorld, type World } from '../testing/world.ts'

const SHARE = 0.2

suite('execute and fail: a commit is done and its caller never hears of it', () => {
  let proxy: DatabaseProxy
  let world: World
  let people: Person[]
  let lost: () => number
  const random = createRandom()
  let armed = false

  before(async () => {
    proxy = await startDatabaseProxy()
    world = await startWorld({ through: (url) => proxy.through(url) })
    people = [await world.person(), await world.person()]
    lost = proxy.loseCommits(() => armed && random.chance(SHARE))
  })
  after(async () => {
    armed = false
    await world.close()
    await proxy.close()
  })

  /** Repeats until it is answered for good. */
  async function insist(send: () => Promise<Answer>): Promise<Answer> {
    for (;;) {
      const answer = await send()
      if (![503, 504].includes(answer.status)) return answer
    }
  }

  test('F-08: writes that are repeated under their key exist once', async (t) => {
    t.diagnostic(`CHENU_SEED=${random.seed}`)
    const load = createLoad([world.url], people)
    const rounds = roundsOf({ short: 1, long: 20 })
    armed = true
    for (let round = 0; round < rounds; round += 1) await load.write({ writers: 8, acks: 150 })
    armed = false

    assert.deepEqual(await tally(world.owner, load.acked), NOTHING_WRONG)
    report(t, { fault: 'F-08', rounds, cases: load.acked.size, lost: 0, ghosts: 0, doubles: 0, refused: lost(), control: lost() > 0 ? await tallySees(world.owner, load.acked) : 'not caught', note: 'refused: commits whose answer was cut' })
  })

  test('F-08: an approval whose answer is lost has happened, once; pressing again says so', async () => {
    const [ada] = people
    assert(ada)
    for (let n = 0; n < roundsOf({ short: 12, long: 200 }); n += 1) {
      const { body: note } = await ada.post('/api/v2/notes', { title: 'once' })
      const asked: Answer = await ada.post('/api/v2/nova/query', { message: '', action: { tool: 'notes.delete', args: { note_id: note.id } } }, { 'idempotency-key': randomUUID() })
      assert.equal(asked.status, 423)
      armed = true
      const approved = await insist(() => ada.post(`/api/v2/governance/checkpoints/${asked.body.checkpoint.id}/approve`, {}))
      armed = false

      assert.ok(approved.status === 200 || approved.status === 409, JSON.stringify(approved.body))
      assert.equal(await effects(ada, { noteId: note.id, checkpointId: '', runId: '' }), 1)
    }
  })

  test('F-08: a run of Nova that is asked again under its key acts once', async () => {
    const [ada] = people
    assert(ada)
    for (let n = 0; n < roundsOf({ short: 8, long: 100 }); n += 1) {
      const [title, key] = [`run-${randomUUID()}`, randomUUID()]
      armed = true
      const answer = await insist(() => ada.post('/api/v2/nova/query', { message: '', action: { tool: 'notes.create', args: { title } } }, { 'idempotency-key': key }))
      armed = false

      assert.ok([200, 409].includes(answer.status), JSON.stringify(answer.body))
      const { rows } = await world.owner.query('select 1 from notes where title = $1', [title])
      assert.equal(rows.length, 1)
    }
  })
})
