import assert from 'node:assert/strict'
import { after, afterEach, before, suite, test } from 'node:test'
import type { Delivery, Mail, Mailer } from '../../adapters/mail/mailer.ts'
import { client, type Person } from '../../testing/person.ts'
import { startWorld, type World } from '../../testing/world.ts'
import { createInFlight } from '../governance/fence/in-flight.ts'
import { answerFor, approve, askNova, checkpointOf, recordOf } from '../governance/testing.ts'
import { createOutbox, type Outbox } from './outbox.ts'
import { eventsOf, messagesOf } from './testing.ts'

const LEASE_MS = 61_000

/** A mail server that says what it is told to, and keeps what it took. */
function aMailer(say: (mail: Mail) => Promise<Delivery> | Delivery): Mailer & { tried: Mail[] } {
  const tried: Mail[] = []
  return { tried, async send(mail) {
    tried.push(mail)
    return say(mail)
  } }
}

suite('An approved mail, from its approval to its end', () => {
  let world: World
  const workers: Outbox[] = []
  /** Ends what a test left hanging, so that its worker can stop. */
  const letGo: Array<() => void> = []
  before(async () => {
    world = await startWorld({ settings: { SMTP_URL: 'smtp://127.0.0.1:1' } })
    // Each test brings its own worker.
    await world.app.outbox.stop()
  })
  afterEach(async () => {
    await world.owner.query(`update fence set state = 'operational'`)
    await world.owner.query(`update outbox set status = 'failed', last_error = 'over' where status in ('waiting', 'sending')`)
    for (const end of letGo.splice(0)) end()
    await Promise.all(workers.splice(0).map((worker) => worker.stop()))
  })
  after(() => world.close())

  function aWorker(mailer: Mailer): Outbox {
    const worker = createOutbox({ platform: world.platform, mailer, inFlight: createInFlight(world.platform) })
    workers.push(worker)
    return worker
  }

  /** A mail by Nova that was approved and waits in the outbox. */
  async function anApprovedMail(): Promise<{ ada: Person; id: string }> {
    const ada = await world.person({ name: 'Ada' })
    const held = await askNova(ada, 'messages.send', { to: `nobody-${crypto.randomUUID()}@example.net`, body: 'hello' })
    assert.equal(held.status, 423)
    const { status, body } = await approve(ada, held.body.checkpoint.id)
    assert.deepEqual([status, body.checkpoint.effect_state, body.outcome.status], [200, 'intended', 'completed'])
    return { ada, id: held.body.checkpoint.id }
  }

  const stateOf = async (person: Person, id: string): Promise<string> => (await checkpointOf(person, id)).effect_state

  /** An attempt whose worker never came back; `comeBack` lets it. */
  async function lose(ada: Person, id: string): Promise<{ comeBack(delivery: Delivery): Promise<void>; tried: Mail[] }> {
    const handedOver = Promise.withResolvers<void>()
    const fate = Promise.withResolvers<Delivery>()
    const dying = aMailer(() => {
      handedOver.resolve()
      return fate.promise
    })
    letGo.push(() => { fate.resolve({ fate: 'unknown', reason: 'over' }) })
    const sweeping = aWorker(dying).sweep()
    await handedOver.promise
    assert.equal(await stateOf(ada, id), 'dispatched')
    await world.owner.query(`update outbox set next_attempt_at = now() - interval '1 minute' where checkpoint_id = $1`, [id])
    await aWorker(aMailer(() => assert.fail('a lost attempt is not repeated'))).sweep()
    return { tried: dying.tried, comeBack: async (delivery) => {
      fate.resolve(delivery)
      await sweeping
    } }
  }

  test('CHK-08, CHK-18: intended with the approval, dispatched with the claim, confirmed when the mail server took it; each in the record', async () => {
    const { ada, id } = await anApprovedMail()
    let meanwhile = ''
    const mailer = aMailer(async () => {
      meanwhile = await stateOf(ada, id)
      return { fate: 'sent' }
    })

    await aWorker(mailer).sweep()

    assert.deepEqual([meanwhile, await stateOf(ada, id), mailer.tried.length], ['dispatched', 'confirmed', 1])
    const told = await recordOf(world, ada, id)
    assert.deepEqual(told.map(({ action, actor }) => [action, actor.kind]), [['checkpoint.created', 'nova'], ['checkpoint.approved', 'person'], ['messages.send', 'nova'], ['messages.delivered', 'system']])
    assert.equal(new Set(told.map(({ action_hash: hash }) => hash)).size, 1)
    assert.deepEqual((await eventsOf(world, ada, 'effect.settled')).map(({ data }) => [data.checkpoint_id, data.state]), [[id, 'confirmed']])
  })

  test('what is not taken now is intended again; what is refused for good has failed', async () => {
    const { ada, id } = await anApprovedMail()
    await aWorker(aMailer(() => ({ fate: 'later', reason: 'smtp_451' }))).sweep()
    assert.equal(await stateOf(ada, id), 'intended')
    await world.owner.query(`update outbox set next_attempt_at = now() - interval '1 minute' where checkpoint_id = $1`, [id])

    await aWorker(aMailer(() => ({ fate: 'refused', reason: 'smtp_550' }))).sweep()

    assert.equal(await stateOf(ada, id), 'failed')
    assert.deepEqual((await recordOf(world, ada, id)).slice(-1).map(({ action, outcome }) => [action, outcome]), [['messages.failed', 'failed']])
  })

  test('CHK-08: a server that died between claim and settlement: unknown, told, listed, and never sent again by itself', async () => {
    const { ada, id } = await anApprovedMail()
    const { tried } = await lose(ada, id)

    assert.equal(await stateOf(ada, id), 'unknown')
    assert.deepEqual((await eventsOf(world, ada, 'effect.settled')).map(({ data }) => data.state), ['unknown'])
    assert.deepEqual((await ada.get('/api/v2/governance/effects')).body.items.map((one: { id: string }) => one.id), [id])
    const later = aMailer(() => ({ fate: 'sent' }))
    await world.owner.query(`update outbox set next_attempt_at = now() - interval '1 year' where checkpoint_id = $1`, [id])
    await aWorker(later).sweep()
    assert.deepEqual([tried.length, later.tried.length, await stateOf(ada, id)], [1, 0, 'unknown'])
    assert.equal((await approve(ada, id)).status, 409)
  })

  test('the owner says what became of it, once; another cannot', async () => {
    for (const [outcome, state] of [['happened', 'confirmed'], ['did_not_happen', 'failed']] as const) {
      const { ada, id } = await anApprovedMail()
      const eve = await world.person()
      assert.equal((await answerFor(ada, id, outcome)).status, 409, 'nobody asks yet')
      await lose(ada, id)

      assert.equal((await answerFor(eve, id, outcome)).status, 403)
      const answers = await Promise.all(Array.from({ length: 10 }, () => answerFor(ada, id, outcome)))

      assert.deepEqual(answers.map(({ status }) => status).toSorted(), [200, ...Array.from({ length: 9 }, () => 409)])
      const after = await checkpointOf(ada, id)
      assert.deepEqual([after.effect_state, after.effect_answer], [state, outcome])
      assert.deepEqual((await recordOf(world, ada, id)).slice(-1).map(({ action, actor, details }) => [action, actor.kind, details.outcome]), [['effect.answered', 'person', outcome]])
      assert.deepEqual((await ada.get('/api/v2/governance/effects')).body.items, [])
    }
  })

  test('`repeat` asks anew: nothing leaves until the new checkpoint is approved, and then exactly once', async () => {
    const { ada, id } = await anApprovedMail()
    const { tried } = await lose(ada, id)
    const second = await world.another()
    const elsewhere = client(second.url, ada.token)

    const answers = await Promise.all(Array.from({ length: 10 }, (_, n) => answerFor(n % 2 === 0 ? ada : elsewhere, id, 'repeat')))
    await second.close()

    const taken = answers.filter(({ status }) => status === 200)
    assert.deepEqual([taken.length, answers.filter(({ status }) => status === 409).length], [1, 9])
    const { checkpoint, anew } = (taken[0] ?? assert.fail()).body
    assert.deepEqual([checkpoint.effect_state, checkpoint.effect_answer, anew.status, anew.parent_id, anew.args], ['unknown', 'repeat', 'pending', id, checkpoint.args])
    assert.deepEqual((await ada.get('/api/v2/governance/effects')).body.items, [], 'it is answered for')
    const mailer = aMailer(() => ({ fate: 'sent' }))
    await aWorker(mailer).sweep()
    assert.deepEqual([tried.length, mailer.tried.length], [1, 0])

    assert.equal((await approve(ada, anew.id)).status, 200)
    await aWorker(mailer).sweep()
    assert.deepEqual([mailer.tried.length, await stateOf(ada, anew.id)], [1, 'confirmed'])
  })

  test('a worker that comes back knows better than `unknown`; but it puts nothing back that its owner may have repeated', async () => {
    const one = await anApprovedMail()
    const sent = await lose(one.ada, one.id)
    await sent.comeBack({ fate: 'sent' })
    assert.equal(await stateOf(one.ada, one.id), 'confirmed')

    const two = await anApprovedMail()
    const not = await lose(two.ada, two.id)
    await not.comeBack({ fate: 'later', reason: 'smtp_451' })
    assert.equal(await stateOf(two.ada, two.id), 'failed')
    const mailer = aMailer(() => ({ fate: 'sent' }))
    await world.owner.query(`update outbox set next_attempt_at = now() - interval '1 year' where checkpoint_id = $1`, [two.id])
    await aWorker(mailer).sweep()
    assert.equal(mailer.tried.length, 0)
  })

  for (const [what, change] of [
    ['whose identity was archived since', 'update identities set archived_at = now() where id = $1'],
    ['whose person was shut out since', 'update users set disabled_at = now() where id = (select user_id from identities where id = $1)'],
    ['whose checkpoint intends it no more', `update checkpoints set effect_state = 'failed' where identity_id = $1`],
  ] as const) {
    test(`a mail ${what} does not leave: it is looked at again just before`, async () => {
      const { ada, id } = await anApprovedMail()
      await world.owner.query(change, [ada.identity.id])
      const mailer = aMailer(() => ({ fate: 'sent' }))

      await aWorker(mailer).sweep()

      assert.equal(mailer.tried.length, 0)
      assert.deepEqual((await world.owner.query('select effect_state from checkpoints where id = $1', [id])).rows, [{ effect_state: 'failed' }])
      assert.deepEqual((await world.owner.query('select status from outbox where checkpoint_id = $1', [id])).rows, [{ status: 'failed' }])
    })
  }

  test('CHK-17: while the system is dormant an approved mail stays intended, and what is unknown can still be answered for', async () => {
    const waiting = await anApprovedMail()
    await world.owner.query(`update outbox set next_attempt_at = now() + interval '1 day' where checkpoint_id = $1`, [waiting.id])
    const { ada, id } = await anApprovedMail()
    await lose(ada, id)
    await world.owner.query(`update outbox set next_attempt_at = now() - interval '1 minute' where checkpoint_id = $1`, [waiting.id])
    await world.owner.query(`update fence set state = 'dormant'`)
    const mailer = aMailer(() => ({ fate: 'sent' }))

    await aWorker(mailer).sweep()

    assert.deepEqual([await stateOf(waiting.ada, waiting.id), mailer.tried.length], ['intended', 0])
    const repeated = await answerFor(ada, id, 'repeat')
    assert.deepEqual([repeated.status, repeated.body.code], [503, 'dormant'])
    assert.equal((await answerFor(ada, id, 'did_not_happen')).status, 200)
  })

  test('what a person sends themselves has no checkpoint, and is followed as before', async () => {
    const ada = await world.person()
    await ada.post('/api/v2/messages', { to: 'nobody@example.net', body: 'hello' })

    await aWorker(aMailer(() => ({ fate: 'sent' }))).sweep()

    assert.deepEqual((await messagesOf(ada)).map(({ status }: { status: string }) => status), ['sent'])
    assert.deepEqual(await eventsOf(world, ada, 'effect.settled'), [])
  })

  test('a leap of the clock repeats nothing: a claim whose lease seems over is unknown, not due', async () => {
    const { ada, id } = await anApprovedMail()
    const handedOver = Promise.withResolvers<void>()
    const fate = Promise.withResolvers<Delivery>()
    const slow = aMailer(() => {
      handedOver.resolve()
      return fate.promise
    })
    letGo.push(() => { fate.resolve({ fate: 'unknown', reason: 'over' }) })
    const sweeping = aWorker(slow).sweep()
    await handedOver.promise
    world.clock.advance(LEASE_MS)
    const other = aMailer(() => ({ fate: 'sent' }))
    await aWorker(other).sweep()
    world.clock.advance(-LEASE_MS)
    await aWorker(other).sweep()
    fate.resolve({ fate: 'sent' })
    await sweeping

    assert.deepEqual([slow.tried.length, other.tried.length, await stateOf(ada, id)], [1, 0, 'confirmed'])
  })
})
