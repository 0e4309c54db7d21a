import assert from 'node:assert/strict'
import { randomInt } from 'node:crypto'
import { after, before, suite, test } from 'node:test'
import { setImmediate as breathe } from 'node:timers/promises'
import { startWorld, type World } from '../../testing/world.ts'
import { newId } from '../ids.ts'
import { defineEvent, emit } from './emit.ts'
import type { CommittedEvent } from './event.ts'
import { createRelay, type Relay } from './relay.ts'

const Counted = defineEvent<{ writer: number; n: number }>({ name: 'test.counted', channels: () => ['atom'] })

/** Settles once the relay has handed on so many events of the test. */
function collect(relay: Relay, count: number): { events: CommittedEvent[]; full: Promise<void> } {
  const events: CommittedEvent[] = []
  const full = new Promise<void>((resolve) => {
    relay.onEvent((event) => {
      if (event.name === Counted.name) events.push(event)
      if (events.length === count) resolve()
    })
  })
  return { events, full }
}

suite('the relay', () => {
  let world: World
  let other: World

  before(async () => {
    world = await startWorld()
    other = await world.another()
  })
  after(async () => {
    await other.close()
    await world.close()
  })

  const write = (at: World, data: { writer: number; n: number }, work: () => Promise<unknown> = async () => {}): Promise<void> =>
    at.platform.store.within({ service: 'test' }, async (tx) => {
      emit({ ...tx, identityId: null, userId: null, now: () => at.clock.now() }, Counted, data)
      await work()
    })

  const numbers = async (): Promise<number[]> =>
    (await world.owner.query<{ seq: string }>('select seq from events where name = $1 order by seq', [Counted.name])).rows.map(({ seq }) => Number(seq))

  test('20 writers on two nodes, 1,000 events, some rolled back: each node hands each committed one on once, in order, without gaps', async () => {
    const WRITERS = 20
    const EACH = 50
    const heard = [world, other].map((node) => collect(node.app.relay, WRITERS * EACH))
    const failed = new Error('rolled back')

    await Promise.all(Array.from({ length: WRITERS }, async (_, writer) => {
      const node = writer % 2 === 0 ? world : other
      for (let n = 0; n < EACH; n += 1) {
        if (n % 10 === 3) await assert.rejects(write(node, { writer, n: -1 }, async () => { throw failed }), failed)
        await write(node, { writer, n }, async () => { for (let i = randomInt(4); i > 0; i -= 1) await breathe() })
      }
    }))
    await Promise.all(heard.map(({ full }) => full))

    const stored = await numbers()
    assert.equal(stored.length, WRITERS * EACH)
    for (const { events } of heard) {
      assert.deepEqual(events.map(({ seq }) => seq), stored)
      assert.equal(new Set(events.map(({ id }) => id)).size, WRITERS * EACH)
      for (let writer = 0; writer < WRITERS; writer += 1) {
        assert.deepEqual(events.filter(({ data }) => data.writer === writer).map(({ data }) => data.n), Array.from({ length: EACH }, (_, n) => n))
      }
    }
    const { rows: [range] } = await world.owner.query<{ gaps: boolean; last: string; unclaimed: string }>(
      'select count(seq) <> max(seq) as gaps, (select last from event_counter) as last, count(*) filter (where seq is null) as unclaimed from events')
    assert.deepEqual(range, { gaps: false, last: String(Math.max(...stored)), unclaimed: '0' })
  })

  test('an event that commits after a later one is handed on after it, and is not skipped', async () => {
    const { events, full } = collect(other.app.relay, 2)
    let release: () => void = () => {}
    const held = new Promise<void>((resolve) => { release = resolve })
    const heardSecond = new Promise<void>((resolve) => { other.app.relay.bus.on(Counted.name, () => { resolve() }, { once: true }) })

    const slow = world.platform.store.within({ service: 'test' }, async (tx) => {
      await tx.db.insertInto('events').values({ id: newId(), name: Counted.name, channels: [], data: JSON.stringify({ n: 'slow' }), at: world.clock.now() }).execute()
      tx.afterCommit(tx.wakeRelay)
      await write(world, { writer: 0, n: 2 })
      await held
    })
    await heardSecond
    release()
    await slow
    await full

    assert.deepEqual(events.map(({ data }) => data.n), [2, 'slow'])
    assert.equal(events[1]?.seq, (events[0]?.seq ?? 0) + 1)
  })

  test('F-04: with all its connections cut, a node handles the loss, listens again and misses nothing', async () => {
    const { events, full } = collect(other.app.relay, 30)
    const cut = (): Promise<unknown> => world.owner.query(`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name in ('chenu', 'chenu-listen') and pid <> pg_backend_pid()`)
    const writeStubbornly = async (n: number, id = newId()): Promise<void> => {
      try {
        await world.platform.store.within({ service: 'test' }, async (tx) => {
          tx.atClose(() => tx.db.insertInto('events').values({ id, name: Counted.name, channels: [], data: JSON.stringify({ n }), at: world.clock.now() }))
          tx.afterCommit(tx.wakeRelay)
        })
      } catch {
        // The connection may have been cut after the commit.
        const { rowCount } = await world.owner.query('select 1 from events where id = $1', [id])
        if (rowCount === 0) await writeStubbornly(n, id)
      }
    }

    for (let n = 0; n < 30; n += 1) {
      if (n % 10 === 5) await cut()
      await writeStubbornly(n)
    }
    await full

    assert.deepEqual(events.map(({ data }) => data.n), Array.from({ length: 30 }, (_, n) => n))
  })

  test('what a node wrote before it ended is handed on by the next one', async () => {
    // Every node has ended: one that still runs would hand the row on itself, before the next one starts.
    await Promise.all([world, other].map(({ app }) => app.relay.stop()))
    await world.owner.query(`insert into events (id, name, channels, data, at) values ($1, $2, '{}', '{"n": "orphan"}', now())`, [newId(), Counted.name])
    const relay = createRelay({ platform: world.platform, listenUrl: world.database.url })
    const { events, full } = collect(relay, 1)

    await relay.start()
    await full
    await relay.stop()

    assert.deepEqual(events.map(({ data }) => data.n), ['orphan'])
  })
})
