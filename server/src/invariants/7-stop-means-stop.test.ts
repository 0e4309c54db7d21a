import assert from 'node:assert/strict'
import { after, afterEach, before, suite, test } from 'node:test'
import { sql } from 'kysely'
import type { PoolClient } from 'pg'
import { INSTANCE_IDENTITY } from '../domains/audit/instance.ts'
import { openBodies } from '../domains/audit/testing.ts'
import { shareFence } from '../domains/governance/fence/share-fence.ts'
import { isProblem } from '../platform/errors.ts'
import type { Tx } from '../platform/db/store.ts'
import { newId, type IdentityId } from '../platform/ids.ts'
import { startHangingProvider } from '../testing/hanging-provider.ts'
import type { Answer, Person } from '../testing/person.ts'
import { listenTo } from '../testing/socket.ts'
import { startWorld, type World } from '../testing/world.ts'

suite('Invariant 7: stop means stop', () => {
  let world: World
  let other: World
  let ada: Person

  before(async () => {
    world = await startWorld({ settings: { DATABASE_POOL: '6' } })
    other = await world.another()
    ada = await world.person()
  })
  after(async () => {
    await other.close()
    await world.close()
  })
  afterEach(async () => { assert.equal((await revive()).status, 200) })

  const kill = (at: World = world): Promise<Answer> => at.anyone.post('/api/atom/killswitch', undefined, { 'x-architect-seal': world.seal })
  const revive = (at: World = world): Promise<Answer> => at.anyone.post('/api/atom/revive', undefined, { 'x-architect-seal': world.seal })
  const at = (node: World, person: Person, path: string, body: unknown): Promise<Answer> => node.anyone.post(path, body, { authorization: `Bearer ${person.token}` })

  /** What effects have left behind so far, by everything that they write. */
  const traces = async (): Promise<unknown> => (await world.owner.query(
    `select (select count(*) from notes) as notes, (select count(*) from audit_events where identity_id <> $1) as links, (select count(*) from checkpoints) as checkpoints,
       (select count(*) from events where identity_id is not null) as events, (select count(*) from idempotency_keys) as keys`, [INSTANCE_IDENTITY])).rows[0]

  test('SEAL-06: of 50 clients that create without pause on two nodes, none commits anything after kill has answered', async () => {
    let created = 0
    const createUntilRefused = async (client: number): Promise<number> => {
      for (;;) {
        const { status } = await at(client % 2 === 0 ? world : other, ada, '/api/v2/notes', { title: `${client}/${created}` })
        if (status !== 201) return status
        created += 1
      }
    }
    const clients = Array.from({ length: 50 }, (_, client) => createUntilRefused(client))
    await new Promise<void>((resolve) => { world.app.relay.bus.on('note.created', () => { if (created > 200) resolve() }) })

    const { status } = await kill()
    const atAnswer = await traces()
    const refusals = await Promise.all(clients)

    assert.equal(status, 200)
    assert.deepEqual(await traces(), atAnswer)
    assert.deepEqual(refusals, clients.map(() => 503))
    assert.equal((await at(other, ada, '/api/v2/notes', { title: 'after' })).body.code, 'dormant')
  })

  test('SEAL-13: while dormant everything that reads works and every effect answers 503 dormant', async () => {
    const note = (await ada.post('/api/v2/notes', { title: 'Courses' })).body
    const checkpoint = (await ada.post('/api/v2/governance/checkpoints', { tool: 'notes.delete', args: { note_id: note.id } })).body
    await kill()

    const reads = await Promise.all([
      '/api/v2/notes', `/api/v2/notes/${note.id}`, '/api/v2/governance/checkpoints?status=pending', `/api/v2/governance/checkpoints/${checkpoint.id}`, '/api/v2/governance/audit',
      '/api/v2/auth/me', '/api/v2/spheres', '/api/v2/agents', '/health', '/ready', '/api/atom/status', '/api/atom/heartbeat',
    ].map(async (path) => [path, (await ada.get(path)).status]))
    const login = await world.anyone.post('/api/v2/auth/login', { email: ada.user.email, password: ada.password })
    const effects = [
      await ada.post('/api/v2/notes', { title: 'x' }), await ada.patch(`/api/v2/notes/${note.id}`, { title: 'x' }), await ada.del(`/api/v2/notes/${note.id}`),
      await ada.post('/api/v2/tasks', { title: 'x' }), await ada.post('/api/v2/threads', { title: 'x' }), await ada.post('/api/atom/resonance', { frequency: 444, phase: 0 }),
      await ada.post('/api/v2/governance/checkpoints', { tool: 'notes.delete', args: { note_id: note.id } }), await ada.post(`/api/v2/governance/checkpoints/${checkpoint.id}/approve`, {}),
    ]

    assert.deepEqual(reads.filter(([, status]) => status !== 200), [])
    assert.equal(login.status, 200)
    assert.deepEqual(effects.map(({ status, body }) => [status, body.code]), effects.map(() => [503, 'dormant']))
    assert.ok(effects.every(({ headers }) => Number(headers.get('retry-after')) > 0))
  })

  test('CHK-17: what was approved in vain while dormant is not done later; what expired meanwhile is over; what is still valid can be approved', async () => {
    const [held, expiring] = await Promise.all(['Courses', 'Factures'].map(async (title) => {
      const note = (await ada.post('/api/v2/notes', { title })).body.id as string
      return { note, checkpoint: (await ada.post('/api/v2/governance/checkpoints', { tool: 'notes.delete', args: { note_id: note } })).body.id as string }
    }))
    const approve = (id: string | undefined, person: Person = ada): Promise<Answer> => person.post(`/api/v2/governance/checkpoints/${id}/approve`, {})
    const binnedAt = async (id: string | undefined): Promise<unknown> => (await world.owner.query('select binned_at from notes where id = $1', [id])).rows[0].binned_at

    await kill()
    const inVain = await approve(held?.checkpoint)
    await revive()
    const untouched = await binnedAt(held?.note)
    const approved = await approve(held?.checkpoint)
    await kill()
    await world.owner.query(`update checkpoints set expires_at = created_at where id = $1`, [expiring?.checkpoint])
    await revive()
    const over = await approve(expiring?.checkpoint)

    assert.deepEqual([inVain.status, untouched], [503, null])
    assert.deepEqual([approved.status, over.status], [200, 410])
    assert.ok(await binnedAt(held?.note))
    assert.equal(await binnedAt(expiring?.note), null)
  })

  test('SEAL-07, SEAL-09: the state is on disk before the answer: every node has it, and so has one that starts later', async () => {
    const { status } = await kill(other)
    const stored = (await world.owner.query('select state, changed_by from fence')).rows[0]
    const [here, there] = [await at(world, ada, '/api/v2/notes', { title: 'x' }), await at(other, ada, '/api/v2/notes', { title: 'x' })]
    const third = await world.another()
    const later = await at(third, ada, '/api/v2/notes', { title: 'x' })
    const shown = (await third.anyone.get('/api/atom/status')).body
    await third.close()

    assert.equal(status, 200)
    assert.deepEqual(stored, { state: 'dormant', changed_by: 'architect' })
    assert.deepEqual([here.status, there.status, later.status], [503, 503, 503])
    assert.deepEqual([shown.status, shown.frequency, shown.kill_switch], ['dormant', 432, true])
  })

  test('SEAL-08, F-06: with every connection of the pool taken and none left in PostgreSQL for its role, kill and revive work', async () => {
    const { rows: [{ role }] } = await world.owner.query(`select usename as role from pg_stat_activity where application_name = 'chenu' and datname = current_database() limit 1`)
    const held: PoolClient[] = []
    for (let n = 0; n < world.platform.settings.DATABASE_POOL; n += 1) held.push(await world.platform.store.pool.connect())
    await world.owner.query(`alter role ${role} connection limit 0`)

    const killed = await kill()
    const revived = await revive()
    await world.owner.query(`alter role ${role} connection limit -1`)
    for (const client of held) client.release()

    assert.deepEqual([killed.status, revived.status], [200, 200])
    assert.equal((await ada.post('/api/v2/notes', { title: 'again' })).status, 201)
  })

  /** An effect of its own making: it shares the fence, writes, then does what it is told before it commits; what became of it. */
  const openEffect = (last: (tx: Tx) => Promise<unknown>): { written: Promise<void>; over: Promise<string> } => {
    let tellWritten = (): void => {}
    const written = new Promise<void>((resolve) => { tellWritten = resolve })
    const over = world.platform.store.within({ identityId: ada.identity.id as IdentityId }, async (tx) => {
      assert.equal(await shareFence(tx), true)
      const now = world.clock.now()
      await tx.db.insertInto('notes').values({ id: newId(), identity_id: ada.identity.id, sphere_id: 1, title: 'half', title_key: 'half', body: '', created_at: now, updated_at: now }).execute()
      tellWritten()
      await last(tx)
    }).then(() => 'committed', () => 'rolled back')
    return { written, over }
  }

  const isDormant = async (): Promise<void> => {
    while ((await world.owner.query('select state from fence')).rows[0].state !== 'dormant');
  }

  test('kill does not answer before an effect in flight is over', async () => {
    let release = (): void => {}
    const { written, over } = openEffect(() => new Promise<void>((resolve) => { release = resolve }))
    await written

    const atAnswer = kill().then(() => traces())
    await isDormant()
    for (let n = 0; n < 20; n += 1) await world.anyone.get('/health')
    release()
    await over

    assert.deepEqual(await atAnswer, await traces())
  })

  test('an effect that hangs is not waited for: its connection is ended and nothing of it stays', async () => {
    const before = await traces()
    const { written, over } = openEffect((tx) => tx.send(sql`select pg_sleep(9)`.compile(tx.db)))
    await written

    const { status } = await kill()
    const atAnswer = await traces()

    assert.equal(status, 200)
    assert.equal(await over, 'rolled back')
    assert.deepEqual([atAnswer, await traces()], [before, before])
  })

  test('SEAL-06: calls in flight are aborted on every node, and of those that begin in the race none begins after the answer', async () => {
    const provider = await startHangingProvider()
    const begins: number[] = []
    const callUntilRefused = async (node: World): Promise<string> => {
      for (;;) {
        try {
          await node.app.fence.inFlight.start(async (signal) => {
            begins.push(performance.now())
            await (await fetch(`${provider.url}/quick`, { signal })).text()
          })
        } catch (error) {
          return codeOf(error)
        }
      }
    }
    const lines = [world, other].flatMap((node) => Array.from({ length: 25 }, () => callUntilRefused(node)))
    const hanging = [world, other].map((node) => callOf(node, provider.url))
    await provider.hanging(2)

    const { status } = await kill()
    const answeredAt = performance.now()
    const outcomes = await Promise.all(hanging)
    const refusals = await Promise.all(lines)

    assert.equal(status, 200)
    assert.deepEqual(outcomes, ['dormant', 'dormant'])
    assert.deepEqual(new Set(refusals), new Set(['dormant']))
    assert.ok(begins.length > 0)
    assert.deepEqual(begins.filter((begun) => begun > answeredAt), [])
    assert.deepEqual([world.app.fence.inFlight.count(), other.app.fence.inFlight.count()], [0, 0])
    await provider.close()
  })

  test('SEAL-09: a node that cannot hear the notice sees the row within its next look', async () => {
    const provider = await startHangingProvider()
    const deaf = await world.another()
    await deaf.app.relay.listener.stop()
    const call = callOf(deaf, provider.url)
    await provider.hanging(1)

    await kill()
    const refused = await deaf.app.fence.inFlight.start(async () => 'begun').catch(codeOf)

    assert.equal(refused, 'dormant')
    assert.equal(await call, 'dormant')
    await deaf.close()
    await provider.close()
  })

  test('a call that began before a stop does not outlive it unnoticed when the system is revived at once', async () => {
    const provider = await startHangingProvider()
    const call = callOf(other, provider.url)
    await provider.hanging(1)

    await kill()
    await revive()
    const fresh = other.app.fence.inFlight.start(async (signal) => (await fetch(`${provider.url}/quick`, { signal })).text())

    assert.equal(await call, 'dormant')
    assert.equal(await fresh, 'ok')
    await provider.close()
  })

  test('SEAL-12: of 100 kills and revives at once on two nodes the last one committed stands, and events and links tell them in one order', async () => {
    const socket = await listenTo(world.url, ada.token, 'atom')
    const since = Number((await world.owner.query('select coalesce(max(seq), 0) as seq from audit_events where identity_id = $1', [INSTANCE_IDENTITY])).rows[0].seq)

    const answers = await Promise.all(Array.from({ length: 100 }, (_, n) => (n % 2 === 0 ? kill : revive)(n % 4 < 2 ? world : other)))
    await world.app.relay.catchUp()

    assert.ok(answers.every(({ status }) => status === 200))
    const state = (await world.owner.query('select state, version from fence')).rows[0]
    const { rows } = await world.owner.query<{ body: string }>('select body from audit_events where identity_id = $1 and seq > $2 order by seq', [INSTANCE_IDENTITY, since])
    const links = (await openBodies<{ action: string }>(world.platform.store, INSTANCE_IDENTITY, rows.map(({ body }) => body))).map(({ action, details }) => ({ action, version: String(details.version) }))
    await socket.until(() => socket.events().filter(({ name }) => name === 'atom:kill' || name === 'atom:revive').length === links.length)
    const told = socket.events().filter(({ name }) => name === 'atom:kill' || name === 'atom:revive')
    socket.close()

    assert.deepEqual(told.map(({ name, data }) => [String(name).replace(':', '.'), String((data as { version: number }).version)]), links.map(({ action, version }) => [action, version]))
    assert.deepEqual(links.map(({ action }) => action), links.map((_, n) => (n % 2 === 0 ? 'atom.kill' : 'atom.revive')))
    assert.deepEqual([links.at(-1)?.action, links.at(-1)?.version], [state.state === 'dormant' ? 'atom.kill' : 'atom.revive', state.version])
  })

  test('SEAL-10: a state that cannot be read stops effects and calls, and reads go on', async () => {
    await world.owner.query('create table kept_fence as table fence')
    await world.owner.query('delete from fence')

    const effect = await ada.post('/api/v2/notes', { title: 'x' })
    const call = await world.app.fence.inFlight.start(async () => 'begun').catch(codeOf)
    const list = await ada.get('/api/v2/notes')
    await world.owner.query('insert into fence select * from kept_fence')
    await world.owner.query('drop table kept_fence')

    assert.deepEqual([effect.status, effect.body.code, call, list.status], [503, 'dormant', 'dormant', 200])
  })
})

const codeOf = (error: unknown): string => (isProblem(error) ? error.code : 'failed')

/** A call that never ends by itself; what became of it. */
const callOf = async (node: World, url: string): Promise<string> => {
  try {
    await (await node.app.fence.inFlight.guard(fetch)(`${url}/never`)).text()
    return 'answered'
  } catch (error) {
    return codeOf(error)
  }
}
