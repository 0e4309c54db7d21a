import assert from 'node:assert/strict'
import { randomInt } from 'node:crypto'
import { after, afterEach, before, test } from 'node:test'
import { INSTANCE_IDENTITY } from '../../domains/audit/instance.ts'
import { openBodies } from '../../domains/audit/testing.ts'
import { startWorld, type World } from '../../testing/world.ts'
import { recordSkipped } from '../../domains/audit/record-skipped.ts'
import type { Tx } from '../db/store.ts'
import { defineEvent, emit } from './emit.ts'
import type { CommittedEvent } from './event.ts'
import { FAILURES_MAX, follow, type Follower } from './follow.ts'

const Stepped = defineEvent<{ n: number }>({ name: 'step.taken', channels: () => ['atom'] })
const Unheard = defineEvent<{ n: number }>({ name: 'noise.made', channels: () => ['atom'] })

let world: World
let other: World
const followers: Follower[] = []

before(async () => {
  world = await startWorld()
  other = await world.another()
  await world.owner.query('create table kept (follower text, n integer); grant select, insert on kept to chenu_server')
})
after(async () => {
  await other.close()
  await world.close()
})
afterEach(async () => { await Promise.all(followers.splice(0).map((one) => one.stop())) })

type React = (tx: Tx, event: CommittedEvent) => Promise<void>

const keep = (name: string): React => async (tx, event) => {
  await tx.db.insertInto('kept' as never).values({ follower: name, n: event.data.n } as never).execute()
}

async function aFollower(name: string, react: React = keep(name), at: World = world, patterns = ['step.*']): Promise<Follower> {
  const follower = follow({ platform: at.platform, relay: at.app.relay, name, patterns, react, skipped: recordSkipped(at.platform, name) })
  followers.push(follower)
  await follower.start()
  return follower
}

const say = (n: number, kind = Stepped, at: World = world): Promise<void> =>
  at.platform.store.within({ service: 'test' }, async (tx) => { emit({ ...tx, identityId: null, userId: null, now: () => at.clock.now() }, kind, { n }) })

const numbersOf = async (name: string): Promise<number[]> => (await world.owner.query('select n from kept where follower = $1 order by ctid', [name])).rows.map(({ n }) => n)

const placeOf = async (name: string): Promise<{ seq: string; failures: number }> => (await world.owner.query('select seq, failures from event_cursors where name = $1', [name])).rows[0]

/** Waits for the relay to number what was said; then the follower to have taken it. */
async function settled(follower: Follower, at: World = world): Promise<void> {
  await at.app.relay.catchUp()
  for (;;) {
    const { rows: [{ unnumbered }] } = await world.owner.query('select count(*)::int as unnumbered from events where seq is null')
    if (unnumbered === 0) break
    at.platform.store.wakeRelay()
    await at.app.relay.catchUp()
  }
  await follower.catchUp()
}

test('a follower hears what its patterns name, in order, from the moment it is new', async () => {
  await say(0)
  await world.app.relay.catchUp()
  const anchor = await aFollower('anchor')
  await settled(anchor)
  const follower = await aFollower('new')

  await say(1)
  await say(99, Unheard)
  await say(2)
  await settled(follower)

  assert.deepEqual(await numbersOf('new'), [1, 2])
})

test('what came while no node followed is next, and what was taken is not taken again', async () => {
  const first = await aFollower('pause')
  await say(1)
  await settled(first)
  await first.stop()
  for (let n = 2; n <= 120; n += 1) await say(n)

  const second = await aFollower('pause')
  await settled(second)

  assert.deepEqual(await numbersOf('pause'), Array.from({ length: 120 }, (_, n) => n + 1))
})

test('two nodes and a crash in the middle of any transaction: each event is reacted to exactly once, in order', async () => {
  const COUNT = 200
  let crashes = 0
  // The connection is ended after the reaction wrote: as if the process had been killed before its commit.
  const crashing: React = async (tx, event) => {
    await keep('crash')(tx, event)
    if (crashes < 15 && randomInt(6) === 0) {
      crashes += 1
      const [{ pid }] = await tx.send<{ pid: number }>({ compile: () => ({ sql: 'select pg_backend_pid() as pid', parameters: [], query: { kind: 'RawNode' } }) } as never) as [{ pid: number }]
      await world.owner.query('select pg_terminate_backend($1)', [pid])
      await tx.db.selectFrom('event_counter').selectAll().execute()
    }
  }
  const nodes = [await aFollower('crash', crashing), await aFollower('crash', crashing, other)] as const

  await Promise.all(Array.from({ length: COUNT }, (_, n) => say(n, Stepped, n % 2 === 0 ? world : other)))
  await settled(nodes[0])
  for (let rounds = 0; (await numbersOf('crash')).length < COUNT && rounds < 500; rounds += 1) for (const node of nodes) await settled(node)

  const order = (await world.owner.query(`select (data->>'n')::int as n from events where name = $1 and seq > 0 and (data->>'n')::int between 0 and $2 order by seq desc limit $3`, [Stepped.name, COUNT, COUNT])).rows.map(({ n }) => n as number).toReversed()
  assert.deepEqual(await numbersOf('crash'), order)
  assert.ok(crashes > 0, 'nothing crashed')
})

test('an event that cannot be reacted to is tried again, later and later, then passed over with a line and an entry in the record; the others are not held up for ever', async () => {
  let tries = 0
  const poisoned: React = async (tx, event) => {
    await keep('poison')(tx, event)
    if (event.data.n !== 2) return
    tries += 1
    throw new Error('cannot')
  }
  const follower = await aFollower('poison', poisoned)
  for (const n of [1, 2, 3]) await say(n)
  await settled(follower)
  assert.deepEqual([await numbersOf('poison'), (await placeOf('poison')).failures], [[1], 1])

  await follower.catchUp()
  assert.equal((await placeOf('poison')).failures, 1, 'not before its time')
  for (const [index, waitMs] of [1_000, 4_000, 16_000, 64_000].entries()) {
    world.clock.advance(waitMs)
    await follower.catchUp()
    if (index < 3) assert.equal((await placeOf('poison')).failures, index + 2)
  }
  await settled(follower)

  assert.deepEqual(await numbersOf('poison'), [1, 3])
  assert.ok(tries >= FAILURES_MAX)
  assert.ok(world.logLines.some((line) => line.includes('an event is passed over') && line.includes('step.taken')))
  const { rows } = await world.owner.query(`select body from audit_events where action = 'event.skipped'`)
  const skipped = await openBodies(world.platform.store, INSTANCE_IDENTITY, rows.map(({ body }) => body))
  assert.deepEqual(skipped.map(({ details }) => details.follower), ['poison'])
})

test('a database that is away is nobody’s failure: the event waits and is not counted', async () => {
  let cut = 0
  const follower = await aFollower('away', async (tx, event) => {
    await keep('away')(tx, event)
    if (cut >= 10) return
    cut += 1
    throw Object.assign(new Error('Connection terminated unexpectedly'), { code: '57P01' })
  })
  await say(7)
  await settled(follower)
  for (let round = 0; round < 12; round += 1) await follower.catchUp()

  assert.deepEqual([await numbersOf('away'), (await placeOf('away')).failures], [[7], 0])
})

test('AUD-09: an event whose identity is being erased is waited for, and is not reacted to once it is gone', async () => {
  const ada = await world.person()
  const reacted: string[] = []
  const follower = await aFollower('erased', async (_tx, { id }) => { reacted.push(id) }, world, ['note.created'])
  const client = await world.owner.connect()
  try {
    await client.query('begin')
    await ada.post('/api/v2/notes', { title: 'cnry' })
    // As an erasure does: alone with the identity, from here to its commit.
    await client.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [ada.identity.id])
    await world.app.relay.catchUp()
    await client.query('delete from events where identity_id = $1', [ada.identity.id])
    const caught = follower.catchUp()
    for (let waits = 0; waits === 0 && reacted.length === 0;) waits = (await world.owner.query(`select 1 from pg_locks where locktype = 'advisory' and not granted`)).rows.length
    await client.query('commit')
    await caught
  } finally {
    await client.query('rollback')
    client.release()
  }

  assert.deepEqual(reacted, [])
})
