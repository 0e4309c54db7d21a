import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, suite, test } from 'node:test'
import type { Person } from '../../../testing/person.ts'
import { startWorld, type World } from '../../../testing/world.ts'
import { grant, inDays, putInForce } from '../../policies/testing.ts'
import { forgetDecisions } from '../../policies/decisions/forget-decisions.ts'

suite('try before you trust', () => {
  let world: World
  before(async () => { world = await startWorld() })
  after(() => world.close())

  const evaluate = (person: Person, tool: string, args: Record<string, unknown>, more: Record<string, unknown> = {}) => person.post('/api/v2/governance/evaluate', { tool, args, ...more })
  const traces = async (person: Person): Promise<unknown> => (await world.owner.query(
    `select (select count(*)::int from audit_events where identity_id = $1) as audit, (select count(*)::int from checkpoints where identity_id = $1) as checkpoints,
      (select count(*)::int from events where identity_id = $1) as events, (select count(*)::int from policy_decisions where identity_id = $1) as decisions,
      (select count(*)::int from notes where identity_id = $1) as notes, (select sum(uses)::int from standing_grants where identity_id = $1) as uses`, [person.identity.id])).rows[0]

  test('evaluate says what the gate would, and why, and leaves no trace', async () => {
    const [ada, bob] = [await world.person(), await world.person()]
    const { body: note } = await ada.post('/api/v2/notes', { title: 'Mine', sphere_id: 1 })
    const rule = await putInForce(ada, 'forbid (principal is Nova, action == Action::"tasks.create", resource);')
    await grant(ada, { tool: 'messages.send', pattern: { to: bob.user.email }, kind: 'once', ends_at: inDays(world, 1) })
    const before = await traces(ada)

    const said = await Promise.all([
      evaluate(ada, 'notes.delete', { note_id: note.id }, { as: 'nova' }), evaluate(ada, 'notes.delete', { note_id: note.id }),
      evaluate(ada, 'notes.update', { note_id: note.id, title: 'x' }, { as: 'nova', sphere_id: 2 }), evaluate(ada, 'tasks.create', { title: 'x' }, { as: 'nova' }),
      evaluate(ada, 'messages.send', { to: bob.user.email, body: 'x' }, { as: 'nova' }), evaluate(ada, 'payments.order', { beneficiary: 'Dupont SA', amount_minor: 5, currency: 'EUR' }),
    ])

    assert.deepEqual(said.map(({ status, body }) => [status, body.verdict, body.status, body.code, body.policies.map(({ id }: { id: string }) => id)]), [
      [200, 'hold', 423, 'checkpoint_required', ['hold_delete']], [200, 'allow', 200, null, ['person_is_the_human']],
      [200, 'deny', 403, 'cross_sphere', ['sphere_isolation']], [200, 'deny', 403, 'policy_denied', [rule]],
      [200, 'allow', 200, null, ['standing_grant']], [200, 'hold', 423, 'checkpoint_required', ['hold_payment']],
    ])
    const [deletion, , , task, sent] = said.map(({ body }) => body)
    assert.deepEqual([deletion.laws, deletion.missing_approvals.approvers, deletion.checkpoint_type], [['L1', 'L10'], 1, 'destructive_action'])
    assert.equal(task.policies[0].sentence, 'A rule of a test.')
    assert.match(deletion.policies[0].sentence, /deleted/)
    assert.ok(sent.grant_id)
    assert.deepEqual(await traces(ada), before)
  })

  test('evaluate knows what the gate knows beside the rules: a right for a time, what always asks, a budget that is spent, a pause', async () => {
    const [ada, bob] = [await world.person(), await world.person()]
    const asNova = (tool: string, args: Record<string, unknown>) => ada.post('/api/v2/nova/query', { message: '', action: { tool, args } })
    const send = { to: bob.user.email, body: 'x' }
    const { body: { checkpoint } } = await ada.post('/api/v2/governance/elevations', { scope: 'messages.send', reason: 'Invitations', minutes: 5 })
    await ada.post(`/api/v2/governance/elevations/${checkpoint.id}/approve`)

    const elevated = await evaluate(ada, 'messages.send', send, { as: 'nova' })
    const erased = await evaluate(ada, 'identities.erase_data', { identity_id: ada.identity.id, confirm: ada.identity.name })
    await ada.post('/api/v2/budgets/identity/lower', { credits: 0 })
    const before = await traces(ada)
    const spent = await evaluate(ada, 'notes.create', { title: 'x' }, { as: 'nova' })
    const byHand = await evaluate(ada, 'notes.create', { title: 'x' })

    assert.deepEqual([elevated.body.verdict, elevated.body.status, elevated.body.policies.map(({ id }: { id: string }) => id)], ['allow', 200, ['hold_send', `elevation:${checkpoint.id}`]])
    assert.deepEqual([erased.body.verdict, erased.body.policies.map(({ id }: { id: string }) => id)], ['hold', ['asked_first']])
    assert.deepEqual([spent.body.verdict, spent.body.status, spent.body.code], ['deny', 429, 'budget_exceeded'])
    assert.equal(byHand.body.verdict, 'allow')
    assert.deepEqual(await traces(ada), before)
    assert.equal((await asNova('notes.create', { title: 'x' })).body.code, spent.body.code)

    const { body: note } = await bob.post('/api/v2/notes', { title: 'x' })
    const { body: held } = await bob.post('/api/v2/nova/query', { message: '', action: { tool: 'notes.delete', args: { note_id: note.id } } })
    await bob.post(`/api/v2/governance/checkpoints/${held.checkpoint.id}/block`, { reason: 'no' })
    const paused = await evaluate(bob, 'notes.search', { query: 'x' }, { as: 'nova' })
    assert.deepEqual([paused.body.verdict, paused.body.status, paused.body.code], ['deny', 403, 'actor_paused'])
  })

  test('evaluate refuses as the gate does: an unknown tool 422, wrong arguments 422, no such row 404, another’s row 403 and on record', async () => {
    const [ada, eve] = [await world.person(), await world.person()]
    const { body: note } = await eve.post('/api/v2/notes', { title: 'Eve’s' })

    assert.equal((await evaluate(ada, 'notes.destroy', {})).body.code, 'unknown_tool')
    assert.equal((await evaluate(ada, 'notes.delete', { note_id: 'all' })).body.code, 'validation_error')
    assert.equal((await evaluate(ada, 'notes.delete', { note_id: '0190a0b0-0000-7000-8000-000000000000' })).status, 404)
    const foreign = await evaluate(ada, 'notes.delete', { note_id: note.id })
    assert.deepEqual([foreign.status, foreign.body.code, foreign.body.policies, foreign.body.laws], [403, 'identity_boundary', ['identity_boundary'], ['L9']])
    assert.equal((await ada.get('/api/v2/governance/audit?action=identity.violation')).body.items.length, 1)
    assert.equal((await world.anyone.post('/api/v2/governance/evaluate', { tool: 'notes.create', args: {} })).status, 401)
  })

  test('the constitution shows the ten laws and the rules of the sources in both languages, with where each is kept', async () => {
    const ada = await world.person()

    const { status, body } = await ada.get('/api/v2/governance/constitution', { 'accept-language': 'fr' })

    assert.equal(status, 200)
    assert.deepEqual(body.laws.map(({ id, strength }: { id: string; strength: string }) => [id, strength]), Array.from({ length: 10 }, (_, n) => [`L${n + 1}`, n === 3 || n === 5 ? 'standard' : 'strict']))
    assert.deepEqual(body.rules.map(({ id }: { id: string }) => id), ['identity_boundary', 'sphere_isolation', 'budget', 'destructive', 'external_communication', 'export', 'rate'])
    for (const { id, title, title_text: texts, sentence_text: said, enforced_by: keepers } of [...body.laws, ...body.rules]) {
      assert.ok(keepers.length > 0 && said.en && said.fr, id)
      if (texts) assert.equal(title, texts.fr)
      for (const { file, status: state, by } of keepers) {
        assert.ok(existsSync(join(import.meta.dirname, '../../../../..', file)), file)
        assert.equal(state, by === 'policy' ? 'active' : 'in_code')
      }
    }
  })

  test('every decision is on record with its policies, and is forgotten after thirty days', async () => {
    const ada = await world.person()
    const { body: note } = await ada.post('/api/v2/notes', { title: 'Mine' })
    await ada.post('/api/v2/nova/query', { message: '', action: { tool: 'notes.delete', args: { note_id: note.id } } })
    await ada.post('/api/v2/nova/query', { message: '', sphere_id: 5, action: { tool: 'notes.update', args: { note_id: note.id, title: 'x' } } })

    const { body } = await ada.get('/api/v2/governance/decisions?limit=2')
    const next = await ada.get(`/api/v2/governance/decisions?limit=2&cursor=${body.next_cursor}`)

    assert.deepEqual([...body.items, ...next.body.items].map(({ action, verdict, policies }: Record<string, unknown>) => [action, verdict, policies]), [
      ['notes.update', 'deny', ['sphere_isolation']], ['notes.delete', 'hold', ['hold_delete']], ['notes.create', 'allow', ['reversible_within_identity']],
    ])
    const days = (count: number): Date => new Date(world.clock.now().getTime() + count * 24 * 3_600_000)
    assert.equal(await forgetDecisions(world.platform.store, days(29)), 0)
    assert.ok(await forgetDecisions(world.platform.store, days(31)) >= 3)
  })
})
