import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, afterEach, before, suite, test } from 'node:test'
import { NO_PROOF, type Caller } from '../../platform/ctx.ts'
import { startFakeAnthropic, type FakeAnthropic } from '../../testing/fake-anthropic.ts'
import type { Answer, Person } from '../../testing/person.ts'
import { listenTo } from '../../testing/socket.ts'
import { startWorld, type World } from '../../testing/world.ts'
import { INSTANCE_IDENTITY } from '../audit/instance.ts'
import { openBodies } from '../audit/testing.ts'
import { perform } from '../governance/perform.ts'
import { touchSceau } from '../swarm/testing.ts'

suite('The fence in its strengths', () => {
  let fake: FakeAnthropic
  let world: World
  let operator: Record<string, string>
  let sceau: Record<string, string>
  before(async () => {
    fake = await startFakeAnthropic()
    world = await startWorld({ settings: { ...fake.settings, SCEAU_MINUTES: '1440' } })
    operator = { 'x-operator-key': (await readFile(join(world.platform.settings.DATA_DIR, 'operator-key'), 'utf8')).trim() }
    sceau = { 'x-sceau-session': await touchSceau(world) }
  })
  after(async () => {
    await world.close()
    await fake.close()
  })
  afterEach(async () => {
    assert.equal((await revive()).status, 200)
    fake.reset()
    world.clock.advance(61 * 60_000)
  })

  const revive = (body: unknown = {}): Promise<Answer> => world.anyone.post('/api/atom/revive', body, { 'x-architect-seal': world.seal })
  const kill = (): Promise<Answer> => world.anyone.post('/api/atom/killswitch', { reason: 'drill' }, { 'x-architect-seal': world.seal })
  const hold = (): Promise<Answer> => world.anyone.post('/api/atom/hold', { reason: 'maintenance' }, operator)
  const status = async (): Promise<Answer['body']> => (await world.anyone.get('/api/atom/status')).body
  const create = (person: Person, title: string): Promise<Answer> => person.post('/api/v2/nova/query', { message: '', action: { tool: 'notes.create', args: { title } } })
  const code = async (headers = operator): Promise<string> => (await world.anyone.post('/api/v1/protocol-999/code', {}, { ...headers, ...sceau })).body.code
  const disperse = async (body: Record<string, unknown>, { version = 'v1', with: given }: { version?: string; with?: string } = {}): Promise<Answer> => {
    const response = await fetch(`${world.url}/api/${version}/protocol-999`, {
      method: 'DELETE', headers: { ...operator, ...sceau, 'x-confirmation-code': given ?? await code(), 'content-type': 'application/json' }, body: JSON.stringify(body),
    })
    return { status: response.status, body: await response.json(), headers: response.headers }
  }
  const chain = async (action: string) => {
    const { rows } = await world.owner.query<{ body: string }>('select body from audit_events where identity_id = $1 and action = $2 order by seq', [INSTANCE_IDENTITY, action])
    return openBodies<{ actor: { id: string } }>(world.platform.store, INSTANCE_IDENTITY, rows.map(({ body }) => body))
  }
  /** A session of the next hour: what tests do to the clock ends the tokens of those before. */
  const person = (): Promise<Person> => world.person()

  test('hold: no run of Nova begins, people work on, and resume lets runs begin again', async () => {
    const ada = await person()
    const held = await hold()
    const refused = await create(ada, 'Par Nova')
    const own = await ada.post('/api/v2/notes', { title: 'De ma main' })
    const talked = await ada.post('/api/v2/nova/query', { message: 'Crée une note' })
    const shown = await status()
    const resumed = await world.anyone.post('/api/atom/resume', {}, operator)

    assert.deepEqual([held.status, held.body.status], [200, 'held'])
    assert.deepEqual([refused.status, refused.body.code, refused.body.who, refused.body.reason, refused.body.since], [503, 'held', 'operator', 'maintenance', held.body.since])
    assert.ok(Number(refused.headers.get('retry-after')) > 0)
    assert.deepEqual([own.status, talked.status, talked.body.code, fake.requests.length], [201, 503, 'held', 0])
    assert.deepEqual([shown.status, shown.strength, shown.by, shown.reason, shown.since], ['operational', 'hold', 'operator', 'maintenance', held.body.since])
    assert.equal(resumed.status, 200)
    assert.equal((await create(ada, 'Par Nova')).status, 200)
    assert.equal((await status()).strength, 'none')
  })

  test('hold: a run that is under way takes its remaining steps, and what waited before can be approved', async () => {
    const ada = await person()
    const note = (await ada.post('/api/v2/notes', { title: 'Courses' })).body.id as string
    const waiting = (await ada.post('/api/v2/nova/query', { message: '', action: { tool: 'notes.delete', args: { note_id: note } } })).body.checkpoint.id as string
    fake.script(async () => {
      await hold()
      return { call: [{ tool: 'notes.create', args: { title: 'Commencée avant' } }] }
    }, { say: 'Fait.' })

    const run = await ada.post('/api/v2/nova/query', { message: 'Crée une note' })
    const approved = await ada.post(`/api/v2/governance/checkpoints/${waiting}/approve`, {})

    assert.deepEqual([run.status, run.body.status], [200, 'completed'])
    assert.deepEqual((await ada.get('/api/v2/notes')).body.items.map(({ title }: { title: string }) => title), ['Commencée avant'])
    assert.equal(approved.status, 200)
    assert.equal((await create(ada, 'Après')).body.code, 'held')
  })

  test('hold twice and resume twice is 200 each, one link each; the seal holds that right too; a stop outlives resume', async () => {
    const before = [(await chain('atom.hold')).length, (await chain('atom.resume')).length] as const
    const sealed = { 'x-architect-seal': world.seal }
    const answers = [
      await hold(), await hold(), await world.anyone.post('/api/atom/resume', {}, sealed), await world.anyone.post('/api/atom/resume', {}, sealed),
    ]
    await kill()
    await hold()
    await world.anyone.post('/api/atom/resume', {}, operator)

    assert.deepEqual(answers.map(({ status: one }) => one), [200, 200, 200, 200])
    assert.deepEqual([(await chain('atom.hold')).length - before[0], (await chain('atom.resume')).length - before[1]], [2, 2])
    assert.deepEqual((await chain('atom.resume')).slice(-2).map(({ actor }) => actor.id), ['architect', 'operator'])
    assert.deepEqual([(await status()).status, (await status()).strength], ['dormant', 'kill'])
  })

  test('the operator’s key is refused like the seal: same bytes for none, wrong, doubled, and in no other place', async () => {
    const wrong: Array<Record<string, string>> = [{}, { 'x-operator-key': '' }, { 'x-operator-key': randomBytes(32).toString('base64url') }, { 'x-operator-key': `${operator['x-operator-key']}x` }, { 'x-operator-key': `${operator['x-operator-key']}, ${operator['x-operator-key']}` }, { 'x-architect-seal': 'x' }, { authorization: `Bearer ${operator['x-operator-key']}` }]
    const bodies = new Set<string>()
    for (const path of ['/api/atom/hold', '/api/atom/resume', '/api/v1/protocol-999/code']) {
      for (const headers of wrong) {
        const answer = await world.anyone.post(path, {}, { ...headers, ...sceau, 'x-request-id': 'same-for-all' })
        assert.equal(answer.status, 403)
        bodies.add(JSON.stringify(answer.body))
      }
    }
    const [kills, revives] = [await world.anyone.post('/api/atom/killswitch', {}, operator), await world.anyone.post('/api/atom/revive', {}, operator)]

    assert.equal(bodies.size, 1)
    assert.match([...bodies][0] ?? '', /invalid_operator_key/)
    assert.deepEqual([kills.status, revives.status], [403, 403], 'the operator holds, the seal stops')
    assert.equal((await status()).strength, 'none')
    assert.ok((await chain('atom.operator_refused')).length > 0)
    const stored = await world.owner.query(`select string_agg(body, ' ') as text from audit_events union all select string_agg(data::text, ' ') from events`)
    assert.ok(![...world.logLines, ...stored.rows.map(({ text }) => String(text))].join('\n').includes(operator['x-operator-key'] ?? ''))
  })

  test('protocol-999: partial is 70, the rest is left; the same under both versions; who is dispersed is shown as dispersed', async () => {
    const socket = await listenTo(world.url, (await person()).token, 'atom')
    const { status: answered, body } = await disperse({ level: 'partial', reason: 'drill' })
    const wave = await socket.find(({ name, data }) => name === 'atom:agent_wave' && (data as { status: string }).status === 'dispersed')
    const shown = await status()
    const rising = await disperse({ level: 2, reason: 'more' }, { version: 'v2' })

    assert.deepEqual([answered, body.dispersed_count, body.remaining_count], [200, 70, 280])
    assert.ok(Date.parse(body.timestamp) > 0)
    assert.deepEqual([(wave.data as { agents: number }).agents, (wave.data as { cause: { by: string; reason: string } }).cause.by], [70, 'operator'])
    assert.deepEqual([shown.strength, shown.dispersed, shown.agents_active, shown.by, shown.reason, shown.states[0].level], ['disperse', 70, 280, 'operator', 'drill', 'partial'])
    assert.deepEqual([rising.status, rising.body.dispersed_count, rising.body.remaining_count], [200, 175, 175])
    socket.close()
  })

  test('protocol-999: a sphere goes whole, and comes back alone while the others stay', async () => {
    const { body } = await disperse({ level: 'sectoral', sphere: 'personal', reason: 'drill' })
    const all = await disperse({ level: 'total', reason: 'worse' })
    const back = await revive({ sphere: 1 })
    const shown = await status()

    assert.deepEqual([body.dispersed_count, all.body.dispersed_count, all.body.remaining_count], [28, 350, 0])
    assert.equal(back.status, 200)
    assert.deepEqual([shown.dispersed, shown.agents_active, shown.states[0].level], [350 - 28, 28, 'sectoral'])
    assert.equal((await revive({ sphere: 'nowhere' })).status, 422)
    assert.equal((await revive({ sphere: { a: 1 } })).status, 422, 'what cannot be read revives nothing')
  })

  /** What an agent would do, straight to the gate; how it ends. */
  async function act(of: Person, code: string): Promise<string> {
    const { rows: [session] } = await world.owner.query('select id from sessions where user_id = $1 limit 1', [of.user.id])
    const action = world.app.gate.actions.get('notes.create')
    assert.ok(action)
    return perform(world.app.gate, {
      action, given: { title: 'by an agent', sphere_id: 1 }, via: 'agent', sphereId: 1, requestId: 'r', runId: null,
      caller: { userId: of.user.id, identityId: of.identity.id, sessionId: session.id, actor: { kind: 'agent', id: code }, proof: NO_PROOF } as Caller,
    }).then(({ kind }) => kind, (error: { code: string }) => error.code)
  }

  test('protocol-999: a dispersed agent is refused at the gate, one that is left works, and revive lets it work again', async () => {
    const ada = await person()
    await disperse({ level: 'partial', reason: 'drill' })
    const agentOf = async (status: string): Promise<string> => (await world.owner.query('select agent_code from atom_agents where status = $1 order by agent_code limit 1', [status])).rows[0].agent_code
    const [gone, left] = [await agentOf('dispersed'), await agentOf('active')]
    const during = [await act(ada, gone), await act(ada, left)]
    await revive()

    assert.deepEqual(during, ['dispersed', 'done'])
    assert.equal(await act(ada, gone), 'done')
  })

  test('protocol-999: total lets no run begin, revive brings everything back', async () => {
    const ada = await person()
    await disperse({ level: 3, reason: 'all' })
    const refused = await create(ada, 'x')
    const own = await ada.post('/api/v2/notes', { title: 'De ma main' })
    await revive()

    assert.deepEqual([refused.status, refused.body.code, refused.body.level, refused.body.who], [503, 'dispersed', 'total', 'operator'])
    assert.equal(own.status, 201)
    assert.equal((await create(ada, 'x')).status, 200)
    assert.deepEqual([(await status()).strength, (await status()).agents_active], ['none', 350])
  })

  test('protocol-999: once an hour unless the level rises, and repeating it later answers the same', async () => {
    const first = await disperse({ level: 'partial', reason: 'one' })
    const kept = await code()
    const again = await disperse({ level: 'partial', reason: 'two' }, { with: kept })
    await revive()
    const afterRevive = await disperse({ level: 'partial', reason: 'three' })
    world.clock.advance(61 * 60_000)
    const later = await disperse({ level: 'partial', reason: 'four' })

    assert.deepEqual([again.status, again.body.code, afterRevive.status], [429, 'rate_limited', 429])
    assert.ok(Number(again.headers.get('retry-after')) > 3_000)
    assert.deepEqual([later.body.dispersed_count, later.body.remaining_count], [first.body.dispersed_count, first.body.remaining_count])
  })

  test('protocol-999: a code is spent once, by one of many, and is good for five minutes; no code, a wrong one and two are 403', async () => {
    const spent = await code()
    const answers = await Promise.all(Array.from({ length: 8 }, () => disperse({ level: 'partial', reason: 'race' }, { with: spent })))
    world.clock.advance(61 * 60_000)
    const old = await code()
    world.clock.advance(5 * 60_000 + 1)
    const refused = [await disperse({ level: 'partial', reason: 'x' }, { with: old }), await disperse({ level: 'partial', reason: 'x' }, { with: spent }), await disperse({ level: 'partial', reason: 'x' }, { with: '' }), await disperse({ level: 'partial', reason: 'x' }, { with: 'x'.repeat(43) })]
    const twice = await code()

    assert.deepEqual(answers.map(({ status: one }) => one).toSorted(), [200, 403, 403, 403, 403, 403, 403, 403])
    assert.deepEqual(refused.map(({ status: one, body }) => [one, body.code]), refused.map(() => [403, 'invalid_confirmation_code']))
    assert.equal((await disperse({ level: 'partial', reason: 'x' }, { with: `${twice}, ${twice}` })).status, 403)
    const { rows } = await world.owner.query('select hash from dispersal_codes')
    assert.ok(rows.every(({ hash }) => hash !== spent && hash.length === 64), 'a code is kept as its hash')
    assert.equal(Buffer.from(spent, 'base64url').length, 32)
  })

  test('protocol-999: codes are ten an hour; a level, a reason and a fitting sphere are asked for', async () => {
    const good = await code()
    const wrong = [{ reason: 'x' }, { level: 'partial' }, { level: 'all', reason: 'x' }, { level: 4, reason: 'x' }, { level: 'partial', sphere: 1, reason: 'x' }, { level: 'sectoral', sphere: 16, reason: 'x' }]
    const refused = []
    for (const body of wrong) refused.push((await disperse(body, { with: good })).status)
    const issued: number[] = []
    for (let n = 0; n < 11; n += 1) issued.push((await world.anyone.post('/api/v2/protocol-999/code', {}, { ...operator, ...sceau })).status)

    assert.deepEqual(refused, wrong.map(() => 422))
    assert.equal(issued.at(-1), 429)
    assert.deepEqual(issued.filter((one) => one === 201).length, 9)
    assert.equal((await status()).strength, 'none')
  })
})
