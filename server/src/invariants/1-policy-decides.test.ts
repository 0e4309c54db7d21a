import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { createEngine } from '../domains/policies/engine/engine.ts'
import { plainQuestion, shippedSet } from '../domains/policies/default-decision.ts'
import type { LoadedPolicy, PolicySet } from '../domains/policies/engine/slots.ts'
import { createSlots } from '../domains/policies/engine/slots.ts'
import { askNova, draft, putInForceForAll } from '../domains/policies/testing.ts'
import { startWorld, type World } from '../testing/world.ts'

suite('Invariant 1: the policy decides, and fails closed', () => {
  let world: World
  before(async () => { world = await startWorld() })
  after(() => world.close())

  const SENTENCE = { en: 'x', fr: 'x' }
  const PERMIT: LoadedPolicy = { text: 'permit (principal, action, resource);', effect: 'permit', laws: [], requirement: null }
  const setWith = (policies: Record<string, LoadedPolicy>): PolicySet => ({ key: JSON.stringify(Object.keys(policies)), stamp: '1', hasShadow: false, policies: new Map(Object.entries(policies)) })
  const question = () => plainQuestion(world.app.gate.actions.get('notes.create') as never, { actor: { kind: 'nova', id: 'nova' }, via: 'nova', at: new Date(0) })

  test('a policy that errs denies, though Cedar would pass it over and permit', () => {
    const engine = createEngine(world.app.gate.actions)
    const errs: LoadedPolicy = { ...PERMIT, effect: 'forbid', text: 'forbid (principal, action, resource) when { context.amount + 9223372036854775807 > 0 };' }
    const amount = { ...question(), facts: { amountMinor: 5 } }

    const absent = engine.decide(setWith({ all: PERMIT, errs }), question()).decision
    const overflow = engine.decide(setWith({ all: PERMIT, errs, again: errs }), amount).decision

    assert.deepEqual([absent.verdict, absent.policies], ['deny', ['errs', 'policy_error']])
    assert.deepEqual([overflow.verdict, overflow.policies], ['deny', ['again', 'errs', 'policy_error']])
  })

  test('a set that does not parse, an empty set and a request that Cedar cannot read deny', () => {
    const engine = createEngine(world.app.gate.actions)

    assert.deepEqual(engine.decide(setWith({ broken: { ...PERMIT, text: 'permit (' } }), question()).decision.policies, ['policy_error'])
    assert.deepEqual(engine.decide(setWith({}), question()).decision.policies, ['nothing_permits'])
    assert.deepEqual(engine.decide(setWith({ fine: PERMIT }), { ...question(), budgetLeft: Number.NaN }).decision.policies, ['policy_error'])
    assert.equal(engine.decide(setWith({ fine: PERMIT }), question()).decision.verdict, 'allow')
    assert.deepEqual(engine.decide(shippedSet(), { ...question(), action: { name: 'not.registered', effect: 'CREATE' } }).decision.verdict, 'deny')
  })

  test('many sets share few places in Cedar’s memory, and none answers for another', () => {
    const slots = createSlots(3)
    const sets = Array.from({ length: 10 }, (_, n) => setWith({ [`only-${n}`]: PERMIT }))

    const ids = new Set([...sets, ...sets].map((set) => slots.hold(set)))

    assert.equal(ids.size, 3)
    const engine = createEngine(world.app.gate.actions)
    const many = Array.from({ length: 200 }, (_, n) => setWith({ [`p-${n}`]: PERMIT }))
    for (const round of [1, 2]) for (const [n, set] of many.entries()) assert.deepEqual(engine.decide(set, question()).decision.policies, [`p-${n}`], `round ${round}`)
  })

  test('rules that cannot be read, or that somebody broke in the database, deny with an audit event', async (t) => {
    const other = await startWorld()
    t.after(() => other.close())
    const ada = await other.person()
    await other.owner.query("update governance_rules set text = 'permit (' where name = 'hold_send'")
    await other.owner.query('update policy_versions set version = version + 1')

    const { status, body } = await askNova(ada, 'notes.create', { title: 'x' })

    assert.deepEqual([status, body.policies], [403, ['unknown_policy_set']])
    assert.equal((await ada.post('/api/v2/notes', { title: 'x' })).status, 403)
    assert.deepEqual((await ada.get('/api/v2/governance/audit?action=policy.denied')).body.items[0].decision.policies, ['unknown_policy_set'])
    assert.equal((await ada.get('/api/v2/notes')).status, 200)
  })

  test('texts that are long, deep or strange are refused, and the engine goes on', async () => {
    const ada = await world.person()
    const inside = (text: string) => `permit (principal, action, resource) when { ${text} };`
    const hostile = ['x'.repeat(1_000_000), inside('('.repeat(300) + 'true' + ')'.repeat(300)), inside('['.repeat(1_000)), '('.repeat(4_000), inside('!'.repeat(3_000) + 'true'), inside(`{a:${'{a:'.repeat(500)}`), inside('"'.repeat(3_999)), '\u0000', '\uD800', '@'.repeat(4_000), inside(`${'if true then '.repeat(250)}`), inside(`"${'\\'.repeat(2_001)}`)]

    for (const text of hostile) {
      const { status } = await ada.post('/api/v2/governance/rules', { name: 'x', text, sentence: SENTENCE })
      assert.ok([400, 413, 422].includes(status), `${status} for ${text.slice(0, 60)}`)
    }
    assert.equal((await ada.post('/api/v2/governance/rules', { name: 'x', text: 'x'.repeat(2_000_000), sentence: SENTENCE })).status, 413)
    await draft(ada, inside(`context.hour == 1 ${'|| context.hour == 1 '.repeat(150)}`))
    assert.equal((await askNova(ada, 'notes.create', { title: 'still here' })).status, 200)
  })

  test('names, titles and arguments are values and never text of a policy', async () => {
    const ada = await world.person({ name: '"}; permit (principal, action, resource); //' })
    const hostile = '" || true }; permit (principal, action, resource) when { "'
    const { body: note } = await ada.post('/api/v2/notes', { title: hostile })

    assert.equal((await askNova(ada, 'notes.update', { note_id: note.id, title: `${hostile}\u2028\\"` })).status, 200)
    assert.equal((await askNova(ada, 'messages.send', { to: (await world.person()).user.email, subject: 'x', body: hostile })).status, 423)
    const { status, body } = await ada.post('/api/v2/governance/rules', { name: hostile, text: 'permit (principal, action == Action::"notes.create", resource);', sentence: { en: hostile, fr: hostile } })
    assert.deepEqual([status, body.name], [201, hostile])
  })

  test('after an activation is answered no decision on any node is made under the old set', async (t) => {
    // So many refusals at once would have the safeguard block who is refused.
    const first = await startWorld({ storeLimits: { connectMs: 60_000 }, settings: { SAFEGUARD: 'watch' } })
    const second = await first.another()
    t.after(async () => {
      await second.close()
      await first.close()
    })
    const ada = await first.person()
    const seal = { 'x-architect-seal': first.seal }
    const ask = async (url: string, title: string): Promise<number> => (await fetch(`${url}/api/v2/nova/query`, { method: 'POST', headers: { authorization: `Bearer ${ada.token}`, 'content-type': 'application/json' }, body: JSON.stringify({ message: '', action: { tool: 'notes.create', args: { title } } }) })).status
    for (let round = 0; round < 5; round += 1) {
      const flood = Array.from({ length: 30 }, (_, n) => ask(n % 2 ? first.url : second.url, `${round}-${n}`))
      const id = await putInForceForAll(first, 'forbid (principal is Nova, action == Action::"notes.create", resource);', `round ${round}`)
      const { rows: [{ count: atAnswer }] } = await first.owner.query('select count(*)::int as count from notes')
      const later = await Promise.all(Array.from({ length: 20 }, (_, n) => ask(n % 2 ? first.url : second.url, `late-${round}-${n}`)))
      await Promise.all(flood)

      const { rows: [{ count: atEnd }] } = await first.owner.query('select count(*)::int as count from notes')
      assert.deepEqual(later, Array.from({ length: 20 }, () => 403))
      assert.equal(atEnd, atAnswer, 'a note was committed after the answer')
      assert.equal((await first.anyone.post(`/api/v2/governance/instance/rules/${id}/retire`, { confirm_forbids_removed: [id] }, seal)).status, 200)
      assert.deepEqual(await Promise.all([ask(first.url, `free-${round}`), ask(second.url, `free-${round}`)]), [200, 200])
    }
  })
})
