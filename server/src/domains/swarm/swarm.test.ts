import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { WebSocket } from 'ws'
import { openSocket, type Frame } from '../../testing/socket.ts'
import { startWorld, type World } from '../../testing/world.ts'
import { fleet } from '../agents/fleet.ts'
import { readBinaryFrame } from './stream/swarm-frame.ts'
import { touchSceau } from './testing.ts'

type Agent = { id: string; sphere: string; x: number; y: number; z: number; frequency: number; status: string }
const agentsOf = (frame: Frame): Agent[] => frame.agents as Agent[]

suite('the swarm', () => {
  let world: World
  let session: string

  before(async () => {
    world = await startWorld()
    session = await touchSceau(world)
  })
  after(() => world.close())

  const sealed = (path: string) => world.anyone.post(path, { reason: 'test' }, { 'x-architect-seal': world.seal })
  const header = () => ({ 'x-sceau-session': session })
  const view = (path = '/ws/swarm') => openSocket(world.url, { path, headers: header() })

  test('activate says what there is; the status counts by sphere', async () => {
    const before = await world.anyone.get('/api/v1/swarm/status', header())
    const { status, body } = await world.anyone.post('/api/v1/swarm/activate', undefined, header())
    const after_ = await world.anyone.get('/api/v2/swarm/status', header())

    assert.equal(status, 200)
    assert.equal(body.agent_count, 350)
    assert.equal(body.spheres.length, 15)
    assert.match(body.ws_url, /^ws:\/\/127\.0\.0\.1:\d+\/ws\/swarm$/)
    assert.deepEqual([before.body.active, after_.body.active], [false, true])
    assert.deepEqual({ ...after_.body, spheres: 0 }, { active: true, agent_count: 350, frequency: 444, target: 999, harmony: 1, spheres: 0 })
    assert.deepEqual(after_.body.spheres.personal, { count: 28, active: 28 })
    assert.equal(Object.values(after_.body.spheres as Record<string, { count: number }>).reduce((sum, { count }) => sum + count, 0), 350)
  })

  test('the frequency is for anyone and comes with what animates it', async () => {
    const { status, body } = await world.anyone.get('/api/v1/frequency')

    assert.equal(status, 200)
    assert.deepEqual([body.frequency, body.target, body.dormant_frequency, body.harmony], [444, 999, 432, 1])
    assert.equal(body.phase % 40, 0)
  })

  test('a view begins with the whole fleet, each agent where its code puts it', async () => {
    const socket = await view()
    const connected = await socket.ofType('connected')

    assert.equal(agentsOf(connected).length, 350)
    const places = new Map(fleet().map((member) => [member.agent_code, member]))
    for (const { id, x, y, z, frequency } of agentsOf(connected)) {
      const member = places.get(id)
      assert.deepEqual({ x, y, z, frequency }, { x: member?.x, y: member?.y, z: member?.z, frequency: member?.frequency }, id)
    }
    socket.close()
  })

  test('a stop and a revival arrive as deltas and as events, and the status follows', async () => {
    const socket = await view()
    await socket.ofType('connected')

    await sealed('/api/atom/killswitch')
    const stopped = await socket.ofType('swarm_update')
    const kill = await socket.find(({ name }) => name === 'atom:kill')
    const status = await world.anyone.get('/api/v1/swarm/status', header())
    await sealed('/api/atom/revive')
    const revived = await socket.find((frame) => frame.type === 'swarm_update' && frame.frequency === 444)
    await socket.find(({ name }) => name === 'atom:revive')
    await socket.find(({ name }) => name === 'atom:cluster_update')

    assert.deepEqual([stopped.frequency, agentsOf(stopped).length, agentsOf(stopped)[0]?.status], [432, 350, 'dormant'])
    assert.equal(kill.channel, 'atom')
    assert.deepEqual([status.body.agent_count, status.body.harmony, status.body.frequency], [0, 0, 432])
    assert.deepEqual(new Set(agentsOf(revived).map((agent) => agent.status)), new Set(['active']))
    socket.close()
  })

  test('a wave that an agent is given is one agent in the next frame', async () => {
    const ada = await world.person()
    const socket = await view('/ws/swarm?fps=60')
    const [first] = agentsOf(await socket.ofType('connected'))

    await ada.post('/api/atom/resonance', { frequency: 777, agent_id: first?.id })
    const update = await socket.ofType('swarm_update')
    await socket.find(({ name }) => name === 'atom:agent_wave')

    assert.deepEqual(agentsOf(update).map(({ id, frequency }) => ({ id, frequency })), [{ id: first?.id, frequency: 777 }])
    socket.close()
  })

  test('who is paused for everyone is shown so and counts as one that may not act; its wave stays', async () => {
    const operator = { 'x-architect-seal': world.seal }
    const socket = await view()
    const { id, sphere, frequency } = agentsOf(await socket.ofType('connected'))[7] as Agent

    const { body: pause } = await world.anyone.post('/api/atom/pauses', { scope: 'agent', id, reason: 'look' }, operator)
    const paused = await socket.ofType('swarm_update')
    const status = await world.anyone.get('/api/v1/swarm/status', header())
    await world.anyone.del(`/api/atom/pauses/${pause.id}`, operator)
    const back = await socket.find((frame) => frame.type === 'swarm_update' && agentsOf(frame)[0]?.status === 'active')
    const { body: whole } = await world.anyone.post('/api/atom/pauses', { scope: 'sphere', id: sphere, reason: 'look' }, operator)
    const none = await world.anyone.get('/api/v1/swarm/status', header())
    await world.anyone.del(`/api/atom/pauses/${whole.id}`, operator)

    assert.deepEqual(agentsOf(paused).map((agent) => [agent.id, agent.status, agent.frequency]), [[id, 'paused', frequency]])
    assert.deepEqual([status.body.agent_count, agentsOf(back).map((agent) => [agent.id, agent.frequency])], [349, [[id, frequency]]])
    assert.equal(none.body.spheres[sphere].active, 0)
    socket.close()
  })

  test('a person’s own resonance is not shown to strangers', async () => {
    const ada = await world.person()
    const socket = await view()
    const [first] = agentsOf(await socket.ofType('connected'))

    await ada.post('/api/atom/resonance', { frequency: 111 })
    await ada.post('/api/atom/resonance', { frequency: 222, agent_id: first?.id })
    await socket.find(({ name }) => name === 'atom:agent_wave')

    assert.deepEqual(socket.events().filter(({ name }) => name === 'atom:resonance').map(({ data }) => (data as { frequency: number }).frequency), [222])
    assert.ok(!JSON.stringify(socket.frames).includes(ada.identity.id))
    socket.close()
  })

  test('in bytes the same fleet takes 19 bytes an agent', async () => {
    const frames: Buffer[] = []
    const socket = new WebSocket(`${world.url.replace('http', 'ws')}/ws/swarm?format=binary`, { headers: header() })
    const first = new Promise<void>((resolve) => { socket.on('message', (data, isBinary) => { if (isBinary) { frames.push(data as Buffer); resolve() } }) })
    await first
    const { kind, frequency, members } = readBinaryFrame(frames[0] ?? assert.fail())

    assert.equal(frames[0]?.length, 20 + 350 * 19)
    assert.deepEqual([kind, frequency, members.length], ['connected', 444, 350])
    const expected = fleet()
    const byIndex = agentsOf(await (await view()).ofType('connected'))
    for (const { index, x, y, z, status } of members) {
      const place = expected.find(({ agent_code }) => agent_code === byIndex[index]?.id)
      assert.equal(status, 'active')
      for (const [got, wanted] of [[x, place?.x], [y, place?.y], [z, place?.z]] as const) assert.ok(Math.abs(got - (wanted ?? NaN)) < 1e-6)
    }
    socket.close()
  })

  test('the first message may bring the Sceau instead; without one nothing is shown, and a wrong one closes', async () => {
    const socket = await openSocket(world.url, { path: '/ws/swarm' })
    socket.send({ type: 'ping' })
    assert.equal(await socket.closed, 4401)
    assert.deepEqual(socket.frames.map(({ type, code }) => [type, code]), [['error', 'sceau_required']])

    const good = await openSocket(world.url, { path: '/ws/swarm' })
    good.send({ type: 'sceau', session })
    assert.equal(agentsOf(await good.ofType('connected')).length, 350)
    good.send({ type: 'settings', fps: 30 })
    good.send('{"type":"settings","fps":61}')
    assert.equal((await good.ofType('error')).code, 'bad_frame')
    good.close()

    const wrong = await openSocket(world.url, { path: '/ws/swarm' })
    wrong.send({ type: 'sceau', session: 'A'.repeat(43) })
    assert.equal(await wrong.closed, 4401)
  })

  test('WS-03: a session in the address, or a wrong one in the header, is refused at the handshake', async () => {
    await assert.rejects(openSocket(world.url, { path: `/ws/swarm?session=${session}` }), { status: 401 })
    await assert.rejects(openSocket(world.url, { path: '/ws/swarm', headers: { 'x-sceau-session': 'A'.repeat(43) } }), { status: 401 })
    await assert.rejects(openSocket(world.url, { path: '/ws/other' }), { status: 404 })
    await assert.rejects(openSocket(world.url, { path: '/ws/swarm', headers: { ...header(), origin: 'https://evil.example' } }), { status: 403 })
    assert.ok(!world.logLines.join('').includes(session))
  })

  test('the frequency stream tells frequency, target and harmony, to anyone, and takes no messages', async () => {
    const socket = await openSocket(world.url, { path: '/ws/frequency' })
    const [first] = [await socket.ofType('frequency')]
    await socket.until(() => socket.frames.length >= 3)
    socket.send({ type: 'ping' })

    assert.deepEqual([first.frequency, first.target, first.harmony], [444, 999, 1])
    assert.equal(await socket.closed, 1008)
  })
})
