import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { newId } from '../../../platform/ids.ts'
import type { Answer, Person } from '../../../testing/person.ts'
import { startWorld, type World } from '../../../testing/world.ts'
import { holdDeletion, isBinned, seatPeople, toldTo } from './testing.ts'

let world: World
let other: World

before(async () => {
  world = await startWorld()
  other = await world.another()
})
after(async () => {
  await other.close()
  await world.close()
})

const HOUR_MS = 3_600_000
const at = (id: string, verb = ''): string => `/api/v2/governance/checkpoints/${id}${verb}`
const in_ = (hours: number): string => new Date(world.clock.now().getTime() + hours * HOUR_MS).toISOString()
const people = (count: number): Promise<Person[]> => Promise.all(Array.from({ length: count }, () => world.person()))
const ask = (from: Person, given: Record<string, unknown>): Promise<Answer> => from.post('/api/v2/governance/delegations', { until: in_(24), ...given })

/** Delegates and approves that; the delegation's id. */
async function delegate(from: Person, to: Person, given: Record<string, unknown> = {}): Promise<string> {
  const held = await ask(from, { to_user_id: to.user.id, ...given })
  assert.equal(held.status, 423, JSON.stringify(held.body))
  const done = await from.post(at(held.body.checkpoint.id, '/approve'), {})
  assert.equal(done.body.outcome?.status, 'completed', JSON.stringify(done.body))
  return done.body.outcome.result.id
}

test('a delegation is a GRANT that waits even for the person; then the other decides in their place, until it is taken back', async () => {
  const [ada, bob] = await people(2) as [Person, Person]
  const waiting = await holdDeletion(ada)
  assert.equal((await bob.post(at(waiting.id, '/approve'), {})).status, 403)

  const held = await ask(ada, { to_email: bob.user.email.toUpperCase() })
  assert.deepEqual([held.status, held.body.checkpoint.type, held.body.checkpoint.args.to_user_id], [423, 'scope_elevation', bob.user.id])
  assert.equal((await bob.get(at(waiting.id))).status, 403)
  const { body: { outcome: { result: given } } } = await ada.post(at(held.body.checkpoint.id, '/approve'), {})
  const done = await bob.post(at(waiting.id, '/approve'), {})
  assert.deepEqual([done.status, done.body.checkpoint.decided_by, await isBinned(ada, waiting.note)], [200, bob.user.id, true])
  assert.deepEqual((await toldTo(world, bob, 'delegation.created')).length, 1)

  const next = await holdDeletion(ada)
  assert.equal((await toldTo(world, bob, 'checkpoint.created')).length, 1)
  assert.equal((await ada.del(`/api/v2/governance/delegations/${given.id}`)).status, 200)
  assert.equal((await bob.post(at(next.id, '/approve'), {})).body.code, 'identity_boundary')
  assert.equal((await bob.get(at(next.id))).status, 403)
  assert.equal((await ada.del(`/api/v2/governance/delegations/${given.id}`)).status, 409)
  for (const person of [ada, bob]) assert.equal((await person.get('/api/v2/governance/delegations')).body.items[0].id, given.id)
})

test('it begins and ends when it says, at most 90 days later, and names a person who is here and is somebody else', async () => {
  const [ada, bob] = await people(2) as [Person, Person]
  const { id } = await holdDeletion(ada, { minutes: 10_080 })
  await delegate(ada, bob, { from: in_(0.05), until: in_(0.1) })

  assert.equal((await bob.get(at(id))).status, 403)
  world.clock.advance(0.07 * HOUR_MS)
  assert.equal((await bob.get(at(id))).status, 200)
  world.clock.advance(0.05 * HOUR_MS)
  assert.equal((await bob.post(at(id, '/approve'), {})).status, 403)
  assert.equal((await bob.get(at(id))).status, 403)

  const refused = [{ to_user_id: ada.user.id }, { to_user_id: newId() }, { to_email: 'nobody@example.org' }, {}, { to_email: ada.user.email, to_user_id: bob.user.id }, { to_user_id: bob.user.id, until: in_(24 * 91) }, { to_user_id: bob.user.id, until: in_(-1) }, { to_user_id: bob.user.id, from: in_(5), until: in_(4) }]
  for (const given of refused) assert.equal((await ask(ada, given)).status, 422, JSON.stringify(given))
})

test('it never goes round: back directly, back through others, and both at once on two servers', async () => {
  const [ada, bob, eve] = await people(3) as [Person, Person, Person]
  await delegate(ada, bob)
  await delegate(bob, eve)

  for (const [from, to] of [[bob, ada], [eve, ada], [eve, bob]] as const) {
    const { status, body } = await ask(from, { to_user_id: to.user.id })
    assert.deepEqual([status, body.code], [409, 'delegation_cycle'])
  }

  for (let round = 0; round < 5; round += 1) {
    const [one, two] = await people(2) as [Person, Person]
    const held = await Promise.all([ask(one, { to_user_id: two.user.id }), ask(two, { to_user_id: one.user.id })])
    const answers = await Promise.all([one, two].map((person, n) => fetch(`${[world, other][n]?.url}${at(held[n]?.body.checkpoint.id, '/approve')}`, {
      method: 'POST', headers: { authorization: `Bearer ${person.token}`, 'content-type': 'application/json' }, body: '{}',
    }).then((response) => response.json() as Promise<Answer['body']>)))
    assert.deepEqual(answers.map(({ code, outcome }) => code ?? outcome.error?.code ?? 'done').toSorted(), ['delegation_cycle', 'done'])
  }
})

test('a delegate never decides what they asked for themselves, whoever sits there', async () => {
  const [ada, bob] = await people(2) as [Person, Person]
  seatPeople([world], ada, { admin: [bob.user.id] })
  await delegate(bob, ada)
  const { id, note } = await holdDeletion(ada, { role: 'admin' })

  const { status, body } = await ada.post(at(id, '/approve'), {})

  assert.deepEqual([status, body.code, await isBinned(ada, note)], [403, 'not_a_decider', false])
  assert.deepEqual((await ada.get('/api/v2/governance/checkpoints/pending')).body.items, [])
})

test('a seat counts once: who sits there and who stands in for them are not two of a quorum', async () => {
  const [ada, bob, eve, dan] = await people(4) as [Person, Person, Person, Person]
  seatPeople([world], ada, { admin: [bob.user.id, dan.user.id] })
  await delegate(bob, eve)
  const { id } = await holdDeletion(ada, { role: 'admin', quorum: 2 })

  const both = await Promise.all([bob.post(at(id, '/approve'), {}), eve.post(at(id, '/approve'), {})])

  assert.deepEqual(both.map(({ status }) => status).toSorted(), [200, 409])
  assert.equal((await ada.get(at(id))).body.status, 'pending')
  assert.equal((await dan.post(at(id, '/approve'), {})).body.checkpoint.status, 'approved')
})

test('what a person delegates of one identity says nothing of their others', async () => {
  const [ada, bob] = await people(2) as [Person, Person]
  const { body: firm } = await ada.post('/api/v2/identities', { type: 'enterprise', name: 'Ada & Co' })
  await delegate(ada, bob)
  const asFirm = { 'x-identity-id': firm.id }
  const { body: note } = await ada.post('/api/v2/notes', { title: 'x' }, asFirm)
  const { body: held } = await ada.post('/api/v2/governance/checkpoints', { tool: 'notes.delete', args: { note_id: note.id } }, asFirm)

  assert.equal((await bob.post(at(held.id, '/approve'), {})).status, 403)
  assert.equal((await bob.get(at(held.id))).status, 403)
})

test('a run of Nova that somebody else approves goes on in the session that asked', async () => {
  const [ada, bob] = await people(2) as [Person, Person]
  await delegate(ada, bob)
  const { body: note } = await ada.post('/api/v2/notes', { title: 'Alpha' })
  const { body: held } = await ada.post('/api/v2/nova/query', { message: '', action: { tool: 'notes.delete', args: { note_id: note.id } } })

  const { status, body } = await bob.post(at(held.checkpoint.id, '/approve'), {})

  assert.deepEqual([status, body.run], [200, null])
  const run = await ada.get(`/api/v2/nova/runs/${held.run_id}`)
  assert.deepEqual([run.body.status, run.body.actions[0].status], ['completed', 'completed'])
  assert.equal((await bob.get(`/api/v2/nova/runs/${held.run_id}`)).status, 403)
})
