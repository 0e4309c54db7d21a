import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { rename, writeFile } from 'node:fs/promises'
import { request as httpRequest } from 'node:http'
import { after, before, suite, test } from 'node:test'
import type { Answer } from '../../testing/person.ts'
import { listenTo } from '../../testing/socket.ts'
import { startWorld, type World } from '../../testing/world.ts'
import { INSTANCE_IDENTITY } from '../audit/instance.ts'
import { openBodies } from '../audit/testing.ts'

const KILL = '/api/atom/killswitch'
const REVIVE = '/api/atom/revive'

suite('AT·OM', () => {
  let world: World

  before(async () => { world = await startWorld() })
  after(async () => { await world.close() })

  const sealed = (path: string, seal = world.seal, body?: unknown): Promise<Answer> => world.anyone.post(path, body, { 'x-architect-seal': seal })
  const chain = async (action: string): Promise<Array<{ seq: string; body: string; agent: string }>> =>
    (await world.owner.query('select seq, body, agent from audit_events where identity_id = $1 and action = $2 order by seq', [INSTANCE_IDENTITY, action])).rows

  test('the status says how it stands, in the words of the contract', async () => {
    const { status, body } = await world.anyone.get('/api/atom/status')

    assert.equal(status, 200)
    assert.deepEqual({ ...body, since: 0 }, {
      status: 'operational', frequency: 444, agents_active: 350, kill_switch: false, target: 999, dormant_frequency: 432, since: 0, reason: null,
      strength: 'none', by: 'system', dispersed: 0, states: [], agents: { total: 350, active: 350, dormant: 0, dispersed: 0 }, pauses: { agent: 0, automation: 0, identity: 0, sphere: 0 },
    })
  })

  test('SEAL-18: the heartbeat gives frequency, phase, time and epoch, and nothing of the inside', async () => {
    const { status, body } = await world.anyone.get('/api/atom/heartbeat')

    assert.equal(status, 200)
    assert.deepEqual(Object.keys(body as object).toSorted(), ['epoch', 'frequency', 'period_ms', 'phase', 'timestamp'])
    assert.equal(body.frequency, 444)
    assert.equal(body.phase, (Math.floor((Date.parse(body.timestamp) - Date.parse(body.epoch)) / body.period_ms) * 40) % 360)
  })

  test('a resonance is kept and told to its identity', async () => {
    const [ada, eve] = [await world.person(), await world.person()]
    const [hers, other] = [await listenTo(world.url, ada.token, 'atom'), await listenTo(world.url, eve.token, 'atom')]

    const { status, body } = await ada.post('/api/atom/resonance', { frequency: 444, phase: 0 })
    const told = await hers.find(({ name }) => name === 'atom:resonance')
    await eve.post('/api/atom/resonance', { frequency: 999, phase: 359.5 })
    await other.find(({ name }) => name === 'atom:resonance')

    assert.equal(status, 200)
    assert.deepEqual(body, { status: 'resonance_updated', frequency: 444 })
    assert.deepEqual(told.data, { frequency: 444, phase: 0, agent_id: null })
    assert.deepEqual(other.events().filter(({ name }) => name === 'atom:resonance').map(({ data }) => (data as { frequency: number }).frequency), [999])
    const { rows } = await world.owner.query('select frequency, phase, agent_code from atom_resonance where identity_id = $1', [ada.identity.id])
    assert.deepEqual(rows, [{ frequency: 444, phase: 0, agent_code: null }])
    for (const socket of [hers, other]) socket.close()
  })

  test('a resonance of an agent is told to everyone, with its wave and its cluster', async () => {
    const [ada, eve] = [await world.person(), await world.person()]
    const socket = await listenTo(world.url, eve.token, 'atom')

    const { status } = await ada.post('/api/atom/resonance', { frequency: 111, phase: 40, agent_id: 'P001' })
    const cluster = await socket.find(({ name }) => name === 'atom:cluster_update')

    assert.equal(status, 200)
    assert.deepEqual(socket.events().map(({ name }) => name), ['atom:resonance', 'atom:agent_wave', 'atom:cluster_update'])
    assert.deepEqual((await socket.find(({ name }) => name === 'atom:agent_wave')).data, { agent_id: 'P001', agents: 1, status: 'active', frequency: 111, phase: 40 })
    assert.equal((cluster.data as { clusters: Array<{ sphere: string }> }).clusters[0]?.sphere, 'personal')
    assert.doesNotMatch(JSON.stringify(socket.events()), new RegExp(`${ada.user.id}|${ada.identity.id}`))
    socket.close()
  })

  test('a resonance of an agent that its person wanted to see first is told like any other once it is approved', async () => {
    const [ada, eve] = [await world.person(), await world.person()]
    const socket = await listenTo(world.url, eve.token, 'atom')
    const { status, body } = await ada.post('/api/v2/governance/checkpoints', { tool: 'atom.resonate', args: { frequency: 222, phase: 80, agent_id: 'P002' } })
    assert.equal(status, 201)

    const approved = await ada.post(`/api/v2/governance/checkpoints/${body.id}/approve`, {})
    const told = await socket.find(({ name }) => name === 'atom:resonance')

    assert.equal(approved.status, 200)
    assert.deepEqual(told.data, { frequency: 222, phase: 80, agent_id: 'P002' })
    socket.close()
  })

  test('what is no resonance is 400 invalid_frequency; what is no number is 422; nobody signed in is 401; no such agent is 404', async () => {
    const ada = await world.person()
    for (const frequency of [0, -111, 110, 112, 111.5, 1_110, 1_000_000_000, -444, 432]) {
      const { status, body } = await ada.post('/api/atom/resonance', { frequency, phase: 0 })
      assert.deepEqual([status, body.code, body.title], [400, 'invalid_frequency', 'Invalid frequency'], String(frequency))
    }
    for (const body of [{ frequency: '444', phase: 0 }, { phase: 0 }, { frequency: 444, phase: 361 }, { frequency: 444, phase: null }, { frequency: 444, user: 1 }]) assert.equal((await ada.post('/api/atom/resonance', body)).status, 422)

    assert.equal((await world.anyone.post('/api/atom/resonance', { frequency: 444, phase: 0 })).status, 401)
    assert.equal((await ada.post('/api/atom/resonance', { frequency: 444, phase: 0, agent_id: 'P999' })).status, 404)
    const { rows: [count] } = await world.owner.query('select count(*)::int as n from atom_resonance where identity_id = $1', [ada.identity.id])
    assert.equal(count.n, 0)
  })

  test('kill and revive answer as in the contract, with their events, in their order, and the fleet follows', async () => {
    const ada = await world.person()
    const socket = await listenTo(world.url, ada.token, 'atom')

    const killed = await sealed(KILL, world.seal, { reason: 'drill' })
    const dormant = (await world.anyone.get('/api/atom/status')).body
    const heartbeat = (await world.anyone.get('/api/atom/heartbeat')).body
    const revived = await sealed(REVIVE)
    await socket.until(() => socket.events().length === 6)

    assert.deepEqual([killed.status, killed.body], [200, { status: 'dormant', frequency: 432 }])
    assert.deepEqual({ ...dormant, since: 0 }, {
      status: 'dormant', frequency: 432, agents_active: 0, kill_switch: true, target: 999, dormant_frequency: 432, since: 0, reason: 'drill',
      strength: 'kill', by: 'architect', dispersed: 0, states: [{ strength: 'kill', by: 'architect', reason: 'drill', since: dormant.since }],
      agents: { total: 350, active: 0, dormant: 350, dispersed: 0 }, pauses: { agent: 0, automation: 0, identity: 0, sphere: 0 },
    })
    assert.equal(heartbeat.frequency, 432)
    assert.deepEqual([revived.status, revived.body.status, revived.body.frequency], [200, 'operational', 444])
    assert.deepEqual(socket.events().map(({ name }) => name), ['atom:kill', 'atom:agent_wave', 'atom:cluster_update', 'atom:revive', 'atom:agent_wave', 'atom:cluster_update'])
    assert.deepEqual(socket.events().filter(({ name }) => name === 'atom:agent_wave').map(({ data }) => (data as { agents: number }).agents), [350, 350])
    assert.equal((await world.anyone.get('/api/atom/status')).body.agents_active, 350)
    socket.close()
  })

  test('the reason may come in the query, is `manual` by default, and no reason keeps the architect from stopping', async () => {
    const reasons: unknown[] = []
    const look = async (): Promise<void> => {
      reasons.push((await world.anyone.get('/api/atom/status')).body.reason)
      assert.equal((await sealed(REVIVE)).status, 200)
    }
    assert.equal((await sealed(KILL)).status, 200)
    await look()
    assert.equal((await sealed(`${KILL}?reason=fire`)).status, 200)
    await look()
    for (const body of [{ reason: 42 }, { reason: 'x'.repeat(1_000) }, { other: true }, {}]) {
      assert.equal((await sealed(KILL, world.seal, body)).status, 200)
      await look()
    }

    assert.deepEqual(reasons, ['manual', 'fire', 'manual', 'manual', 'manual', 'manual'])
  })

  test('SEAL-01, SEAL-15: a missing, empty, wrong, partly right, longer, doubled, non-ASCII or huge seal is refused with the same bytes', async () => {
    const wrong: Array<[string, Record<string, string | string[]>]> = [
      ['missing', {}], ['empty', { 'x-architect-seal': '' }], ['wrong', { 'x-architect-seal': randomBytes(32).toString('base64url') }],
      ['prefix', { 'x-architect-seal': world.seal.slice(0, -1) }], ['longer', { 'x-architect-seal': `${world.seal}x` }], ['inner blank', { 'x-architect-seal': `${world.seal} ${world.seal}` }],
      ['padded with no-break space', { 'x-architect-seal': `\u00a0${world.seal}` }], ['case', { 'x-architect-seal': world.seal.toLowerCase() === world.seal ? world.seal.toUpperCase() : world.seal.toLowerCase() }],
      ['twice', { 'x-architect-seal': [world.seal, world.seal] }], ['right and wrong', { 'x-architect-seal': [world.seal, 'x'] }], ['joined', { 'x-architect-seal': `${world.seal}, ${world.seal}` }],
      ['non-ASCII', { 'x-architect-seal': 'sc\u00e9au' }], ['8 KiB', { 'x-architect-seal': 'x'.repeat(8_192) }], ['other header', { authorization: `Bearer ${world.seal}` }], ['cookie', { cookie: `x-architect-seal=${world.seal}` }],
    ]

    const bodies = new Set<string>()
    for (const path of [KILL, REVIVE]) {
      for (const [what, headers] of wrong) {
        const { status, body } = await rawPost(`${world.url}${path}`, { ...headers, 'x-request-id': 'same-for-all' })
        assert.equal(status, 403, what)
        bodies.add(body)
      }
    }

    assert.equal(bodies.size, 1)
    assert.equal((await rawPost(`${world.url}${KILL}`, { 'x-architect-seal': 'x'.repeat(20_000) })).status, 431)
    assert.equal((await world.anyone.get('/api/atom/status')).body.status, 'operational')
  })

  test('SEAL-16: revive needs the seal alone, no session, and its link is in the chain before the answer', async () => {
    await sealed(KILL)
    const before = (await chain('atom.revive')).length

    const { status } = await sealed(REVIVE)

    assert.equal(status, 200)
    assert.equal((await chain('atom.revive')).length, before + 1)
  })

  test('SEAL-14: only POST, and only the header: a seal in the query or the body is ignored', async () => {
    const inQuery = await world.anyone.post(`${KILL}?seal=${world.seal}&X-Architect-Seal=${world.seal}`)
    const inBody = await world.anyone.post(KILL, { seal: world.seal, 'X-Architect-Seal': world.seal })

    assert.deepEqual([inQuery.status, inBody.status], [403, 403])
    for (const path of [KILL, REVIVE]) {
      for (const method of ['GET', 'PUT', 'DELETE', 'PATCH']) {
        const response = await fetch(`${world.url}${path}`, { method, headers: { 'x-architect-seal': world.seal } })
        assert.equal(response.status, 405, method)
        assert.match(response.headers.get('allow') ?? '', /POST/)
      }
    }
    assert.equal((await world.anyone.get('/api/atom/status')).body.status, 'operational')
  })

  test('SEAL-11: killing twice and reviving twice is 200 each, one event and one link each', async () => {
    const count = async (name: string): Promise<number> => (await world.owner.query('select count(*)::int as n from events where name = $1', [name])).rows[0].n as number
    const before = { kills: await count('atom:kill'), revives: await count('atom:revive'), links: (await chain('atom.kill')).length + (await chain('atom.revive')).length }

    const answers = [await sealed(KILL), await sealed(KILL), await sealed(REVIVE), await sealed(REVIVE)]

    assert.deepEqual(answers.map(({ status }) => status), [200, 200, 200, 200])
    assert.deepEqual({ kills: await count('atom:kill'), revives: await count('atom:revive'), links: (await chain('atom.kill')).length + (await chain('atom.revive')).length },
      { kills: before.kills + 1, revives: before.revives + 1, links: before.links + 2 })
  })

  test('AUD-12: kill and revive are in the instance’s own chain, which holds, with a role instead of a person', async () => {
    await sealed(KILL, world.seal, { reason: 'audit me' })
    await sealed(REVIVE)

    const [link] = (await chain('atom.kill')).slice(-1)
    const [event] = await openBodies(world.platform.store, INSTANCE_IDENTITY, [link?.body ?? '{}'])
    assert.deepEqual([event?.actor, event?.user_id, event?.details.reason, event?.details.agents], [{ kind: 'system', id: 'architect' }, INSTANCE_IDENTITY, 'audit me', 350])
    const { rows: [broken] } = await world.owner.query(
      `select count(*)::int as n from audit_events e where identity_id = $1 and hash <> encode(sha256(convert_to('{"event":' || body || ',"prev_hash":"' || prev_hash || '","seq":' || seq || '}', 'UTF8')), 'hex')`, [INSTANCE_IDENTITY])
    assert.equal(broken.n, 0)
  })

  test('SEAL-04: the seal is in no log line, audit event, event or answer', async () => {
    await sealed(KILL)
    await sealed(REVIVE)
    await sealed(KILL, `${world.seal}x`)

    const stored = await world.owner.query('select string_agg(body, \' \') as text from audit_events union all select string_agg(data::text, \' \') from events')
    const seen = [...world.logLines, ...stored.rows.map(({ text }) => String(text))].join('\n')
    assert.ok(!seen.includes(world.seal))
  })

  test('SEAL-17: a new seal in its file counts at once, and the old one no longer', async () => {
    const path = world.platform.secrets.seal.path ?? ''
    const fresh = randomBytes(32).toString('base64url')
    await writeFile(`${path}.new`, `${fresh}\n`, { mode: 0o600 })
    await rename(`${path}.new`, path)

    const [old, now] = [await sealed(KILL), await sealed(KILL, fresh)]
    assert.equal((await sealed(REVIVE, fresh)).status, 200)

    assert.deepEqual([old.status, now.status], [403, 200])
  })
})

suite('guessing the seal', () => {
  let world: World

  before(async () => { world = await startWorld({ settings: { RATE_LIMIT: 'on' } }) })
  after(async () => { await world.close() })

  test('SEAL-05, AUD-14: who guesses gets 403, then 429; the right seal works at once; the chain tells of it without a flood', async () => {
    const GUESSES = 400
    const guess = (): Promise<Answer> => world.anyone.post(KILL, undefined, { 'x-architect-seal': randomBytes(32).toString('base64url') })

    const statuses = (await Promise.all(Array.from({ length: GUESSES }, guess))).map(({ status }) => status)
    const right = await world.anyone.post(KILL, undefined, { 'x-architect-seal': world.seal })
    const revived = await world.anyone.post(REVIVE, undefined, { 'x-architect-seal': world.seal })
    world.clock.advance(61_000)
    const later = await guess()

    assert.deepEqual([...new Set(statuses)].toSorted(), [403, 429])
    assert.deepEqual([right.status, revived.status, later.status], [200, 200, 403])
    const { rows } = await world.owner.query<{ body: string }>('select body from audit_events where identity_id = $1 and action = $2 order by seq', [INSTANCE_IDENTITY, 'atom.seal_refused'])
    const refused = await openBodies(world.platform.store, INSTANCE_IDENTITY, rows.map(({ body }) => body))
    assert.equal(refused.reduce((sum, { details }) => sum + Number(details.count), 0), GUESSES + 1)
    assert.ok(rows.length <= 3, `${rows.length} links`)
  })
})

/** A POST whose headers go out as they are, several of one name too. */
function rawPost(url: string, headers: Record<string, string | string[]>): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(url, { method: 'POST', headers, agent: false }, (response) => {
      let body = ''
      response.on('data', (chunk: Buffer) => { body += chunk.toString() })
      response.on('end', () => { resolve({ status: response.statusCode ?? 0, body }) })
    })
    request.on('error', reject)
    request.end()
  })
}
