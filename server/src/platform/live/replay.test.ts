import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import type { Person } from '../../testing/person.ts'
import { listenTo, openSocket, type Frame, type TestSocket } from '../../testing/socket.ts'
import { startWorld, type World } from '../../testing/world.ts'
import { newId } from '../ids.ts'
import { LIVE_LIMITS } from './limits.ts'

const CHANNEL = 'sphere:personal'

suite('replay', () => {
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

  /** Writes events as a change would, many in one statement; wakes the relay as a commit does. */
  const tell = async (at: World, person: Person, { from, count, channel = CHANNEL }: { from: number; count: number; channel?: string }): Promise<void> => {
    const ids = Array.from({ length: count }, () => newId())
    await world.owner.query(
      `insert into events (id, identity_id, user_id, name, channels, data, at)
       select id, $2::uuid, $3::uuid, 'test.told', array['user:' || $3::uuid, $4::text], jsonb_build_object('n', $5::int + ordinality - 1), now() from unnest($1::uuid[]) with ordinality as t(id, ordinality)`,
      [ids, person.identity.id, person.user.id, channel, from])
    at.platform.store.wakeRelay()
  }

  const subscribed = async (socket: TestSocket, channel: string, since?: number): Promise<Frame> => {
    socket.send({ type: 'subscribe', channel, ...(since === undefined ? {} : { since }) })
    return socket.find((frame) => frame.type === 'subscribed' && frame.channel === channel)
  }
  const told = (socket: TestSocket): Frame[] => socket.events().filter(({ name }) => name === 'test.told')
  const numbers = (frames: Frame[]): number[] => frames.map(({ data }) => Number((data as { n: number }).n))
  const upTo = (count: number): number[] => Array.from({ length: count }, (_, n) => n)

  test('since replays what was missed on the channel, oldest first, then goes on live', async () => {
    const ada = await world.person()
    const first = await listenTo(world.url, ada.token, CHANNEL)
    await tell(world, ada, { from: 0, count: 1 })
    const seen = await first.find(({ name }) => name === 'test.told')
    first.close()
    await tell(world, ada, { from: 1, count: 700 })
    await tell(world, ada, { from: 9_000, count: 1, channel: 'nova' })

    const second = await openSocket(world.url)
    second.send({ type: 'auth', token: ada.token })
    await second.ofType('auth_success')
    await subscribed(second, CHANNEL, Number(seen.seq))
    const end = await second.ofType('replayed')
    await tell(world, ada, { from: 701, count: 2 })
    await second.find(({ name, data }) => name === 'test.told' && (data as { n: number }).n === 702)
    second.close()

    assert.equal(end.events, 700)
    assert.deepEqual(numbers(told(second)), upTo(703).slice(1))
    assert.ok(told(second).every(({ channel }) => channel === CHANNEL))
  })

  test('WS-16: 10,000 events, reconnects, and both nodes restarted: by number, none lost and none twice', async () => {
    const EVENTS = 10_000
    const ada = await world.person()
    const got: Frame[] = []
    let nodes = [await world.another(), await world.another()]
    let since = Number((await listenAndLeave(nodes[0], ada)).seq)
    const writing = (async () => {
      for (let from = 0; from < EVENTS; from += 50) await tell(world, ada, { from, count: 50 })
    })()

    for (let round = 0; got.length < EVENTS; round += 1) {
      const socket = await openSocket(nodes[round % 2]?.url ?? '')
      socket.send({ type: 'auth', token: ada.token })
      await socket.ofType('auth_success')
      await subscribed(socket, CHANNEL, since)
      const goal = Math.min(EVENTS, got.length + 1_900)
      await socket.until(() => got.length + socket.frames.length >= goal)
      if (round === 1 || round === 3) nodes = await restart(nodes)
      else socket.close()
      await socket.closed
      got.push(...told(socket))
      since = Number(got.at(-1)?.seq ?? since)
    }
    await writing
    for (const node of nodes) await node.close()

    assert.deepEqual(numbers(got).toSorted((a, b) => a - b), upTo(EVENTS))
    const seqs = got.map(({ seq }) => Number(seq))
    assert.deepEqual(seqs, [...new Set(seqs)].toSorted((a, b) => a - b))
  })

  const listenAndLeave = async (node: World | undefined, person: Person): Promise<Frame> => {
    const socket = await openSocket(node?.url ?? '')
    socket.send({ type: 'auth', token: person.token })
    const welcome = await socket.ofType('auth_success')
    socket.close()
    return welcome
  }

  const restart = async (nodes: World[]): Promise<World[]> => {
    await Promise.all(nodes.map((node) => node.close()))
    return [await world.another(), await world.another()]
  }

  test('two channels with since on one socket: an event of both comes once', async () => {
    const ada = await world.person()
    const socket = await listenTo(world.url, ada.token)
    const start = Number((await socket.ofType('auth_success')).seq)
    socket.close()
    for (const [from, channel] of [[0, CHANNEL], [10, 'nova'], [20, CHANNEL]] as const) await tell(world, ada, { from, count: 10, channel })
    await world.owner.query(`insert into events (id, identity_id, user_id, name, channels, data, at) values ($1, $2, $3, 'test.told', array['nova', $4::text], '{"n": 30}', now())`, [newId(), ada.identity.id, ada.user.id, CHANNEL])
    world.platform.store.wakeRelay()

    const again = await listenTo(world.url, ada.token)
    await subscribed(again, CHANNEL, start)
    await subscribed(again, 'nova', start)
    await tell(world, ada, { from: 31, count: 1 })
    await again.find(({ data }) => (data as { n?: number } | undefined)?.n === 31)
    again.close()

    assert.deepEqual(numbers(told(again)).toSorted((a, b) => a - b), upTo(32))
  })

  test('a client that is ahead of its new node gets nothing twice', async () => {
    const ada = await world.person()
    const here = await listenTo(world.url, ada.token, CHANNEL)

    for (let round = 0; round < 20; round += 1) {
      await tell(world, ada, { from: round, count: 1 })
      const { seq } = await here.find(({ data }) => (data as { n?: number } | undefined)?.n === round)
      const there = await listenTo(other.url, ada.token)
      await subscribed(there, CHANNEL, Number(seq))
      await there.ofType('replayed')
      there.close()
      await there.closed
      assert.deepEqual(told(there).filter((frame) => Number(frame.seq) <= Number(seq)), [])
    }
    here.close()
  })

  test('who missed too much is told to load afresh, and so is who names a number that does not exist yet', async () => {
    const ada = await world.person()
    const socket = await listenTo(world.url, ada.token)
    const start = Number((await socket.ofType('auth_success')).seq)
    await tell(world, ada, { from: 0, count: LIVE_LIMITS.replayEvents + 1, channel: 'nova' })
    await socket.find(({ data }) => (data as { n?: number } | undefined)?.n === LIVE_LIMITS.replayEvents)

    socket.send({ type: 'subscribe', channel: 'nova', since: start })
    const tooOld = await socket.ofType('error')
    socket.send({ type: 'subscribe', channel: CHANNEL, since: 2 ** 50 })
    const tooNew = await socket.find((frame) => frame.type === 'error' && frame !== tooOld)
    await tell(world, ada, { from: 77_777, count: 1 })
    const still = await socket.find(({ data }) => (data as { n?: number } | undefined)?.n === 77_777)
    socket.close()

    assert.equal(tooOld.code, 'replay_too_old')
    assert.equal(tooNew.code, 'replay_too_old')
    assert.equal(still.channel, `user:${ada.user.id}`)
  })

  test('who missed events that are forgotten by now is told so', async () => {
    const ada = await world.person()
    const socket = await listenTo(world.url, ada.token)
    const start = Number((await socket.ofType('auth_success')).seq)
    await tell(world, ada, { from: 0, count: 10 })
    const last = await socket.find(({ data }) => (data as { n?: number } | undefined)?.n === 9)
    await world.owner.query('delete from events where seq <= $1', [Number(last.seq) - 5])

    socket.send({ type: 'subscribe', channel: CHANNEL, since: start })
    const refused = await socket.ofType('error')
    socket.close()
    const again = await listenTo(world.url, ada.token)
    await subscribed(again, CHANNEL, Number(last.seq) - 5)
    await again.ofType('replayed')
    again.close()

    assert.equal(refused.code, 'replay_too_old')
    assert.deepEqual(numbers(told(again)), [5, 6, 7, 8, 9])
  })

  test('a replay shows an identity its own events and nobody else’s', async () => {
    const [ada, eve] = [await world.person(), await world.person()]
    const spy = await listenTo(world.url, eve.token)
    await tell(world, ada, { from: 0, count: 20 })
    await tell(world, eve, { from: 100, count: 1 })
    const oldest = Number((await world.owner.query('select min(seq) as seq from events')).rows[0].seq)
    await spy.find(({ data }) => (data as { n?: number } | undefined)?.n === 100)

    await subscribed(spy, CHANNEL, oldest - 1)
    await subscribed(spy, `user:${eve.user.id}`, oldest - 1)
    await spy.find((frame) => frame.type === 'replayed' && frame.channel === `user:${eve.user.id}`)
    spy.close()

    assert.deepEqual(numbers(told(spy)), [100])
  })
})
