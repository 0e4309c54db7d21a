import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Person } from '../../../testing/person.ts'
import { startWorld, type World } from '../../../testing/world.ts'
import { join, organisationOf } from '../../organisations/testing.ts'
import { toldTo } from './testing.ts'

let world: World
before(async () => { world = await startWorld() })
after(() => world.close())

const AT = '/api/v2/governance'

test('a rule of an organisation’s identity waits for two of its admins, not for who asked, not for its members and auditors', async () => {
  const [ada, bob, eve, mia, aud] = await Promise.all(Array.from({ length: 5 }, () => world.person())) as [Person, Person, Person, Person, Person]
  const organisation = await organisationOf(ada)
  for (const [person, role] of [[bob, 'admin'], [eve, 'admin'], [mia, 'member'], [aud, 'auditor']] as const) await join(ada, organisation, { person, role })
  const { body: firm } = await ada.post(`/api/v2/organisations/${organisation}/identities`, { type: 'enterprise', name: 'Engines' })
  const as = { 'x-identity-id': firm.id }
  const text = '@hold("large payments") @approvers("2") @approver_role("admin") @exclude_requester("true") forbid (principal, action in Action::"PAYMENT", resource) unless { context has approval };'
  const { body: rule } = await ada.post(`${AT}/rules`, { name: 'Large', text, sentence: { en: 'x', fr: 'x' } }, as)
  const asked = await ada.post(`${AT}/rules/${rule.id}/activate`, {}, as)
  assert.equal((await ada.post(`${AT}/checkpoints/${asked.body.checkpoint.id}/approve`, {}, as)).status, 200)

  const held = await ada.post('/api/v2/payments/orders', { beneficiary: 'Dupont SA', amount_minor: 500_000, currency: 'EUR' }, as)
  assert.equal(held.status, 423)
  const at = `${AT}/checkpoints/${held.body.checkpoint.id}`
  const { body: waiting } = await ada.get(at, as)
  assert.deepEqual([waiting.approvals.needed, waiting.requirement, waiting.cannot_be_met], [2, { role: 'admin', exclude_requester: true }, false])

  const refused = []
  for (const person of [ada, mia, aud]) refused.push((await person.post(`${at}/approve`, {}, person === ada ? as : {})).body.code)
  assert.deepEqual(refused, ['four_eyes', 'identity_boundary', 'identity_boundary'])
  assert.equal((await bob.post(`${at}/approve`, {})).body.checkpoint.status, 'pending')
  const done = await eve.post(`${at}/approve`, {})
  assert.deepEqual([done.status, done.body.checkpoint.status, done.body.outcome.status], [200, 'approved', 'completed'], JSON.stringify(done.body))
  assert.equal((await ada.get('/api/v2/payments/orders', as)).body.items.length, 1)
})

test('who lost the role decides nothing that waits, sees it no more, and an earlier yes of theirs fills no quorum', async () => {
  const [ada, bob, eve, mia] = await Promise.all(Array.from({ length: 4 }, () => world.person())) as [Person, Person, Person, Person]
  const organisation = await organisationOf(ada)
  for (const person of [bob, eve, mia]) await join(ada, organisation, { person, role: 'admin' })
  const { body: firm } = await ada.post(`/api/v2/organisations/${organisation}/identities`, { type: 'enterprise', name: 'Engines' })
  const as = { 'x-identity-id': firm.id }
  const { body: note } = await ada.post('/api/v2/notes', { title: 'x' }, as)
  const { status, body: held } = await ada.post(`${AT}/checkpoints`, { tool: 'notes.delete', args: { note_id: note.id }, approvers: { quorum: 2, role: 'admin', exclude_requester: true } }, as)
  assert.equal(status, 201, JSON.stringify(held))
  const at = `${AT}/checkpoints/${held.id}`
  assert.equal((await bob.get(at)).status, 200)
  assert.equal((await eve.post(`${at}/approve`, {})).body.checkpoint.status, 'pending')

  assert.equal((await ada.del(`/api/v2/organisations/${organisation}/members/${bob.user.id}`)).status, 200)
  assert.equal((await ada.del(`/api/v2/organisations/${organisation}/members/${eve.user.id}`)).status, 200)

  assert.deepEqual([(await bob.post(`${at}/approve`, {})).status, (await bob.get(at)).status, (await bob.get(`${AT}/checkpoints/pending`)).body.items], [403, 403, []])
  assert.equal((await mia.post(`${at}/approve`, {})).body.checkpoint.status, 'pending')
  assert.equal((await ada.get(`/api/v2/notes/${note.id}`, as)).body.binned_at, null)
})

test('who left or lost the role is told of nothing that waits there any more', async () => {
  const [ada, bob, eve, mia] = await Promise.all(Array.from({ length: 4 }, () => world.person())) as [Person, Person, Person, Person]
  const organisation = await organisationOf(ada)
  for (const person of [bob, eve, mia]) await join(ada, organisation, { person, role: 'admin' })
  const { body: firm } = await ada.post(`/api/v2/organisations/${organisation}/identities`, { type: 'enterprise', name: 'Engines' })
  const as = { 'x-identity-id': firm.id }
  const { body: note } = await ada.post('/api/v2/notes', { title: 'x' }, as)
  const { body: held } = await ada.post(`${AT}/checkpoints`, { tool: 'notes.delete', args: { note_id: note.id }, approvers: { quorum: 2, role: 'admin', exclude_requester: true } }, as)
  assert.equal((await ada.del(`/api/v2/organisations/${organisation}/members/${bob.user.id}`)).status, 200)
  await world.owner.query(`update organisation_members set role = 'member' where organisation_id = $1 and user_id = $2`, [organisation, eve.user.id])

  assert.equal((await ada.post(`${AT}/checkpoints/${held.id}/escalate`, {}, as)).status, 200)

  const told = await Promise.all([bob, eve, mia].map((person) => toldTo(world, person, 'checkpoint.escalated')))
  assert.deepEqual(told.map(({ length }) => length), [0, 0, 1])
})

test('a rule that wants more people than there are holds, and says that nobody can meet it', async () => {
  const ada = await world.person()
  const { body: rule } = await ada.post(`${AT}/rules`, { name: 'Two', text: '@hold("payments") @approvers("2") forbid (principal, action in Action::"PAYMENT", resource) unless { context has approval };', sentence: { en: 'x', fr: 'x' } })
  const asked = await ada.post(`${AT}/rules/${rule.id}/activate`, {})
  await ada.post(`${AT}/checkpoints/${asked.body.checkpoint.id}/approve`, {})

  const { body: { checkpoint } } = await ada.post('/api/v2/payments/orders', { beneficiary: 'Dupont SA', amount_minor: 500_000, currency: 'EUR' })

  assert.equal((await ada.get(`${AT}/checkpoints/${checkpoint.id}`)).body.cannot_be_met, true)
  const alone = await ada.post(`${AT}/checkpoints/${checkpoint.id}/approve`, {})
  assert.deepEqual([alone.body.outcome, alone.body.approvals], [null, { given: 1, needed: 2, by: [ada.user.id] }])
  assert.deepEqual((await ada.get('/api/v2/payments/orders')).body.items, [])
})
