import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Answer, Person } from '../../../testing/person.ts'
import { startWorld, type World } from '../../../testing/world.ts'
import { putInForce } from '../../policies/testing.ts'
import { holdDeletion, seatPeople } from '../deciders/testing.ts'

let world: World
before(async () => { world = await startWorld() })
after(() => world.close())

const AT = '/api/v2/governance/elevations'
const ask = (person: Person, more: Record<string, unknown> = {}): Promise<Answer> => person.post(AT, { scope: 'messages.send', reason: 'Invitations', minutes: 5, ...more })
const asNova = (person: Person, tool: string, args: Record<string, unknown>): Promise<Answer> => person.post('/api/v2/nova/query', { message: '', action: { tool, args } })
const send = (from: Person, to: Person): Promise<Answer> => asNova(from, 'messages.send', { to: to.user.email, body: 'hello' })
const statuses = async (person: Person): Promise<string[]> => (await person.get(AT)).body.items.map(({ status }: { status: string }) => status)

test('a right for a time is asked for at an ordinary checkpoint; until it is given nothing changes, and when it is over all is as before', async () => {
  const [ada, bob] = await Promise.all([world.person(), world.person()])
  const { status, body: { checkpoint } } = await ask(ada)
  assert.deepEqual([status, checkpoint.type, checkpoint.effect], [423, 'scope_elevation', 'GRANT'])
  assert.equal((await send(ada, bob)).status, 423)
  assert.deepEqual(await statuses(ada), ['pending'])

  assert.equal((await ada.post(`${AT}/${checkpoint.id}/approve`)).body.outcome.status, 'completed')
  const sent = await send(ada, bob)
  assert.deepEqual([sent.status, sent.body.actions[0].status], [200, 'completed'])
  const { body: { items: [told] } } = await ada.get('/api/v2/governance/audit?action=messages.send')
  assert.ok(told.decision.policies.includes(`elevation:${checkpoint.id}`))
  assert.deepEqual(await statuses(ada), ['approved'])

  world.clock.advance(5 * 60_000)
  assert.equal((await asNova(ada, 'messages.send', { to: bob.user.email, body: 'again' })).status, 423)
  assert.deepEqual(await statuses(ada), ['expired'])
})

test('it covers its scope and its actor alone, and never what is destroyed, paid, given away or granted', async () => {
  const [ada, bob] = await Promise.all([world.person(), world.person()])
  const { body: { checkpoint } } = await ask(ada, { scope: 'notes.*' })
  await ada.post(`${AT}/${checkpoint.id}/approve`)
  const { body: { checkpoint: forAgent } } = await ask(ada, { for: { kind: 'agent', id: 'P-001' } })
  await ada.post(`${AT}/${forAgent.id}/approve`)
  const { body: note } = await ada.post('/api/v2/notes', { title: 'x' })

  const held = [await asNova(ada, 'notes.delete', { note_id: note.id }), await send(ada, bob), await asNova(ada, 'elevations.request', { scope: 'messages.*', reason: 'more', minutes: 5 })]

  assert.deepEqual(held.map(({ status }) => status), [423, 423, 423])
})

test('denied, taken back, or of somebody else: no right', async () => {
  const [ada, bob, eve] = await Promise.all([world.person(), world.person(), world.person()])
  const { body: { checkpoint: first } } = await ask(ada)
  assert.equal((await eve.post(`${AT}/${first.id}/approve`)).status, 403)
  assert.equal((await ada.post(`${AT}/${first.id}/deny`)).body.checkpoint.status, 'rejected')
  assert.equal((await send(ada, bob)).status, 423)

  const { body: { checkpoint: second } } = await ask(ada, { minutes: 6 })
  await ada.post(`${AT}/${second.id}/approve`)
  assert.equal((await ada.del(`${AT}/${second.id}`)).status, 200)
  assert.equal((await ada.del(`${AT}/${second.id}`)).status, 409)
  assert.equal((await asNova(ada, 'messages.send', { to: bob.user.email, body: 'again' })).status, 423)
  assert.deepEqual(await statuses(ada), ['revoked', 'denied'])
  assert.deepEqual((await ada.get(`${AT}?status=denied`)).body.items.map(({ id }: { id: string }) => id), [first.id])

  const { id } = await holdDeletion(ada)
  assert.equal((await ada.post(`${AT}/${id}/approve`)).status, 404)
})

test('Nova asks for itself alone, within bounds', async () => {
  const ada = await world.person()

  const forAnother = await asNova(ada, 'elevations.request', { scope: 'messages.send', reason: 'x', minutes: 5, for: { kind: 'agent', id: 'P-001' } })

  assert.equal(forAnother.status, 403)
  for (const more of [{ minutes: 481 }, { minutes: 0 }, { scope: '*' }, { scope: '*.*' }, { scope: 'messages' }, { reason: '' }]) assert.equal((await ask(ada, more)).status, 422, JSON.stringify(more))
})

test('what several people must approve waits for them whatever right one of them gave', async () => {
  const [ada, bob] = await Promise.all([world.person(), world.person()])
  seatPeople([world], ada, { admin: [ada.user.id, bob.user.id] })
  const { body: { checkpoint } } = await ask(ada)
  await ada.post(`${AT}/${checkpoint.id}/approve`)

  const { body } = await ada.post('/api/v2/governance/checkpoints', { tool: 'messages.send', args: { to: bob.user.email, body: 'x' }, approvers: { quorum: 2, role: 'admin' } })

  assert.deepEqual([body.status, body.approvals.needed], ['pending', 2])
})

test('a hold that somebody wrote waits whatever right was given: only those that come with the product are lifted', async () => {
  const [ada, bob] = await Promise.all([world.person(), world.person()])
  const { body: { checkpoint } } = await ask(ada)
  await ada.post(`${AT}/${checkpoint.id}/approve`)
  assert.equal((await send(ada, bob)).status, 200)
  const rule = await putInForce(ada, '@hold("mail") forbid (principal is Nova, action in Action::"SEND", resource) unless { context has approval };')

  const { status, body } = await asNova(ada, 'messages.send', { to: bob.user.email, body: 'again' })

  assert.deepEqual([status, body.policies.toSorted()], [423, [rule, 'hold_send'].toSorted()])
})
