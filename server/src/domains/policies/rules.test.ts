import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { startWorld, type World } from '../../testing/world.ts'
import { approveHeld, askNova, draft, putInForce, putInForceForAll } from './testing.ts'

const NO_NOTES = 'forbid (principal is Nova, action == Action::"notes.create", resource);'
const SENTENCE = { en: 'No notes.', fr: 'Pas de notes.' }

suite('rules in writing', () => {
  let world: World
  before(async () => { world = await startWorld() })
  after(() => world.close())

  test('a rule does not validate: 422 with Cedar’s message, line and column', async () => {
    const ada = await world.person()
    const post = async (text: string) => (await ada.post('/api/v2/governance/rules', { name: 'x', text, sentence: SENTENCE })).body

    const unread = await post('permit (principal,\n  action, resourc);')
    const unknown = await post('@hold("é")\nforbid (principal, action, resource)\nunless { context has approval && context.foo == 1 };')
    const nowhere = await post('forbid (principal, action == Action::"notes.destroy", resource);')

    assert.deepEqual([unread.code, unread.errors[0].line, unread.errors[0].column], ['invalid_rule', 2, 11])
    assert.match(unread.errors[0].message, /invalid variable/)
    assert.deepEqual([unknown.errors[0].line, unknown.errors[0].column], [3, 34])
    assert.match(unknown.errors[0].message, /attribute `foo`/)
    assert.match(nowhere.errors[0].message, /unrecognized action/)
  })

  test('a rule whose approvers are none, misspelt annotations, holds that nobody can lift and two policies in one are 422', async () => {
    const ada = await world.person()
    const forbid = 'forbid (principal, action in Action::"SEND", resource) unless { context has approval };'
    const wrong = [
      `@hold("mail") @approvers("0") ${forbid}`, `@hold("mail") @approvers("") ${forbid}`, `@hold("mail") @approvers("-1") ${forbid}`, `@hold("mail") @approvers("99") ${forbid}`,
      `@hold("mail") @approver_role("") ${forbid}`, `@hold("mail") @approver_role("auditor") ${forbid}`, `@hold("mail") @aprovers("2") ${forbid}`, `@approvers("2") ${forbid}`, `@hold("") ${forbid}`,
      '@hold("mail") forbid (principal, action in Action::"SEND", resource);', '@hold("mail") permit (principal, action, resource) when { context has approval };',
      'permit (principal, action, resource); permit (principal, action, resource);', 'permit (principal == ?principal, action, resource);', '', '// nothing',
      'forbid (principal, action, resource) when { false };',
    ]

    for (const text of wrong) assert.equal((await ada.post('/api/v2/governance/rules', { name: 'x', text, sentence: SENTENCE })).status, 422, text)
    assert.equal((await ada.post('/api/v2/governance/rules', { name: 'x', text: `@hold("mail") @approvers("2") @approver_role("admin") @high_risk("true") @expires_minutes("30") ${forbid}`, sentence: SENTENCE })).status, 201)
    const nobody = await ada.post('/api/v2/governance/rules', { name: 'x', text: `@hold("mail") @approver_role("admin") @exclude_requester("true") ${forbid}`, sentence: SENTENCE })
    assert.deepEqual([nobody.status, nobody.body.code, nobody.body.found], [422, 'unmeetable', 0])
  })

  test('a draft decides nothing; once activated it refuses, by its id, and once retired it does not', async () => {
    const ada = await world.person()
    const id = await draft(ada, NO_NOTES)
    assert.equal((await askNova(ada, 'notes.create', { title: 'before' })).status, 200)

    const held = await ada.post(`/api/v2/governance/rules/${id}/activate`, {})
    assert.deepEqual([held.status, held.body.checkpoint.effect, held.body.checkpoint.type, held.body.policies], [423, 'GRANT', 'scope_elevation', ['hold_grant']])
    assert.equal((await askNova(ada, 'notes.create', { title: 'not yet' })).status, 200)
    await approveHeld(ada, held)
    const refused = await askNova(ada, 'notes.create', { title: 'now' })

    assert.deepEqual([refused.status, refused.body.code, refused.body.policies], [403, 'policy_denied', [id]])
    assert.deepEqual((await ada.get('/api/v2/governance/audit?action=policy.denied')).body.items[0].decision.policies, [id])
    const retired = await approveHeld(ada, await ada.post(`/api/v2/governance/rules/${id}/retire`, { confirm_forbids_removed: [id] }))
    assert.equal(retired.body.outcome.result.status, 'retired')
    assert.equal((await askNova(ada, 'notes.create', { title: 'after' })).status, 200)
  })

  test('a rule of one identity binds no other, and shows to no other', async () => {
    const [ada, eve] = [await world.person(), await world.person()]
    const id = await putInForce(ada, NO_NOTES)

    assert.equal((await askNova(eve, 'notes.create', { title: 'mine' })).status, 200)
    const seen = await Promise.all([eve.get(`/api/v2/governance/rules/${id}`), eve.post(`/api/v2/governance/rules/${id}/activate`, {}), eve.post(`/api/v2/governance/rules/${id}/replay`, {}), eve.post(`/api/v2/governance/rules/${id}/versions`, { text: NO_NOTES, sentence: SENTENCE })])
    assert.deepEqual(seen.map(({ status, body }) => [status, body.code]), Array.from({ length: 4 }, () => [403, 'identity_boundary']))
    assert.equal((await eve.get('/api/v2/governance/rules?layer=identity')).body.items.length, 0)
    assert.equal((await eve.get('/api/v2/governance/rules/0190a0b0-0000-7000-8000-000000000000')).status, 404)
  })

  test('a permit of one’s own opens nothing: not another’s rows, not what is held, not another sphere', async () => {
    const [ada, eve] = [await world.person(), await world.person()]
    const { body: note } = await eve.post('/api/v2/notes', { title: 'Eve’s' })
    const { body: own } = await ada.post('/api/v2/notes', { title: 'Mine', sphere_id: 1 })
    await putInForce(ada, 'permit (principal, action, resource);')

    assert.deepEqual([(await askNova(ada, 'notes.update', { note_id: note.id, title: 'stolen' })).body.code, (await ada.get(`/api/v2/notes/${note.id}`)).status], ['identity_boundary', 403])
    assert.equal((await askNova(ada, 'notes.delete', { note_id: own.id })).status, 423)
    assert.equal((await ada.post('/api/v2/payments/orders', { beneficiary: 'Dupont SA', amount_minor: 100, currency: 'EUR' })).status, 423)
    assert.equal((await askNova(ada, 'notes.update', { note_id: own.id, title: 'x' }, { sphere_id: 2 })).body.code, 'cross_sphere')
  })

  test('a hold asks for what its annotations say; an approval that is less is stale', async () => {
    const ada = await world.person()
    await putInForce(ada, '@hold("large payments")\n@approvers("2")\n@expires_minutes("30")\nforbid (principal, action in Action::"PAYMENT", resource)\nwhen { context has amount && context.amount > 100000 }\nunless { context has approval && context.approval.given >= 2 };')
    const order = (amount_minor: number) => ada.post('/api/v2/payments/orders', { beneficiary: 'Dupont SA', amount_minor, currency: 'EUR' })

    const small = await order(5_000)
    const large = await order(500_000)
    const { body: asked } = await ada.post('/api/v2/governance/evaluate', { tool: 'payments.order', args: { beneficiary: 'Dupont SA', amount_minor: 500_000, currency: 'EUR' } })

    assert.deepEqual([small.body.policies, large.body.policies.length], [['hold_payment'], 2])
    assert.deepEqual([asked.missing_approvals.approvers, asked.missing_approvals.expires_minutes], [2, 30])
    assert.equal((await ada.post(`/api/v2/governance/checkpoints/${small.body.checkpoint.id}/approve`, {})).status, 200)
    assert.equal((await ada.get('/api/v2/payments/orders')).body.items.length, 1)
  })

  test('what is denied since it was asked is denied at the approval; what is retired since then is not', async () => {
    const ada = await world.person()
    const { body: note } = await ada.post('/api/v2/notes', { title: 'Mine' })
    const held = await askNova(ada, 'notes.delete', { note_id: note.id })
    const id = await putInForce(ada, 'forbid (principal is Nova, action == Action::"notes.delete", resource);')

    const { status, body } = await ada.post(`/api/v2/governance/checkpoints/${held.body.checkpoint.id}/approve`, {})

    assert.deepEqual([status, body.code, body.policies], [403, 'policy_denied', [id]])
    assert.equal((await ada.get(`/api/v2/notes/${note.id}`)).body.binned_at, null)
    await approveHeld(ada, await ada.post(`/api/v2/governance/rules/${id}/retire`, { confirm_forbids_removed: [id] }))
    assert.equal((await ada.post(`/api/v2/governance/checkpoints/${held.body.checkpoint.id}/approve`, {})).status, 200)
  })

  test('what asks for more since it was approved is stale', async () => {
    const ada = await world.person()
    const { body: note } = await ada.post('/api/v2/notes', { title: 'Mine' })
    const held = await askNova(ada, 'notes.delete', { note_id: note.id })
    await putInForce(ada, '@hold("deletions") @approvers("3") forbid (principal is Nova, action in Action::"DELETE", resource) unless { context has approval };')

    const { status, body } = await ada.post(`/api/v2/governance/checkpoints/${held.body.checkpoint.id}/approve`, {})

    assert.deepEqual([status, body.code], [409, 'stale'])
    assert.equal((await ada.get(`/api/v2/notes/${note.id}`)).body.binned_at, null)
  })

  test('a set in which a forbid disappears is activated only when that is said', async () => {
    const ada = await world.person()
    const id = await putInForce(ada, NO_NOTES)
    const milder = await ada.post(`/api/v2/governance/rules/${id}/versions`, { text: 'permit (principal is Nova, action == Action::"notes.create", resource);', sentence: SENTENCE })
    assert.deepEqual([milder.status, milder.body.version, milder.body.status], [201, 2, 'draft'])

    const unsaid = await ada.post(`/api/v2/governance/rules/${milder.body.id}/activate`, {})
    const unsaidRetire = await ada.post(`/api/v2/governance/rules/${id}/retire`, { confirm_forbids_removed: ['hold_send'] })

    assert.deepEqual([unsaid.status, unsaid.body.code, unsaid.body.forbids], [409, 'forbids_removed', [id]])
    assert.deepEqual([unsaidRetire.status, unsaidRetire.body.forbids], [409, [id]])
    await approveHeld(ada, await ada.post(`/api/v2/governance/rules/${milder.body.id}/activate`, { confirm_forbids_removed: [id] }))
    assert.deepEqual((await ada.get('/api/v2/governance/rules?layer=identity')).body.items.map(({ version, status }: { version: number; status: string }) => [version, status]), [[2, 'active'], [1, 'retired']])
    assert.equal((await askNova(ada, 'notes.create', { title: 'again' })).status, 200)
  })

  test('a rule in shadow decides nothing, and what it would have said is on record', async () => {
    const ada = await world.person()
    const id = await draft(ada, NO_NOTES)
    assert.equal((await ada.post(`/api/v2/governance/rules/${id}/shadow`, {})).body.status, 'shadow')

    assert.equal((await askNova(ada, 'notes.create', { title: 'allowed' })).status, 200)

    const [decision] = (await ada.get('/api/v2/governance/decisions')).body.items
    assert.deepEqual([decision.action, decision.verdict, decision.shadow], ['notes.create', 'allow', { verdict: 'deny', policies: [id] }])
  })

  test('a replay lists every decision that would change, and changes none', async () => {
    const ada = await world.person()
    for (const title of ['a', 'b', 'c']) await askNova(ada, 'notes.create', { title })
    await ada.post('/api/v2/notes', { title: 'my own' })
    const id = await draft(ada, 'forbid (principal is Nova, action == Action::"notes.create", resource) when { context.args.hasTag("title") && context.args.getTag("title") != "b" };')

    const { status, body } = await ada.post(`/api/v2/governance/rules/${id}/replay`, { last: 1_000 })

    assert.equal(status, 200)
    assert.equal(body.changed.length, 2)
    assert.ok(body.changed.every(({ was, would_be }: { was: { verdict: string }; would_be: { verdict: string; policies: string[] } }) => was.verdict === 'allow' && would_be.verdict === 'deny' && would_be.policies[0] === id))
    assert.ok(body.replayed >= 5)
    assert.equal((await ada.post(`/api/v2/governance/rules/${id}/replay`, { last: 1_001 })).status, 422)
    assert.equal((await askNova(ada, 'notes.create', { title: 'd' })).status, 200)
  })

  test('the instance’s rules change by the seal alone, and bind everybody at once', async (t) => {
    const other = await startWorld()
    t.after(() => other.close())
    const ada = await other.person()
    const given = { name: 'x', text: NO_NOTES, sentence: SENTENCE }
    assert.deepEqual([(await other.anyone.post('/api/v2/governance/instance/rules', given)).status, (await ada.post('/api/v2/governance/instance/rules', given, { 'x-architect-seal': 'wrong' })).status], [403, 403])

    const id = await putInForceForAll(other, NO_NOTES)

    assert.deepEqual((await askNova(ada, 'notes.create', { title: 'x' })).body.policies, [id])
    assert.equal((await ada.post(`/api/v2/governance/rules/${id}/retire`, { confirm_forbids_removed: [id] })).status, 403)
    const seal = { 'x-architect-seal': other.seal }
    assert.equal((await other.anyone.post(`/api/v2/governance/instance/rules/${id}/retire`, {}, seal)).body.code, 'forbids_removed')
    assert.equal((await other.anyone.post(`/api/v2/governance/instance/rules/${id}/retire`, { confirm_forbids_removed: [id] }, seal)).status, 200)
    assert.equal((await askNova(ada, 'notes.create', { title: 'x' })).status, 200)
  })

  test('the floor: without the shipped holds payments, transfers, grants and what agents send or delete still wait', async (t) => {
    const other = await startWorld()
    t.after(() => other.close())
    const ada = await other.person()
    const seal = { 'x-architect-seal': other.seal }
    const { body } = await ada.get('/api/v2/governance/rules?layer=instance&limit=100')
    for (const { id, policy_id: name } of body.items.filter(({ effect }: { effect: string }) => effect === 'forbid')) {
      assert.equal((await other.anyone.post(`/api/v2/governance/instance/rules/${id}/retire`, { confirm_forbids_removed: [name] }, seal)).status, 200)
    }
    await putInForceForAll(other, 'permit (principal, action, resource);')
    const { body: note } = await ada.post('/api/v2/notes', { title: 'Mine' })

    const payment = await ada.post('/api/v2/payments/orders', { beneficiary: 'Dupont SA', amount_minor: 100, currency: 'EUR' })
    const deletion = await askNova(ada, 'notes.delete', { note_id: note.id })
    const transfer = await ada.post('/api/v2/records/transfer', { type: 'note', id: note.id, sphere_id: 2 })

    assert.deepEqual([payment.status, payment.body.policies], [423, ['floor_payment']])
    assert.deepEqual([deletion.status, deletion.body.policies], [423, ['floor_delete']])
    assert.deepEqual([transfer.status, transfer.body.policies], [423, ['floor_transfer']])
    const stranger = await other.person()
    assert.equal((await askNova(stranger, 'notes.update', { note_id: note.id, title: 'x' })).body.code, 'identity_boundary')
  })
})
