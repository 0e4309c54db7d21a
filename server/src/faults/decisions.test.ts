import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { report } from '../testing/faults/report.ts'
import { roundsOf } from '../testing/faults/rounds.ts'
import { client, type Answer, type Client, type Person } from '../testing/person.ts'
import { askToDelete, effects, hold, type Held } from '../testing/process/held.ts'
import { startWorld, type World } from '../testing/world.ts'

const AT_ONCE = 200

suite('F-19: decisions that race on two servers', () => {
  let one: World
  let two: World
  let ada: Person
  let desks: Client[]

  before(async () => {
    one = await startWorld()
    two = await one.another()
  })
  after(async () => {
    await two.close()
    await one.close()
  })

  const fresh = async (): Promise<void> => {
    ada = await one.person()
    desks = [client(one.url, ada.token), client(two.url, ada.token)]
  }
  const at = ({ checkpointId }: Held, verb: string): string => `/api/v2/governance/checkpoints/${checkpointId}/${verb}`
  const desk = (n: number): Client => desks[n % 2] ?? assert.fail()
  const isHonest = ({ status }: Answer): boolean => [200, 409, 410, 503].includes(status)

  test('CHK-05: 200 approvals at once: one wins, the effect happens once', async (t) => {
    const rounds = roundsOf({ short: 2, long: 50 })
    for (let round = 0; round < rounds; round += 1) {
      await fresh()
      const held = await hold(ada)
      const answers = await Promise.all(Array.from({ length: AT_ONCE }, (_, n) => desk(n).post(at(held, 'approve'), {})))

      assert.equal(answers.filter(({ status }) => status === 200).length, 1)
      assert.ok(answers.every(isHonest), JSON.stringify([...new Set(answers.map(({ status }) => status))]))
      assert.equal(await effects(ada, held), 1)
    }
    report(t, { fault: 'F-19', rounds, cases: rounds * AT_ONCE, doubles: 0, control: await control(), note: 'approve × approve' })
  })

  test('CHK-06: approvals against rejections: one final state, and the effect only with an approval', async (t) => {
    const rounds = roundsOf({ short: 4, long: 50 })
    const ends = new Set<string>()
    for (let round = 0; round < rounds; round += 1) {
      await fresh()
      const held = await hold(ada)
      const answers = await Promise.all(Array.from({ length: 40 }, (_, n) => desk(n >> 1).post(at(held, n % 2 ? 'approve' : 'reject'), n % 2 ? {} : { reason: 'no' })))
      const { body } = await ada.get(`/api/v2/governance/checkpoints/${held.checkpointId}`)

      assert.equal(answers.filter(({ status }) => status === 200).length, 1)
      assert.ok(answers.every(isHonest))
      assert.equal(await effects(ada, held), body.status === 'approved' ? 1 : 0)
      ends.add(body.status)
    }
    report(t, { fault: 'F-19', rounds, cases: rounds * 40, doubles: 0, control: await control(), note: `approve × reject: ${[...ends].toSorted().join(', ')}` })
  })

  test('CHK-06: approvals against expiry: done or expired, never both', async (t) => {
    const rounds = roundsOf({ short: 4, long: 50 })
    for (let round = 0; round < rounds; round += 1) {
      await fresh()
      const held = await hold(ada)
      await one.owner.query(`update checkpoints set expires_at = $2 where id = $1`, [held.checkpointId, new Date(one.clock.now().getTime() + 15)])
      const answers = await Promise.all(Array.from({ length: 40 }, (_, n) => desk(n).post(at(held, 'approve'), {})))
      const { body } = await ada.get(`/api/v2/governance/checkpoints/${held.checkpointId}`)

      assert.ok(answers.filter(({ status }) => status === 200).length <= 1)
      assert.ok(answers.every(isHonest))
      assert.equal(await effects(ada, held), body.status === 'approved' ? 1 : 0)
    }
    report(t, { fault: 'F-19', rounds, cases: rounds * 40, doubles: 0, control: await control(), note: 'approve × expiry' })
  })

  test('CHK-06, CHK-17: approvals against the kill-switch: done before it or not at all, and afterwards still to be decided', async (t) => {
    const rounds = roundsOf({ short: 3, long: 50 })
    for (let round = 0; round < rounds; round += 1) {
      await fresh()
      const seal = { 'x-architect-seal': one.seal }
      const held = await hold(ada)
      const racing = Array.from({ length: 20 }, (_, n) => desk(n).post(at(held, 'approve'), {}))
      const kill = await two.anyone.post('/api/atom/killswitch', {}, seal)
      const atKill = await effects(ada, held)
      const answers = await Promise.all(racing)

      assert.equal(kill.status, 200)
      assert.ok(answers.every(isHonest))
      assert.equal(await effects(ada, held), atKill, 'nothing happens after the answer')
      await one.anyone.post('/api/atom/revive', {}, seal)
      assert.equal(await effects(ada, held), atKill, 'nothing happens by itself after the revival')
      if (atKill === 0) assert.equal((await desk(0).post(at(held, 'approve'), {})).status, 200, 'frozen, not denied')
      assert.equal(await effects(ada, held), 1)
    }
    report(t, { fault: 'F-19', rounds, cases: rounds * 20, doubles: 0, control: await control(), note: 'approve × kill' })
  })

  test('CHK-05, ERR-06: whoever asks for the same action while it is decided waits for the decision, and neither ends the other', async () => {
    const deadlocks = async (): Promise<number> => Number((await one.owner.query('select deadlocks from pg_stat_database where datname = current_database()')).rows[0].deadlocks)
    for (let round = 0; round < roundsOf({ short: 12, long: 200 }); round += 1) {
      await fresh()
      const held = await hold(ada)
      const { body: own } = await ada.post('/api/v2/governance/checkpoints', { tool: 'notes.delete', args: { note_id: held.noteId } })

      const answers = await Promise.all([
        desk(0).post(at(held, 'approve'), {}), askToDelete(desk(1), held.noteId), desk(1).post(at(held, 'reject'), { reason: 'no' }),
        desk(1).post(`/api/v2/governance/checkpoints/${own.id}/approve`, {}), askToDelete(desk(0), held.noteId),
      ])

      assert.ok(answers.every(({ status }) => [200, 409, 423].includes(status)), JSON.stringify(answers.map(({ status, body }) => [status, body.code])))
      assert.equal(await effects(ada, held), answers.filter(({ status, body }) => status === 200 && body.outcome?.status === 'completed').length)
    }
    assert.equal(await deadlocks(), 0)
  })

  test('CHK-05: whoever asks again for what touches no row, while it is decided, waits for that decision or opens the next', async () => {
    for (let round = 0; round < roundsOf({ short: 12, long: 200 }); round += 1) {
      await fresh()
      const send = (who: Client): Promise<Answer> => who.post('/api/v2/nova/query', { message: '', action: { tool: 'messages.send', args: { to: ada.user.email, body: 'x' } } })
      const { body: { checkpoint } } = await send(desk(0))

      const asks = Array.from({ length: 12 }, (_, n) => send(desk(n)))
      const [rejected, ...answers] = await Promise.all([desk(1).post(`/api/v2/governance/checkpoints/${checkpoint.id}/reject`, { reason: 'no' }), ...asks])

      assert.equal(rejected.status, 200)
      assert.deepEqual([...new Set(answers.map(({ status, body }) => `${status} ${body.code}`))], ['423 checkpoint_required'])
      assert.ok(new Set(answers.map(({ body }) => body.checkpoint.id).filter((id) => id !== checkpoint.id)).size <= 1)
    }
  })

  test('CHK-06: approvals against edits: the one or the other, and what was edited still waits', async (t) => {
    const rounds = roundsOf({ short: 3, long: 50 })
    const ends = new Set<string>()
    for (let round = 0; round < rounds; round += 1) {
      await fresh()
      const [held, { body: other }] = [await hold(ada), await ada.post('/api/v2/notes', { title: 'Other', sphere_id: 1 })]
      const answers = await Promise.all(Array.from({ length: AT_ONCE }, (_, n) => (n % 4 < 2 ? desk(n).post(at(held, 'approve'), {}) : desk(n).post(at(held, 'edit'), { args: { note_id: other.id } }))))
      const { body } = await ada.get(`/api/v2/governance/checkpoints/${held.checkpointId}`)
      const [won, more] = answers.filter(({ status }) => status === 200 || status === 201)

      assert.ok(won && !more)
      assert.ok(answers.every(({ status }) => [200, 201, 409].includes(status)), JSON.stringify([...new Set(answers.map(({ status }) => status))]))
      assert.deepEqual([body.status, await effects(ada, held)], won.status === 200 ? ['approved', 1] : ['cancelled', 0])
      assert.equal(await effects(ada, { ...held, noteId: other.id }), 0)
      if (won.status === 201) assert.equal((await ada.get(`/api/v2/governance/checkpoints/${won.body.checkpoint.id}`)).body.status, 'pending')
      ends.add(body.status)
    }
    report(t, { fault: 'F-19', rounds, cases: rounds * AT_ONCE, doubles: 0, control: await control(), note: `approve × edit: ${[...ends].toSorted().join(', ')}` })
  })

  /** Positive control: an effect that really happens twice is counted twice. */
  async function control(): Promise<'caught' | 'not caught'> {
    const held = await hold(ada)
    await desk(0).post(at(held, 'approve'), {})
    await ada.post(`/api/v2/notes/${held.noteId}/restore`)
    await ada.del(`/api/v2/notes/${held.noteId}`)
    return await effects(ada, held) === 2 ? 'caught' : 'not caught'
  }
})
