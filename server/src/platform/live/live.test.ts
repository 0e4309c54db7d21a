import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, suite, test } from 'node:test'
import type { Person } from '../../testing/person.ts'
import { mask, rawClose } from '../../testing/raw-socket.ts'
import { listenTo, openSocket, type Frame, type TestSocket } from '../../testing/socket.ts'
import { startWorld, type World } from '../../testing/world.ts'
import { LIVE_LIMITS } from './limits.ts'

const statusOf = (attempt: Promise<unknown>): Promise<number | undefined> => attempt.then(() => 101, (error: { status?: number }) => error.status)

suite('live sockets', () => {
  let world: World
  const open: TestSocket[] = []
  const listen = async (...given: Parameters<typeof listenTo>): Promise<TestSocket> => {
    const socket = await listenTo(...given)
    open.push(socket)
    return socket
  }

  before(async () => { world = await startWorld() })
  after(async () => {
    for (const socket of open) socket.close()
    await world.close()
  })

  const noteIn = async (person: Person, title: string, sphere = 'personal'): Promise<string> => {
    const { status, body } = await person.post('/api/v2/notes', { title, sphere_id: sphere })
    assert.equal(status, 201)
    return body.id as string
  }

  /** A token of the person under a second identity of theirs. */
  const asFirm = async (person: Person): Promise<string> => {
    const { body: firm } = await person.post('/api/v2/identities', { type: 'enterprise', name: 'Analytical Engines' })
    const { status, body } = await person.post('/api/v2/auth/switch-identity', { identity_id: firm.id })
    assert.equal(status, 200)
    return body.access_token as string
  }

  test('the first message authenticates; then events come with number, name, channel, data and time, and nothing else of their row', async () => {
    const ada = await world.person()
    const socket = await openSocket(world.url)
    socket.send({ type: 'auth', token: ada.token })
    const welcome = await socket.ofType('auth_success')
    socket.send({ type: 'subscribe', channel: 'sphere:personal' })
    await socket.ofType('subscribed')

    const id = await noteIn(ada, 'Courses')
    const event = await socket.find(({ name }) => name === 'note.created')
    socket.close()

    assert.deepEqual({ user: welcome.user_id, identity: welcome.identity_id, beat: welcome.heartbeat_ms }, { user: ada.user.id, identity: ada.identity.id, beat: 30_000 })
    assert.match(String(welcome.expires_at), /^\d{4}-.*Z$/)
    assert.deepEqual(Object.keys(event).toSorted(), ['at', 'channel', 'data', 'id', 'name', 'seq', 'type'])
    assert.equal(event.channel, 'sphere:personal')
    assert.deepEqual(event.data, { note_id: id, sphere_id: 1 })
  })

  test('WS-20: an event says ids only, never the text of what it is about', async () => {
    const ada = await world.person()
    const socket = await listen(world.url, ada.token, 'sphere:personal')

    await noteIn(ada, 'planted-title-7711')
    const event = await socket.find(({ name }) => name === 'note.created')

    assert.doesNotMatch(JSON.stringify(event), /planted|7711/)
  })

  test('an event goes to a socket once, however many of its channels it hears', async () => {
    const ada = await world.person()
    const socket = await listen(world.url, ada.token, 'sphere:personal', 'nova', 'atom')

    await noteIn(ada, 'Une')
    await noteIn(ada, 'Deux')
    const last = await socket.find(({ name, seq }) => name === 'note.created' && Number(seq) > Number(socket.events().find((frame) => frame.name === 'note.created')?.seq))

    const seqs = socket.events().map(({ seq }) => Number(seq))
    assert.deepEqual(seqs, [...new Set(seqs)].toSorted((a, b) => a - b))
    assert.equal(last.channel, 'sphere:personal')
  })

  test('what leaves the subscriptions is heard on the user’s own channel only', async () => {
    const ada = await world.person()
    const socket = await listen(world.url, ada.token, 'sphere:personal')
    socket.send({ type: 'unsubscribe', channel: 'sphere:personal' })
    await socket.ofType('unsubscribed')

    await noteIn(ada, 'Seule')
    const event = await socket.find(({ name }) => name === 'note.created')

    assert.equal(event.channel, `user:${ada.user.id}`)
  })

  test('WS-15: nobody hears another’s events: foreign threads, foreign users and wildcards are refused, audited and put on record', async () => {
    const [ada, eve] = [await world.person(), await world.person()]
    const thread = (await ada.post('/api/v2/threads', { title: 'Secret' })).body as { id: string }
    const spy = await listen(world.url, eve.token, 'sphere:personal', 'nova', 'atom')
    const wanted = [`thread:${thread.id}`, `user:${ada.user.id}`, 'thread:*', 'sphere:*']
    for (const channel of [...wanted, `thread:${randomUUID()}`, 'sphere:none', 'thread:x', 'rooms', '']) spy.send({ type: 'subscribe', channel })
    spy.send({ type: 'ping' })
    await spy.ofType('pong')
    const before = spy.events().length

    await ada.post(`/api/v2/threads/${thread.id}/messages`, { text: 'bonjour' })
    await noteIn(ada, 'Privée')
    const mine = await noteIn(eve, 'La mienne')
    await spy.find(({ name }) => name === 'note.created')

    const codes = spy.frames.filter(({ type }) => type === 'error').map(({ code }) => code)
    assert.deepEqual(codes, [...wanted.map(() => 'identity_boundary'), 'not_found', 'unknown_channel', 'unknown_channel', 'unknown_channel', 'bad_frame'])
    assert.deepEqual(spy.events().slice(before).filter(({ name }) => name !== 'identity.violation').map(({ data }) => (data as Record<string, unknown>).note_id), [mine])
    const audit = (await eve.get('/api/v2/governance/audit?action=identity.violation')).body.items as Array<{ resource: { id: string } }>
    assert.deepEqual(audit.map(({ resource }) => resource.id).toSorted(), [thread.id, ada.user.id, 'thread:*', 'sphere:*'].toSorted())
    const records = (await eve.get('/api/v2/governance/checkpoints?type=identity_boundary')).body.items as unknown[]
    assert.equal(records.length, wanted.length)
  })

  test('another identity of the same person hears nothing of this one', async () => {
    const ada = await world.person()
    const other = (await world.anyone.post('/api/v2/auth/login', { email: ada.user.email, password: ada.password })).body.access_token as string
    const token = await asFirm(ada)
    const [personal, business] = [await listen(world.url, other, 'sphere:personal'), await listen(world.url, token, 'sphere:personal')]

    await noteIn(ada, 'Personnelle')
    await personal.find(({ name }) => name === 'note.created')
    business.send({ type: 'ping' })
    await business.ofType('pong')

    assert.deepEqual(business.events().filter(({ name }) => name === 'note.created'), [])
  })

  test('WS-01: a handshake of a foreign origin is 403', async () => {
    assert.equal(await statusOf(openSocket(world.url, { origin: 'https://evil.example.org' })), 403)
    assert.equal(await statusOf(openSocket(world.url, { headers: { cookie: 'session=1' } })), 403)
    assert.equal(await statusOf(openSocket(world.url, { origin: world.url })), 101)
  })

  test('WS-03: a token in the address is 401 and never logged; sockets elsewhere are 404', async () => {
    const ada = await world.person()

    assert.equal(await statusOf(openSocket(world.url, { path: `/ws?token=${ada.token}` })), 401)
    assert.equal(await statusOf(openSocket(world.url, { path: '/api/v2/notes' })), 404)

    assert.ok(!world.logLines.join('').includes(ada.token))
  })

  test('WS-02: a bad token, and anything but authentication before it, opens nothing', async () => {
    const silent = await openSocket(world.url)
    silent.send({ type: 'subscribe', channel: 'atom' })
    const refusal = await silent.ofType('error')
    silent.send({ type: 'auth', token: `${(await world.person()).token}x` })
    const failed = await silent.ofType('auth_failed')

    assert.equal(refusal.code, 'invalid_token')
    assert.equal(failed.code, 'invalid_token')
    assert.equal(await silent.closed, 4401)
  })

  test('WS-05: a socket closes when its session is revoked on another node, and when its identity is switched', async () => {
    const other = await world.another()
    const [ada, bob] = [await world.person(), await world.person()]
    const [first, second] = [await listen(world.url, ada.token), await listen(world.url, bob.token)]

    const { status } = await fetch(`${other.url}/api/v2/auth/logout`, { method: 'POST', headers: { authorization: `Bearer ${ada.token}` } })
    await asFirm(bob)

    assert.ok(status < 300)
    assert.deepEqual(await Promise.all([first.closed, second.closed]), [4401, 4401])
    const again = await openSocket(world.url)
    again.send({ type: 'auth', token: ada.token })
    assert.equal(await again.closed, 4401)
    await other.close()
  })

  test('the sixth connection of a user is refused with 4429, and a closed one makes room', async () => {
    const ada = await world.person()
    const five = await Promise.all(Array.from({ length: LIVE_LIMITS.connectionsPerUser }, () => listen(world.url, ada.token)))
    const sixth = await openSocket(world.url)
    sixth.send({ type: 'auth', token: ada.token })

    assert.equal((await sixth.ofType('error')).code, 'too_many_connections')
    assert.equal(await sixth.closed, 4429)
    five[0]?.close()
    await five[0]?.closed
    await listen(world.url, ada.token)
  })

  test('WS-07: a message over 64 KiB closes with 1009', async () => {
    const socket = await listen(world.url, (await world.person()).token)

    socket.send(JSON.stringify({ type: 'ping', fill: 'x'.repeat(LIVE_LIMITS.frameBytes) }))

    assert.equal(await socket.closed, 1009)
  })

  test('WS-08: invalid UTF-8 is 1007; an unmasked frame, a reserved bit and an unknown opcode are 1002', async () => {
    const text = Buffer.from('{"type":"ping"}')
    const frames: Array<[Buffer, number]> = [
      [Buffer.concat([Buffer.from([0x81, 0x82]), mask(Buffer.from([0xc3, 0x28]))]), 1007],
      [Buffer.concat([Buffer.from([0x81, text.length]), text]), 1002],
      [Buffer.concat([Buffer.from([0xc1, 0x80 | text.length]), mask(text)]), 1002],
      [Buffer.concat([Buffer.from([0x83, 0x80 | text.length]), mask(text)]), 1002],
    ]

    const codes = await Promise.all(frames.map(([bytes]) => rawClose(world.url, bytes)))

    assert.deepEqual(codes, frames.map(([, code]) => code))
  })

  test('WS-09: what is no message of ours is answered with an error; ten in a row close with 1008', async () => {
    const socket = await listen(world.url, (await world.person()).token)
    const bad = ['not json', '{"type":"shout"}', '[]', 'null', '{"type":"auth"}', '{"type":"subscribe"}', '{"type":"subscribe","channel":"atom","since":-1}', '{"type":"ping","type":"auth"}', `${'['.repeat(5_000)}${']'.repeat(5_000)}`]
    for (const frame of bad) socket.send(frame)
    socket.send({ type: 'ping' })
    await socket.ofType('pong')
    assert.deepEqual(socket.frames.filter(({ type }) => type === 'error').map(({ code }) => code), bad.map(() => 'bad_frame'))

    for (let n = 0; n < LIVE_LIMITS.badFramesInARow; n += 1) socket.send('nonsense')

    assert.equal(await socket.closed, 1008)
  })

  test('a binary message is an error', async () => {
    const socket = await listen(world.url, (await world.person()).token)

    socket.socket.send(Buffer.from('{"type":"ping"}'), { binary: true })

    assert.equal((await socket.ofType('error')).code, 'bad_frame')
  })

  test('WS-10: more than 50 messages within a second close with 1008, pings of the protocol included', async () => {
    const ada = await world.person()
    const [talker, pinger] = [await listen(world.url, ada.token), await listen(world.url, ada.token)]

    for (let n = 0; n <= LIVE_LIMITS.messagesPerSecond; n += 1) {
      talker.send({ type: 'ping' })
      pinger.socket.ping()
    }

    assert.deepEqual(await Promise.all([talker.closed, pinger.closed]), [1008, 1008])
  })

  test('WS-17: compression is not negotiated, so nothing small unfolds into something large', async () => {
    const socket = await openSocket(world.url, { perMessageDeflate: true })
    const { extensions, protocol } = socket.socket
    socket.close()

    assert.equal(extensions, '')
    assert.equal(protocol, '')
  })

  test('statistics are counts only', async () => {
    const ada = await world.person()
    await listen(world.url, ada.token, 'atom')

    const { status, body } = await world.anyone.get('/ws/stats')

    assert.equal(status, 200)
    assert.ok(Object.values(body as Record<string, unknown>).every((value) => typeof value === 'number'))
    assert.ok((body as { connections: number }).connections > 0)
  })

  test('an error is told in the language of the handshake', async () => {
    const socket = await openSocket(world.url, { headers: { 'accept-language': 'fr-CA' } })
    socket.send('bonjour')
    const frame: Frame = await socket.ofType('error')
    socket.close()

    assert.match(String(frame.detail), /JSON valide/)
  })
})
