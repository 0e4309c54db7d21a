import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, suite, test } from 'node:test'
import { sql } from 'kysely'
import type { Actor } from '../../../platform/ctx.ts'
import type { Tx } from '../../../platform/db/store.ts'
import { newId, type IdentityId } from '../../../platform/ids.ts'
import { startFakeAnthropic, type FakeAnthropic } from '../../../testing/fake-anthropic.ts'
import type { Answer, Person } from '../../../testing/person.ts'
import { listenTo } from '../../../testing/socket.ts'
import { startWorld, type World } from '../../../testing/world.ts'
import { perform } from '../../governance/perform.ts'
import { shareFence } from '../../governance/fence/share-fence.ts'

suite('Pauses', () => {
  let fake: FakeAnthropic
  let world: World
  let other: World
  let operator: Record<string, string>
  before(async () => {
    fake = await startFakeAnthropic()
    world = await startWorld({ settings: fake.settings })
    other = await world.another()
    operator = { 'x-operator-key': (await readFile(join(world.platform.settings.DATA_DIR, 'operator-key'), 'utf8')).trim() }
  })
  after(async () => {
    await other.close()
    await world.close()
    await fake.close()
  })

  const PAUSES = '/api/atom/pauses'
  const asOperator = (body: unknown): Promise<Answer> => world.anyone.post(PAUSES, body, operator)
  const create = (person: Person, title = 'x'): Promise<Answer> => person.post('/api/v2/nova/query', { message: '', action: { tool: 'notes.create', args: { title } }, sphere_id: 1 })
  const codeOf = (error: unknown): string => (error as { code?: string }).code ?? String(error)

  /** What an agent or an automation would do, straight to the gate. */
  const act = async (of: Person, actor: Actor, { node = world, sphereId = 1 }: { node?: World; sphereId?: number | null } = {}): Promise<string> => {
    const { rows: [session] } = await world.owner.query('select id from sessions where user_id = $1 limit 1', [of.user.id])
    const action = node.app.gate.actions.get('notes.create')
    assert.ok(action)
    const via = actor.kind === 'agent' ? 'agent' as const : 'automation' as const
    return perform(node.app.gate, {
      action, given: { title: 'by an agent', sphere_id: 1 }, via, sphereId, requestId: 'r', runId: null,
      caller: { userId: of.user.id, identityId: of.identity.id, sessionId: session.id, actor, proof: { factorSet: false, provedAt: null } } as never,
    }).then(({ kind }) => kind, codeOf)
  }

  test('a person pauses their own identity: its agent work stops on every node, their own hands and other people go on; lifting it ends that', async () => {
    const [ada, eve] = [await world.person(), await world.person()]
    const { status, body: pause } = await ada.post(PAUSES, { scope: 'identity', id: ada.identity.id, reason: 'holiday' })
    const refused = await create(ada)
    const elsewhere = await other.anyone.post('/api/v2/nova/query', { message: '', action: { tool: 'notes.create', args: { title: 'x' } } }, { authorization: `Bearer ${ada.token}` })
    const [own, hers] = [await ada.post('/api/v2/notes', { title: 'mine' }), await create(eve)]
    const lifted = await ada.del(`${PAUSES}/${pause.id}`)

    assert.deepEqual([status, pause.by, pause.for], [201, 'owner', 'one'])
    assert.deepEqual([refused.status, refused.body.code, refused.body.who, refused.body.reason, refused.body.since, refused.body.scope, refused.body.pause_id], [503, 'paused', 'owner', 'holiday', pause.since, 'identity', pause.id])
    assert.deepEqual([elsewhere.status, elsewhere.body.code], [503, 'paused'])
    assert.deepEqual([own.status, hers.status, lifted.status], [201, 200, 200])
    assert.equal((await create(ada)).status, 200)
  })

  test('an agent or automation that a person pauses is paused for that identity; one that the operator pauses, for all', async () => {
    const [ada, eve] = [await world.person(), await world.person()]
    const [agent, automation] = [{ kind: 'agent', id: 'P001' }, { kind: 'automation', id: 'backup' }] as const
    const before = [await act(ada, agent), await act(ada, automation)]
    await ada.post(PAUSES, { scope: 'agent', id: 'P001', reason: 'too eager' })
    await ada.post(PAUSES, { scope: 'automation', id: 'backup', reason: 'too eager' })
    const paused = [await act(ada, agent), await act(ada, agent, { node: other }), await act(ada, automation), await act(ada, { kind: 'agent', id: 'P002' }), await act(eve, agent), await act(eve, automation)]
    const { body: forAll } = await asOperator({ scope: 'agent', id: 'P002', reason: 'bad model' })
    const everywhere = [await act(ada, { kind: 'agent', id: 'P002' }), await act(eve, { kind: 'agent', id: 'P002' })]

    assert.deepEqual(before, ['done', 'done'])
    assert.deepEqual(paused, ['paused', 'paused', 'paused', 'done', 'done', 'done'])
    assert.deepEqual([forAll.for, forAll.by], ['all', 'operator'])
    assert.deepEqual(everywhere, ['paused', 'paused'])
    assert.equal((await world.anyone.del(`${PAUSES}/${forAll.id}`, operator)).status, 200)
    assert.equal(await act(eve, { kind: 'agent', id: 'P002' }), 'done')
  })

  test('a paused sphere stops agent work in it, on its rows, and of its agents; elsewhere it goes on', async () => {
    const ada = await world.person()
    const note = (await ada.post('/api/v2/notes', { title: 'Affaires', sphere_id: 2 })).body.id as string
    await ada.post(PAUSES, { scope: 'sphere', id: 'business', reason: 'audit' })
    const update = (sphere_id?: number): Promise<Answer> => ada.post('/api/v2/nova/query', { message: '', action: { tool: 'notes.update', args: { note_id: note, title: 'y' } }, ...(sphere_id ? { sphere_id } : {}) })
    const { rows: [home] } = await world.owner.query('select code from agents where sphere_id = 2 order by position limit 1')

    assert.deepEqual([(await update(2)).body.code, (await update()).body.code], ['paused', 'paused'])
    assert.equal((await create(ada)).status, 200)
    assert.deepEqual([await act(ada, { kind: 'agent', id: home.code }), await act(ada, { kind: 'agent', id: 'P001' })], ['paused', 'done'])
  })

  test('what waits for approval waits on while its identity is paused, and is done when it is lifted', async () => {
    const ada = await world.person()
    const note = (await ada.post('/api/v2/notes', { title: 'Courses' })).body.id as string
    const { checkpoint } = (await ada.post('/api/v2/nova/query', { message: '', action: { tool: 'notes.delete', args: { note_id: note } } })).body
    const { body: pause } = await ada.post(PAUSES, { scope: 'identity', id: ada.identity.id, reason: 'wait' })
    const approve = (): Promise<Answer> => ada.post(`/api/v2/governance/checkpoints/${checkpoint.id}/approve`, {})
    const refused = await approve()
    const stillPending = (await ada.get(`/api/v2/governance/checkpoints/${checkpoint.id}`)).body.status
    await ada.del(`${PAUSES}/${pause.id}`)

    assert.deepEqual([refused.status, refused.body.code, stillPending], [503, 'paused', 'pending'])
    assert.equal((await approve()).status, 200)
  })

  test('a call to the model that is under way for a paused identity is aborted, on another node too; other people’s go on', async () => {
    const [ada, eve] = [await world.person(), await world.person()]
    let finish = (): void => {}
    const released = new Promise<void>((resolve) => { finish = resolve })
    fake.reset()
    const hanging = (who: Person): Promise<Answer> => other.anyone.post('/api/v2/nova/query', { message: 'Bonjour' }, { authorization: `Bearer ${who.token}` })
    fake.script('hang')
    const hers = hanging(ada)
    await fake.asked(1)
    fake.script(async () => {
      await released
      return { say: 'Bonjour.' }
    })
    const others = hanging(eve)
    await fake.asked(2)

    const { status } = await ada.post(PAUSES, { scope: 'identity', id: ada.identity.id, reason: 'stop' })
    const aborted = await hers
    finish()

    assert.equal(status, 201)
    assert.deepEqual([aborted.status, aborted.body.code], [503, 'paused'])
    assert.equal((await others).status, 200)
    assert.equal((await ada.get('/api/v2/nova/runs')).body.items[0].status, 'failed')
  })

  /** An effect that shares the fence for an identity and ends when it is told to; what became of it. */
  const openEffect = (of: Person, last: (tx: Tx) => Promise<unknown>): { shared: Promise<void>; over: Promise<string> } => {
    let tell = (): void => {}
    const shared = new Promise<void>((resolve) => { tell = resolve })
    const over = other.platform.store.within({ identityId: of.identity.id as IdentityId }, async (tx) => {
      assert.equal(await shareFence(tx), true)
      tell()
      await last(tx)
    }).then(() => 'committed', () => 'rolled back')
    return { shared, over }
  }

  test('setting a pause waits for the effects of that identity that are in flight, and for nobody else’s', async () => {
    const [ada, eve] = [await world.person(), await world.person()]
    let end = (): void => {}
    let endHers = (): void => {}
    const mine = openEffect(ada, () => new Promise<void>((resolve) => { end = resolve }))
    const hers = openEffect(eve, () => new Promise<void>((resolve) => { endHers = resolve }))
    await Promise.all([mine.shared, hers.shared])
    let answered = false
    const pausing = ada.post(PAUSES, { scope: 'identity', id: ada.identity.id, reason: 'now' }).then((answer) => { answered = true; return answer })
    while ((await world.owner.query('select 1 from fence_pauses where target = $1', [ada.identity.id])).rows.length === 0);
    const early = answered
    end()
    const { status } = await pausing
    const afterwards = await mine.over
    endHers()

    assert.deepEqual([early, status, afterwards, await hers.over], [false, 201, 'committed', 'committed'])
  })

  test('an effect of that identity that hangs is ended; a hanging one of another identity is let be', async () => {
    const [ada, eve] = [await world.person(), await world.person()]
    let endHers = (): void => {}
    const mine = openEffect(ada, (tx) => tx.send(sql`select pg_sleep(9)`.compile(tx.db)))
    const hers = openEffect(eve, () => new Promise<void>((resolve) => { endHers = resolve }))
    await Promise.all([mine.shared, hers.shared])

    const { status } = await ada.post(PAUSES, { scope: 'identity', id: ada.identity.id, reason: 'now' })
    endHers()

    assert.deepEqual([status, await mine.over, await hers.over], [201, 'rolled back', 'committed'])
  })

  test('another’s identity and pause are 403 and recorded, what exists nowhere is 404, the operator’s pause is only the operator’s to lift', async () => {
    const [ada, eve] = [await world.person(), await world.person()]
    const foreign = await eve.post(PAUSES, { scope: 'identity', id: ada.identity.id, reason: 'x' })
    const { body: mine } = await ada.post(PAUSES, { scope: 'agent', id: 'P003', reason: 'x' })
    const lifting = await eve.del(`${PAUSES}/${mine.id}`)
    const { body: imposed } = await asOperator({ scope: 'identity', id: ada.identity.id, reason: 'investigation' })
    const byOwner = await ada.del(`${PAUSES}/${imposed.id}`)

    assert.deepEqual([foreign.status, foreign.body.code, lifting.status, lifting.body.code], [403, 'identity_boundary', 403, 'identity_boundary'])
    const { rows: [violations] } = await world.owner.query(`select count(*)::int as count from audit_events where identity_id = $1 and action = 'identity.violation'`, [eve.identity.id])
    assert.equal(violations.count, 2)
    assert.deepEqual([byOwner.status, byOwner.body.code], [403, 'forbidden'])
    assert.equal((await create(ada)).body.who, 'operator')
    for (const body of [{ scope: 'agent', id: 'P999', reason: 'x' }, { scope: 'identity', id: newId(), reason: 'x' }, { scope: 'sphere', id: '99', reason: 'x' }]) assert.equal((await ada.post(PAUSES, body)).status, 404)
    assert.equal((await ada.del(`${PAUSES}/${newId()}`)).status, 404)
    for (const body of [{ scope: 'world', id: 'x', reason: 'x' }, { scope: 'agent', id: 'P001' }, { scope: 'agent', id: 'P001', reason: '' }]) assert.equal((await ada.post(PAUSES, body)).status, 422)
    assert.equal((await world.anyone.post(PAUSES, { scope: 'agent', id: 'P001', reason: 'x' })).status, 401)
    assert.equal((await world.anyone.post(PAUSES, { scope: 'agent', id: 'P001', reason: 'x' }, { 'x-operator-key': 'x' })).status, 403)
    await world.anyone.del(`${PAUSES}/${imposed.id}`, operator)
  })

  test('the same pause again is the same one; lists are by page; the status counts pauses and names nobody', async () => {
    const [ada, eve] = [await world.person(), await world.person()]
    const once = await ada.post(PAUSES, { scope: 'agent', id: 'P010', reason: 'x' })
    const twice = await ada.post(PAUSES, { scope: 'agent', id: 'P010', reason: 'y' })
    await ada.post(PAUSES, { scope: 'agent', id: 'P011', reason: 'x' })
    const first = (await ada.get(`${PAUSES}?limit=1`)).body
    const second = (await ada.get(`${PAUSES}?limit=1&cursor=${encodeURIComponent(first.next_cursor)}`)).body
    const all = (await world.anyone.get(`${PAUSES}?limit=100`, operator)).body

    assert.equal(twice.body.id, once.body.id)
    assert.deepEqual([first.items[0].target, second.items[0].target], ['P011', 'P010'])
    assert.deepEqual((await eve.get(PAUSES)).body.items.filter((one: { for: string }) => one.for === 'one'), [])
    assert.ok(all.items.some(({ id }: { id: string }) => id === once.body.id))
    const { body: shown } = await world.anyone.get('/api/atom/status')
    assert.ok(shown.pauses.agent >= 2)
    assert.doesNotMatch(JSON.stringify(shown), new RegExp(`${ada.identity.id}|${ada.user.id}|P010`))
  })

  test('a pause of one’s own is in one’s own chain and told to oneself alone; the operator’s is in the instance’s', async () => {
    const [ada, eve] = [await world.person(), await world.person()]
    const [hers, others] = [await listenTo(world.url, ada.token, 'atom'), await listenTo(world.url, eve.token, 'atom')]
    await ada.post(PAUSES, { scope: 'agent', id: 'P020', reason: 'quiet' })
    const told = await hers.find(({ name, data }) => name === 'atom:agent_wave' && (data as { agent_id: string }).agent_id === 'P020')
    const { body: forAll } = await asOperator({ scope: 'agent', id: 'P021', reason: 'loud' })
    await others.find(({ name, data }) => name === 'atom:agent_wave' && (data as { agent_id: string }).agent_id === 'P021')

    assert.equal((told.data as { status: string }).status, 'paused')
    assert.ok(!JSON.stringify(others.events()).includes('P020'))
    const { body: { items: [own] } } = await ada.get('/api/v2/governance/audit?action=atom.pause')
    assert.match(JSON.stringify(own), /P020/)
    assert.equal((await ada.get('/api/v2/governance/audit/verify')).body.valid, true)
    await world.anyone.del(`${PAUSES}/${forAll.id}`, operator)
    for (const socket of [hers, others]) socket.close()
  })
})
