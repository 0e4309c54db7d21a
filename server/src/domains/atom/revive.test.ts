import assert from 'node:assert/strict'
import { after, afterEach, before, suite, test } from 'node:test'
import type { Answer, Person } from '../../testing/person.ts'
import { startWorld, type World } from '../../testing/world.ts'
import { INSTANCE_IDENTITY } from '../audit/instance.ts'
import { openBodies } from '../audit/testing.ts'
import { governanceJobs } from '../governance/jobs.ts'
import { createNova } from '../nova/create-nova.ts'
import { resumeAbandoned } from '../nova/resume-abandoned.ts'

const MINUTE_MS = 60_000

suite('Reviving', () => {
  let world: World
  let ada: Person
  // A clock that is moved far ends sessions; each test begins with a person of its own.
  before(async () => { world = await startWorld() })
  after(() => world.close())
  afterEach(async () => { assert.equal((await revive({ acknowledge: true })).status, 200) })

  const sealed = (path: string, body: unknown = {}): Promise<Answer> => world.anyone.post(path, body, { 'x-architect-seal': world.seal })
  const kill = (): Promise<Answer> => sealed('/api/atom/killswitch')
  const revive = (body: unknown = {}): Promise<Answer> => sealed('/api/atom/revive', body)
  const again = async (person: Person): Promise<string> =>
    (await world.anyone.post('/api/v2/auth/login', { email: person.user.email, password: person.password })).body.access_token

  async function held(): Promise<{ note: string; checkpoint: string }> {
    const note = (await ada.post('/api/v2/notes', { title: 'Courses' })).body.id as string
    const { body } = await ada.post('/api/v2/nova/query', { message: '', action: { tool: 'notes.delete', args: { note_id: note } } })
    return { note, checkpoint: body.checkpoint.id as string }
  }
  const expiryOf = async (id: string): Promise<number> => (await world.owner.query('select expires_at from checkpoints where id = $1', [id])).rows[0].expires_at.getTime()
  const expire = async (): Promise<void> => {
    const job = governanceJobs(world.app.gate).find(({ name }) => name === 'checkpoints.expire')
    await job?.run({}, new AbortController().signal)
  }
  const seen = async (id: string, token: string): Promise<Answer> => world.anyone.get(`/api/v2/governance/checkpoints/${id}`, { authorization: `Bearer ${token}` })

  test('what waits does not age while the system is dormant: it is shown as pending, no job ends it, and revive gives it the time back', async () => {
    ada = await world.person()
    const { checkpoint } = await held()
    world.clock.advance(10 * MINUTE_MS)
    const before = await expiryOf(checkpoint)
    await kill()
    world.clock.advance(5 * 60 * MINUTE_MS)
    await expire()
    const token = await again(ada)
    const [shown, listed] = [await seen(checkpoint, token), await world.anyone.get('/api/v2/governance/checkpoints?status=pending', { authorization: `Bearer ${token}` })]
    const refused = await world.anyone.post(`/api/v2/governance/checkpoints/${checkpoint}/approve`, {}, { authorization: `Bearer ${token}` })
    await revive()
    const shifted = await expiryOf(checkpoint) - before
    await expire()
    world.clock.advance(49 * MINUTE_MS)
    const approved = await world.anyone.post(`/api/v2/governance/checkpoints/${checkpoint}/approve`, {}, { authorization: `Bearer ${await again(ada)}` })

    assert.deepEqual([shown.body.status, listed.body.items.map(({ id }: { id: string }) => id)], ['pending', [checkpoint]])
    assert.deepEqual([refused.status, refused.body.code], [503, 'dormant'])
    assert.ok(shifted >= 5 * 60 * MINUTE_MS)
    assert.equal(approved.status, 200)
  })

  test('two stops are two pieces of time, and one that was over before a stop stays over', async () => {
    ada = await world.person()
    const [first, over] = [await held(), await held()]
    await world.owner.query('update checkpoints set expires_at = $2 where id = $1', [over.checkpoint, new Date(world.clock.now().getTime() - 1)])
    const before = await expiryOf(first.checkpoint)
    await kill()
    world.clock.advance(10 * MINUTE_MS)
    await revive()
    const second = await held()
    const opened = await expiryOf(second.checkpoint)
    await kill()
    world.clock.advance(5 * MINUTE_MS)
    await revive()

    // What the clock of the machine adds while the test runs is less than a minute of the test's clock.
    const minutes = (ms: number): number => Math.floor(ms / MINUTE_MS)
    assert.deepEqual([minutes(await expiryOf(first.checkpoint) - before), minutes(await expiryOf(second.checkpoint) - opened)], [15, 5])
    assert.equal((await ada.post(`/api/v2/governance/checkpoints/${over.checkpoint}/approve`, {})).status, 410)
  })

  test('no job takes up a run of Nova while the system is dormant', async () => {
    ada = await world.person()
    await ada.post('/api/v2/nova/query', { message: '', action: { tool: 'notes.create', args: { title: 'x' } } })
    await world.owner.query(`update nova_runs set status = 'processing', lease_until = $2 where identity_id = $1`, [ada.identity.id, new Date(0)])
    const nova = createNova({ gate: world.app.gate, claude: null, inFlight: world.app.fence.inFlight })
    await kill()
    const asleep = await resumeAbandoned(nova)
    await revive()

    assert.equal(asleep, 0)
    assert.equal(await resumeAbandoned(nova), 1)
  })

  test('the integrity check lists first what is dispatched or unknown, then what waits; it is the seal’s, and revive answers it', async () => {
    ada = await world.person()
    const { checkpoint } = await held()
    const { checkpoint: waiting } = await held()
    const outbox = '00000000-0000-7000-8000-00000000000a'
    await world.owner.query(`update checkpoints set status = 'approved', effect_state = 'dispatched', decided_at = $2 where id = $1`, [checkpoint, world.clock.now()])
    await world.owner.query(`insert into outbox (id, identity_id, kind, payload, status, next_attempt_at, created_at, last_error) values ($1, $2, 'mail', '{}', 'failed', $3, $3, 'unknown')`, [outbox, ada.identity.id, world.clock.now()])
    await kill()
    const looked = await world.anyone.get('/api/atom/integrity', { 'x-architect-seal': world.seal })
    const refused = await world.anyone.get('/api/atom/integrity')
    const revived = await revive()

    assert.equal(looked.status, 200)
    assert.deepEqual(looked.body.unsettled.map(({ kind, id, state, what }: Record<string, string>) => [kind, id, state, what]), [['checkpoint', checkpoint, 'dispatched', 'notes.delete'], ['outbox', outbox, 'unknown', 'mail']])
    assert.equal(looked.body.record.valid, true)
    assert.ok(looked.body.record.links > 0)
    assert.ok(looked.body.waiting.checkpoints >= 1)
    assert.deepEqual([refused.status, refused.body.code], [403, 'invalid_seal'])
    assert.deepEqual([revived.body.status, revived.body.frequency, revived.body.integrity.unsettled.length], ['operational', 444, 2])
    assert.equal((await seen(waiting, ada.token)).body.status, 'pending')
  })

  for (const [what, breakIt, mendIt] of [
    ['a changed link', `update audit_events set body = replace(body, 'atom.kill', 'atom.kilt') where identity_id = $1 and seq = (select max(seq) from audit_events where identity_id = $1 and action = 'atom.kill')`, `update audit_events set body = replace(body, 'atom.kilt', 'atom.kill') where identity_id = $1`],
    ['a cut tail', `update audit_heads set seq = seq + 1 where identity_id = $1`, `update audit_heads set seq = seq - 1 where identity_id = $1`],
  ] as const) {
    test(`${what} of the instance’s record keeps the system dormant until the architect acknowledges it`, async () => {
      await kill()
      await world.owner.query('alter table audit_events disable trigger all')
      await world.owner.query(breakIt, [INSTANCE_IDENTITY])
      const refused = await revive()
      const state = (await world.anyone.get('/api/atom/status')).body.status
      const { body: found } = await world.anyone.get('/api/atom/integrity', { 'x-architect-seal': world.seal })
      await world.owner.query(mendIt, [INSTANCE_IDENTITY])
      await world.owner.query('alter table audit_events enable trigger all')

      assert.deepEqual([refused.status, refused.body.code, refused.body.integrity.record.valid, state], [409, 'integrity_failed', false, 'dormant'])
      assert.equal(found.record.valid, false)
    })
  }

  test('a record that does not hold is acknowledged, and the acknowledgement is in it', async () => {
    await kill()
    await world.owner.query('alter table audit_events disable trigger all')
    await world.owner.query(`update audit_events set body = replace(body, 'done', 'Done') where identity_id = $1 and action = 'atom.kill'`, [INSTANCE_IDENTITY])
    const { status, body } = await revive({ acknowledge: true, reason: 'known' })
    const { rows: [link] } = await world.owner.query(`select body from audit_events where identity_id = $1 and action = 'atom.revive' order by seq desc limit 1`, [INSTANCE_IDENTITY])
    await world.owner.query(`update audit_events set body = replace(body, 'Done', 'done') where identity_id = $1`, [INSTANCE_IDENTITY])
    await world.owner.query('alter table audit_events enable trigger all')

    assert.deepEqual([status, body.status, body.integrity.record.valid], [200, 'operational', false])
    const [opened] = await openBodies(world.platform.store, INSTANCE_IDENTITY, [link.body])
    assert.equal(opened?.details.acknowledged, true)
  })
})
