import { NO_PROOF } from '../ctx.ts'
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, suite, test } from 'node:test'
import { rawUpgrade, textFrame } from '../../testing/raw-socket.ts'
import { listenTo, openSocket } from '../../testing/socket.ts'
import { startWorld, type World } from '../../testing/world.ts'
import { newId, type IdentityId, type SessionId, type UserId } from '../ids.ts'
import { Unauthenticated } from '../problems.ts'
import { createLive, type Live } from './live.ts'
import { LIVE_LIMITS, type LiveLimits } from './limits.ts'

const TOKEN_MS = 60_000

suite('deadlines and limits of live sockets', () => {
  let world: World
  const houses: Array<{ close(): Promise<void> }> = []

  before(async () => { world = await startWorld({ settings: { RATE_LIMIT: 'on' } }) })
  after(async () => {
    for (const house of houses) await house.close()
    await world.close()
  })

  /** A live server of its own with smaller limits; any token that names a session is good for a minute. */
  const house = async (limits: Partial<LiveLimits>): Promise<{ url: string; live: Live }> => {
    const server = createServer()
    const live = createLive({
      server, platform: world.platform, relay: world.app.relay, limits: { sweepMs: 20, ...limits }, mayListen: async () => {},
      verifyAccessToken: async (token) => {
        const [userId = '', sessionId = ''] = token.split('/')
        if (!sessionId) throw Unauthenticated()
        return { userId: userId as UserId, identityId: userId as unknown as IdentityId, sessionId: sessionId as SessionId, actor: { kind: 'person', id: userId }, proof: NO_PROOF, expiresAt: new Date(world.clock.now().getTime() + TOKEN_MS) }
      },
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    houses.push({
      async close() {
        await live.close()
        server.close()
      },
    })
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, live }
  }
  const token = (userId = newId(), sessionId = newId()): string => `${userId}/${sessionId}`

  test('WS-02, WS-19: who does not authenticate in time is closed with 4401', async () => {
    const { url } = await house({ authMs: 50 })
    const socket = await openSocket(url)

    assert.equal((await socket.ofType('auth_failed')).code, 'invalid_token')
    assert.equal(await socket.closed, 4401)
  })

  test('the deadlines are those of the contract', () => {
    assert.equal(LIVE_LIMITS.authMs, 10_000)
    assert.equal(LIVE_LIMITS.heartbeatMs, 30_000)
    assert.equal(LIVE_LIMITS.connectionsPerUser, 5)
    assert.equal(LIVE_LIMITS.bufferedBytes, 1_048_576)
    assert.ok(LIVE_LIMITS.closeMs <= 5_000)
  })

  test('WS-04: a token that expires closes its socket; one renewed in time does not, and only its own session may renew', async () => {
    const { url } = await house({})
    const own = token()
    const [expiring, renewed, stolen] = [await listenTo(url, token()), await listenTo(url, own), await listenTo(url, token())]

    world.clock.advance(TOKEN_MS / 2)
    renewed.send({ type: 'auth', token: own })
    await renewed.until(() => renewed.frames.filter(({ type }) => type === 'auth_success').length === 2)
    stolen.send({ type: 'auth', token: token() })
    assert.equal(await stolen.closed, 4401)
    world.clock.advance(TOKEN_MS / 2 + 1)

    assert.equal(await expiring.closed, 4401)
    renewed.send({ type: 'ping' })
    await renewed.ofType('pong')
    renewed.close()
  })

  test('WS-13: a peer that answers no ping is dropped, one that does stays', async () => {
    const { url } = await house({ heartbeatMs: 400 })
    const dead = await rawUpgrade(url)
    const alive = await openSocket(url)
    let pings = 0
    const third = new Promise<void>((resolve) => { alive.socket.on('ping', () => { if ((pings += 1) === 3) resolve() }) })

    await once(dead, 'close')
    await third

    assert.equal(alive.socket.readyState, alive.socket.OPEN)
    alive.close()
  })

  test('WS-14: more than 100 connections of one address are refused with 429 at the handshake', async () => {
    const { url } = await house({ connectionsPerAddress: 3 })
    const three = await Promise.all([openSocket(url), openSocket(url), openSocket(url)])

    const refused = await openSocket(url).then(() => 101, (error: { status?: number }) => error.status)
    three[0]?.close()
    await three[0]?.closed
    const accepted = await openSocket(url)

    assert.equal(LIVE_LIMITS.connectionsPerAddress, 100)
    assert.equal(refused, 429)
    for (const socket of [...three, accepted]) socket.close()
  })

  test('WS-11: readers that do not read are dropped and cost no memory without bound; the others hear everything', async () => {
    const { url, live } = await house({})
    const idle = live.stats().connections
    const lazy = await Promise.all(Array.from({ length: 20 }, async () => {
      const socket = await rawUpgrade(url)
      const session = token()
      socket.write(textFrame(JSON.stringify({ type: 'auth', token: session })))
      socket.write(textFrame(JSON.stringify({ type: 'subscribe', channel: 'atom' })))
      await once(socket, 'data')
      return socket
    }))
    const keen = await listenTo(url, token(), 'atom')
    await keen.until(() => live.listeners('atom') === 21)
    for (const socket of lazy) socket.pause()
    const before = process.memoryUsage().rss
    const closed = lazy.map((socket) => once(socket, 'close'))

    const MESSAGES = 400
    for (let n = 0; n < MESSAGES; n += 1) {
      live.tell({ channel: 'atom', name: 'test.large', data: { n, fill: 'x'.repeat(50_000) }, at: world.clock.now() })
      await keen.until(() => keen.events().length === n + 1)
    }
    const growth = process.memoryUsage().rss - before
    for (const socket of lazy) socket.resume()
    await Promise.all(closed)

    assert.equal(live.stats().connections, idle + 1)
    assert.equal(keen.events().length, MESSAGES)
    assert.ok(growth < 160 * 1_048_576, `grew by ${Math.round(growth / 1_048_576)} MiB`)
    keen.close()
  })

  test('an event is serialised once for all the sockets that hear it', async () => {
    const { url, live } = await house({ connectionsPerAddress: 1_000 })
    const sockets = await Promise.all(Array.from({ length: 50 }, () => listenTo(url, token(), 'atom')))
    let serialised = 0

    live.tell({ channel: 'atom', name: 'test.counted', data: { toJSON: () => { serialised += 1; return { n: 1 } } }, at: world.clock.now() })
    await Promise.all(sockets.map((socket) => socket.ofType('event')))

    assert.equal(serialised, 1)
    for (const socket of sockets) socket.close()
  })

  test('WS-18: a server that stops closes its sockets with 1001, cuts those that do not answer, and takes no new ones', async () => {
    const { url, live } = await house({ closeMs: 100 })
    const polite = await listenTo(url, token())
    const deaf = await rawUpgrade(url)

    const closing = live.close()
    const late = await openSocket(url).then(() => 101, (error: { status?: number }) => error.status)
    await closing

    assert.equal(await polite.closed, 1001)
    assert.equal(late, 503)
    if (!deaf.closed) await once(deaf, 'close')
  })
})
