import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, suite, test } from 'node:test'
import { newId } from '../../platform/ids.ts'
import { listenTo } from '../../testing/socket.ts'
import { startMailServer } from '../../testing/mail-server.ts'
import type { Person } from '../../testing/person.ts'
import { startWorld, type World } from '../../testing/world.ts'
import { INSTANCE_IDENTITY } from '../audit/instance.ts'
import { keyOf } from '../keys/testing.ts'
import { touchSceau } from '../swarm/testing.ts'
import { safeguardJobs } from './jobs.ts'

suite('the safeguard', () => {
  let world: World
  let sceau: Record<string, string>
  let operator: Record<string, string>

  async function begin(settings: Record<string, string> = {}): Promise<void> {
    world = await startWorld({ settings: { SAFEGUARD: 'on', SAFEGUARD_LIMITS: 'boundary_violation=3,seal_forgery=5,frequency_spoofing=2', ...settings } })
    sceau = { 'x-sceau-session': await touchSceau(world) }
    operator = { 'x-architect-seal': world.seal }
  }
  beforeEach(() => begin())
  afterEach(() => world.close())

  const status = async () => (await world.anyone.get('/api/v1/security/status', sceau)).body
  const violations = async () => (await world.anyone.get('/api/v1/security/violations', operator)).body.items as Array<{ kind: string; severity: string; answer: string; given_at: string | null; lifted_at: string | null }>
  const settle = (): Promise<void> => world.app.safeguard.settle()
  /** Reaches for a stranger's note, so often. */
  async function trespass(person: Person, times: number): Promise<void> {
    const eve = await world.person()
    const { body } = await eve.post('/api/v2/notes', { title: 'mine' })
    for (let n = 0; n < times; n += 1) assert.equal((await person.get(`/api/v2/notes/${body.id}`)).status, 403)
  }
  const signIn = async ({ user: { email }, password }: Person) => ({ authorization: `Bearer ${(await world.anyone.post('/api/v2/auth/login', { email, password })).body.access_token}` })
  const asksNova = (person: Person) => person.post('/api/v2/nova/query', { message: '', action: { tool: 'notes.create', args: { title: newId() } } })
  async function guess(times: number): Promise<void> {
    for (let n = 0; n < times; n += 1) await world.anyone.post('/api/atom/killswitch', {}, { 'x-architect-seal': `wrong-${n}` })
    world.clock.advance(61_000)
    await world.anyone.post('/api/atom/killswitch', {}, { 'x-architect-seal': 'wrong' })
  }

  test('begins nominal, and asks for a Sceau', async () => {
    assert.equal((await world.anyone.get('/api/v1/security/status')).status, 401)
    const { last_check: _checked, since: _since, ...body } = await status()
    assert.deepEqual(body, { state: 'nominal', score: 1, frequency: 444, violations: 0 })
  })

  test('repeated violations of the boundary block what works for that identity, and nobody else; the person goes on', async () => {
    const [ada, bob] = [await world.person(), await world.person()]
    const socket = await listenTo(world.url, ada.token, `user:${ada.user.id}`)
    await trespass(ada, 2)
    await settle()
    assert.equal((await asksNova(ada)).status, 200, 'below the limit nothing happens')

    await trespass(ada, 1)
    await settle()

    const refused = await asksNova(ada)
    assert.deepEqual([refused.status, refused.body.code, refused.body.by ?? refused.body.who], [503, 'paused', 'safeguard'])
    assert.equal((await asksNova(bob)).status, 200)
    assert.equal((await ada.post('/api/v2/notes', { title: 'by hand' })).status, 201)
    assert.deepEqual((await violations()).map(({ kind, answer }) => [kind, answer]), [['boundary_violation', 'temporary_block']])
    const told = await socket.find(({ name }) => name === 'safeguard.alert')
    assert.deepEqual(told.data, { kind: 'boundary_violation', severity: 'medium', answer: 'temporary_block' })
    socket.close()
  })

  test('a block is temporary', async () => {
    const ada = await world.person()
    await trespass(ada, 3)
    await settle()
    world.clock.advance(14 * 60_000)
    await world.app.safeguard.sweep()
    const still = await signIn(ada)
    const ask = () => world.anyone.post('/api/v2/nova/query', { message: '', action: { tool: 'notes.create', args: { title: newId() } } }, still)
    assert.equal((await ask()).status, 503)

    world.clock.advance(61_000)
    await world.app.safeguard.sweep()

    assert.equal((await ask()).status, 200)
    assert.notEqual((await violations())[0]?.lifted_at, null)
  })

  test('a second block outlives the end of the first', async () => {
    const ada = await world.person()
    await trespass(ada, 3)
    await settle()
    world.clock.advance(10 * 60_000)
    await trespass(ada, 3)
    await settle()
    const ask = async () => (await world.anyone.post('/api/v2/nova/query', { message: '', action: { tool: 'notes.create', args: { title: newId() } } }, await signIn(ada))).status

    world.clock.advance(6 * 60_000)
    await world.app.safeguard.sweep()
    const afterTheFirst = await ask()
    world.clock.advance(10 * 60_000)
    await world.app.safeguard.sweep()

    assert.deepEqual([afterTheFirst, await ask()], [503, 200])
  })

  test('however long one alone goes on, the whole is not dispersed for it', async () => {
    const [ada, bob] = [await world.person(), await world.person()]
    await trespass(ada, 18)
    world.clock.advance(61_000)
    await trespass(ada, 6)
    await settle()

    assert.deepEqual(new Set((await violations()).map(({ answer }) => answer)), new Set(['temporary_block']))
    assert.equal((await status()).score, 0.85)
    assert.equal((await asksNova(bob)).status, 200)
  })

  test('codes that the operator asked for keep no answer of the safeguard from being given, nor its answers the operator from a code', async () => {
    const code = () => world.anyone.post('/api/v1/protocol-999/code', {}, { ...operator, ...sceau })
    for (let n = 0; n < 9; n += 1) assert.equal((await code()).status, 201)

    await guess(5)
    await settle()

    assert.equal((await world.anyone.get('/api/v1/swarm/status', sceau)).body.agent_count, 0)
    assert.deepEqual([(await code()).status, (await code()).status], [201, 429])
  })

  test('one who goes on is blocked again, and nobody else is stopped; several who do the same are answered with a partial dispersal', async () => {
    const [ada, bob, eve] = [await world.person(), await world.person(), await world.person()]
    await trespass(ada, 9)
    await settle()
    assert.deepEqual((await violations()).map(({ answer }) => answer), ['temporary_block', 'temporary_block', 'temporary_block'])
    assert.equal((await asksNova(bob)).status, 200)
    assert.equal((await world.anyone.get('/api/v1/swarm/status', sceau)).body.agent_count, 350)

    await trespass(bob, 3)
    await trespass(eve, 3)
    await settle()

    assert.deepEqual((await violations()).map(({ answer }) => answer).slice(0, 2), ['partial', 'temporary_block'])
    assert.equal((await world.anyone.get('/api/v1/swarm/status', sceau)).body.agent_count, 280)
    assert.equal((await status()).state, 'elevated')
  })

  test('a flood of wrong seals disperses the fleet, is told to everyone without a name, and returns by hand only', async () => {
    const ada = await world.person()
    const socket = await listenTo(world.url, ada.token, 'atom')
    await guess(5)
    await settle()

    const change = await socket.find(({ name }) => name === 'safeguard.changed')
    assert.deepEqual(change.data, { state: 'elevated', from: 'nominal', score: 0.8, by: 'safeguard' })
    assert.equal((await world.anyone.get('/api/v1/swarm/status', sceau)).body.agent_count, 0)
    assert.equal((await asksNova(ada)).body.code, 'dispersed')
    assert.equal((await ada.post('/api/v2/notes', { title: 'by hand' })).status, 201)

    world.clock.advance(3 * 3_600_000)
    sceau = { 'x-sceau-session': await touchSceau(world) }
    await world.app.safeguard.sweep()
    assert.equal((await status()).state, 'elevated', 'time alone brings nothing back to nominal')
    const reset = await world.anyone.post('/api/v1/security/reset', { reason: 'looked at it' }, operator)
    assert.deepEqual([reset.status, reset.body.state, (await status()).state], [200, 'nominal', 'nominal'])
    socket.close()
  })

  test('sightings and answers are forgotten after a month, but for an answer that is not told or not lifted', async () => {
    await trespass(await world.person(), 3)
    await trespass(await world.person(), 3)
    await trespass(await world.person(), 3)
    await settle()
    await world.app.relay.catchUp()
    await world.owner.query(`update safeguard_answers set lifted_at = now() where id = (select min(id::text)::uuid from safeguard_answers)`)
    await world.owner.query(`update safeguard_answers set told_at = null where id = (select max(id::text)::uuid from safeguard_answers)`)
    const count = async () => (await world.owner.query('select (select count(*)::int from safeguard_sightings) as sightings, (select count(*)::int from safeguard_answers) as answers')).rows[0]
    assert.deepEqual(await count(), { sightings: 9, answers: 3 })

    world.clock.advance(31 * 86_400_000)
    await safeguardJobs(world.app.safeguard).find(({ name }) => name === 'safeguard.forget')?.run({}, new AbortController().signal)

    assert.deepEqual(await count(), { sightings: 0, answers: 2 })
  })

  test('claims that contradict the measurement are counted, honest ones are not', async () => {
    const now = world.clock.now().toISOString()
    const verify = (duration_ms: number) => world.anyone.post('/api/v1/security/verify', { signature: { timestamp: now, frequency: 999, duration_ms, harmony_level: 0.99 } }, sceau)

    const honest = await verify(2_000)
    await verify(90_000)
    await verify(90_000)
    await settle()

    assert.deepEqual([honest.status, honest.body], [200, { valid: true, harmony: 1, confidence: 1 }])
    assert.deepEqual((await violations()).map(({ kind, severity, answer }) => [kind, severity, answer]), [['frequency_spoofing', 'low', 'alert']])
    assert.equal((await status()).state, 'nominal', 'one mild violation is told, and no more')
  })

  test('a key, or Nova, that reads far more than work asks for is mass extraction, over REST too; the person who reads is not', async () => {
    await world.close()
    await begin({ SAFEGUARD_LIMITS: 'mass_extraction=2', READS_PER_MINUTE: '10' })
    const [ada, bob, eve] = [await world.person(), await world.person(), await world.person()]
    const key = await keyOf(ada, world.url, { scopes: ['read', 'notes.create'] })
    const search = () => bob.post('/api/v2/nova/query', { message: '', action: { tool: 'notes.search', args: { query: newId() } } })

    for (let n = 0; n < 20; n += 1) assert.deepEqual([(await key.get('/api/v2/notes')).status, (await search()).status, (await eve.get('/api/v2/notes')).status], [200, 200, 200])
    // What a key read is told of beside its answer.
    for (let looks = 0; looks < 50 && (await violations()).length < 2; looks += 1) await settle()

    assert.deepEqual((await violations()).map(({ kind, answer }) => [kind, answer]), [['mass_extraction', 'temporary_block'], ['mass_extraction', 'temporary_block']])
    assert.deepEqual([(await key.post('/api/v2/notes', { title: 'x' })).body.code, (await search()).body.code, (await asksNova(eve)).status], ['paused', 'paused', 200])
  })

  test('on two servers each sighting counts once and each answer is given once', async () => {
    const other = await world.another()
    const ada = await world.person()
    await trespass(ada, 3)
    await Promise.all([settle(), other.app.safeguard.settle()])
    await Promise.all([settle(), other.app.safeguard.settle()])

    const { rows } = await world.owner.query('select (select count(*)::int from safeguard_sightings) as seen, (select count(*)::int from safeguard_answers) as answers, (select count(*)::int from fence_pauses) as pauses')
    assert.deepEqual(rows, [{ seen: 3, answers: 1, pauses: 1 }])
    await other.close()
  })

  test('watch tells and does not act; off does neither', async () => {
    await world.close()
    await begin({ SAFEGUARD: 'watch' })
    const ada = await world.person()
    await trespass(ada, 3)
    await settle()
    assert.deepEqual((await violations()).map(({ answer }) => answer), ['alert'])
    assert.equal((await asksNova(ada)).status, 200)

    await world.close()
    await begin({ SAFEGUARD: 'off' })
    const bob = await world.person()
    await trespass(bob, 3)
    await world.app.relay.catchUp()
    assert.deepEqual(await violations(), [])
  })

  test('whoever runs the instance is written to, and the instance’s chain tells', async () => {
    const mails = await startMailServer()
    await world.close()
    await begin({ SMTP_URL: mails.url, SAFEGUARD_EMAIL: 'operator@example.org' })
    const ada = await world.person()
    await trespass(ada, 3)
    await settle()

    assert.equal(mails.mails.length, 1)
    const text = JSON.stringify(mails.mails[0])
    assert.match(text, /boundary_violation/)
    assert.ok(!text.includes(ada.user.email) && !text.includes(ada.identity.id), 'no person in it')
    const { rows } = await world.owner.query(`select action from audit_events where identity_id = $1 and action like 'safeguard.%' order by seq`, [INSTANCE_IDENTITY])
    assert.deepEqual(rows.map(({ action }) => action), ['safeguard.violation', 'safeguard.answered'])
    await mails.close()
  })

  test('a dispersal wants a Sceau beside the operator’s right and the code', async () => {
    const key = { 'x-operator-key': (await readFile(join(world.platform.settings.DATA_DIR, 'operator-key'), 'utf8')).trim() }
    assert.equal((await world.anyone.post('/api/v1/protocol-999/code', {}, key)).status, 401)
    assert.equal((await world.anyone.post('/api/v1/protocol-999/code', {}, { ...key, ...sceau })).status, 201)
    assert.equal((await world.anyone.del('/api/v1/protocol-999', { ...key, 'x-confirmation-code': 'x' })).status, 401)
  })
})
