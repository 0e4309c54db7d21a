import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { startFakeAnthropic, type FakeAnthropic } from '../../testing/fake-anthropic.ts'
import type { Person } from '../../testing/person.ts'
import { startWorld, type World } from '../../testing/world.ts'
import { keyOf } from '../keys/testing.ts'
import { expireReservations } from './expire-reservations.ts'
import { reserve, settle, release, type Payer } from './reserve.ts'

let world: World
let fake: FakeAnthropic
before(async () => {
  fake = await startFakeAnthropic()
  world = await startWorld({ settings: { ...fake.settings, NOVA_MAX_TOKENS: '1000', SAFEGUARD: 'off' } })
})
after(async () => {
  await world.close()
  await fake.close()
})

const create = (person: Person, title: string, headers?: Record<string, string>) => person.post('/api/v2/nova/query', { message: '', action: { tool: 'notes.create', args: { title } } }, headers)
const lower = (person: Person, credits: number) => person.post('/api/v2/budgets/identity/lower', { credits })
const budgetOf = async (person: Person) => (await person.get('/api/v2/budgets')).body.items.find(({ scope }: { scope: string }) => scope === 'identity')
const payerOf = (person: Person): Payer => ({ identityId: person.identity.id as Payer['identityId'], userId: person.user.id as Payer['userId'], sessionId: '019f0000-0000-7000-8000-000000000000' as Payer['sessionId'], requestId: 'test', runId: null })

describe('actions of agents', () => {
  test('the person’s own work costs nothing, an agent’s action one credit, a held one when it is done', async () => {
    const ada = await world.person()
    await ada.post('/api/v2/notes', { title: 'mine' })
    assert.equal(await budgetOf(ada), undefined)

    const { body: run } = await create(ada, 'Courses')
    assert.deepEqual(await budgetOf(ada), { scope: 'identity', scope_id: ada.identity.id, period: new Date(world.clock.now()).toISOString().slice(0, 7), credits: 100_000, used: 1, reserved: 0, left: 99_999 })
    const held = await ada.post('/api/v2/nova/query', { message: '', action: { tool: 'notes.delete', args: { note_id: run.actions[0].result.id } } })
    assert.deepEqual([held.status, (await budgetOf(ada)).used], [423, 1])
    assert.equal((await ada.post(`/api/v2/governance/checkpoints/${held.body.checkpoint.id}/approve`, {})).status, 200)
    assert.equal((await budgetOf(ada)).used, 2)
  })

  test('LLM-01, LLM-04: of 200 actions at once over two servers, with 50 credits, exactly 50 are done; the others are 429 and leave nothing', async (t) => {
    const ada = await world.person()
    const second = await world.another()
    t.after(() => second.close())
    assert.equal((await lower(ada, 50)).status, 200)
    const there = { ...ada, post: (path: string, body: unknown) => fetch(`${second.url}${path}`, { method: 'POST', headers: { authorization: `Bearer ${ada.token}`, 'content-type': 'application/json' }, body: JSON.stringify(body) }).then(async (response) => ({ status: response.status, headers: response.headers, body: await response.json() })) } as Person

    const answers = await Promise.all(Array.from({ length: 200 }, (_, index) => create(index % 2 ? ada : there, `note ${index}`)))

    assert.deepEqual([200, 429].map((status) => answers.filter((answer) => answer.status === status).length), [50, 150])
    const refused = answers.find(({ status }) => status === 429) ?? assert.fail()
    assert.deepEqual([refused.body.code, refused.body.scope], ['budget_exceeded', 'identity'])
    assert.ok(Number(refused.headers.get('retry-after')) > 0)
    assert.match(refused.headers.get('ratelimit') ?? '', /^"budget";r=0;t=\d+$/)
    const { rows } = await world.owner.query('select count(*)::int as notes from notes where identity_id = $1', [ada.identity.id])
    assert.deepEqual([rows[0].notes, (await budgetOf(ada)).used, (await budgetOf(ada)).left], [50, 50, 0])
    assert.equal((await ada.post('/api/v2/notes', { title: 'a person still works' })).status, 201)
    const { body: audit } = await ada.get('/api/v2/governance/audit?action=budget.exceeded&limit=1')
    assert.equal(audit.items.length, 1)
  })

  test('an approval that the budget no longer covers does nothing, and can be given again once it does', async () => {
    const ada = await world.person()
    const { body: note } = await ada.post('/api/v2/notes', { title: 'Kept' })
    const held = await ada.post('/api/v2/nova/query', { message: '', action: { tool: 'notes.delete', args: { note_id: note.id } } })
    await lower(ada, 0)
    const path = `/api/v2/governance/checkpoints/${held.body.checkpoint.id}`

    const refused = await ada.post(`${path}/approve`, {})

    assert.deepEqual([refused.status, refused.body.code, (await ada.get(path)).body.status], [429, 'budget_exceeded', 'pending'])
    assert.equal((await ada.get(`/api/v2/notes/${note.id}`)).body.binned_at, null)
    const asked = await ada.put('/api/v2/budgets/identity', { credits: 10 })
    assert.deepEqual([asked.status, asked.body.checkpoint.effect], [423, 'GRANT'])
    assert.equal((await ada.post(`/api/v2/governance/checkpoints/${asked.body.checkpoint.id}/approve`, {})).status, 200)
    assert.equal((await ada.post(`${path}/approve`, {})).body.outcome.status, 'completed')
  })

  test('lowering does not wait and raises nothing; a key’s budget counts beside its identity’s', async () => {
    const ada = await world.person()
    assert.deepEqual([(await lower(ada, 100_001)).status, (await lower(ada, 100_000)).status, (await lower(ada, 20)).status, (await lower(ada, 21)).status], [409, 409, 200, 409])
    const robot = await keyOf(ada, world.url, { scopes: ['notes.*'], credits: 3 })

    const answers = await Promise.all(Array.from({ length: 20 }, (_, index) => robot.post('/api/v2/notes', { title: `n${index}` })))

    assert.deepEqual([201, 429].map((status) => answers.filter((answer) => answer.status === status).length), [3, 17])
    assert.equal(answers.find(({ status }) => status === 429)?.body.scope, 'api_key')
    assert.equal((await budgetOf(ada)).used, 3)
    assert.deepEqual([(await ada.put('/api/v2/budgets/api_key', { credits: 1 })).status, (await ada.put('/api/v2/budgets/identity', { credits: 1, key_id: robot.id })).status], [422, 422])
    assert.equal((await ada.post('/api/v2/budgets/api_key/lower', { key_id: robot.id, credits: 2 })).status, 200)
    const eve = await world.person()
    assert.equal((await eve.post('/api/v2/budgets/api_key/lower', { key_id: robot.id, credits: 0 })).body.code, 'identity_boundary')
  })

  test('the next month begins anew, under the limit that was set', async (t) => {
    const other = await startWorld()
    t.after(() => other.close())
    const ada = await other.person()
    await ada.post('/api/v2/budgets/identity/lower', { credits: 1 })
    assert.deepEqual([(await create(ada, 'one')).status, (await create(ada, 'two')).status], [200, 429])

    other.clock.advance(32 * 86_400_000)
    const { body } = await other.anyone.post('/api/v2/auth/login', { email: ada.user.email, password: ada.password })
    const as = { authorization: `Bearer ${body.access_token}` }

    assert.deepEqual([(await create(ada, 'three', as)).status, (await create(ada, 'four', as)).status], [200, 429])
  })
})

describe('reservations', () => {
  test('LLM-01, LLM-02: 500 reservations at once over two servers with room for 50, then settled, released and left: never above the limit, nothing left over', async (t) => {
    const second = await world.another()
    t.after(() => second.close())
    for (let round = 0; round < 3; round += 1) {
      const ada = await world.person()
      await lower(ada, 500)
      const reserved = await Promise.allSettled(Array.from({ length: 500 }, (_, index) => reserve((index % 2 ? world : second).platform, payerOf(ada), 10)))
      const ids = reserved.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
      assert.equal(ids.length, 50)
      assert.ok(reserved.every((one) => one.status === 'fulfilled' || /^(budget_exceeded|unavailable)$/.test((one.reason as { code: string }).code)))
      assert.deepEqual([(await budgetOf(ada)).reserved, (await budgetOf(ada)).left], [500, 0])

      await Promise.all(ids.map((id, index) => (index % 3 === 0 ? settle(world.platform, payerOf(ada), { id, reserved: 10, actual: 4 }) : index % 3 === 1 ? release(second.platform, payerOf(ada), id) : Promise.resolve())))
      await Promise.all([world, second].map(({ platform }) => expireReservations(platform.store, new Date(platform.clock.now().getTime() + 20 * 60_000))))

      const { used, reserved: left } = await budgetOf(ada)
      assert.deepEqual([used, left], [17 * 4, 0])
    }
  })

  test('LLM-02: a reservation ends once, however often it is settled; one that expired and ends after all is still counted', async () => {
    const ada = await world.person()
    const [id, late] = [await reserve(world.platform, payerOf(ada), 10), await reserve(world.platform, payerOf(ada), 10)]

    await Promise.all(Array.from({ length: 20 }, () => settle(world.platform, payerOf(ada), { id, reserved: 10, actual: 7 })))
    await expireReservations(world.platform.store, new Date(world.clock.now().getTime() + 20 * 60_000))
    assert.deepEqual([(await budgetOf(ada)).used, (await budgetOf(ada)).reserved], [7, 0])
    await settle(world.platform, payerOf(ada), { id: late, reserved: 10, actual: 5 })

    assert.deepEqual([(await budgetOf(ada)).used, (await budgetOf(ada)).reserved], [12, 0])
  })

  test('LLM-03: what cost more than was reserved is counted and recorded, and the next call is refused', async () => {
    const ada = await world.person()
    await lower(ada, 10)
    const id = await reserve(world.platform, payerOf(ada), 10)
    await settle(world.platform, payerOf(ada), { id, reserved: 10, actual: 14 })

    await assert.rejects(reserve(world.platform, payerOf(ada), 1), { code: 'budget_exceeded' })
    assert.deepEqual([(await budgetOf(ada)).used, (await budgetOf(ada)).left], [14, 0])
    const { body } = await ada.get('/api/v2/governance/audit?action=budget.overrun')
    assert.deepEqual(body.items[0].details, { reserved: 10, actual: 14 })
  })

  test('LLM-04: over budget the model is not asked, and what a call costs is settled as reported', async () => {
    const ada = await world.person()
    fake.reset()
    fake.script({ say: 'Bonjour.', usage: { input_tokens: 120, output_tokens: 30 } })
    assert.equal((await ada.post('/api/v2/nova/query', { message: 'Bonjour' })).status, 200)
    assert.deepEqual([(await budgetOf(ada)).used, (await budgetOf(ada)).reserved], [150, 0])
    await lower(ada, 900)

    const { status, body } = await ada.post('/api/v2/nova/query', { message: 'Encore' })

    assert.deepEqual([status, body.code, fake.requests.length], [429, 'budget_exceeded', 1])
    assert.deepEqual([(await budgetOf(ada)).used, (await budgetOf(ada)).reserved], [150, 0])
  })

  test('LLM-02: a call that the provider refuses costs nothing and leaves nothing reserved', async () => {
    const ada = await world.person()
    fake.reset()
    fake.script({ status: 529 }, 'cut')
    for (const message of ['un', 'deux']) assert.equal((await ada.post('/api/v2/nova/query', { message })).status, 502)

    const { rows } = await world.owner.query('select used::int, reserved::int from budgets where identity_id = $1', [ada.identity.id])
    assert.deepEqual(rows, [{ used: 0, reserved: 0 }])
  })
})
