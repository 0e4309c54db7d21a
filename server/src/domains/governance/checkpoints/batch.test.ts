import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { newId } from '../../../platform/ids.ts'
import type { Answer, Person } from '../../../testing/person.ts'
import { startWorld, type World } from '../../../testing/world.ts'
import { actionsOf, holdDeletion, isBinned, seatPeople } from '../deciders/testing.ts'

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

type Held = { id: string; note: string }

const AT = '/api/v2/checkpoints'
const statusOf = async (person: Person, { id }: Held): Promise<string> => (await person.get(`${AT}/${id}`)).body.status
const approveAll = (person: Person, held: Held[], more: Record<string, unknown> = {}): Promise<Answer> => person.post(`${AT}/batch/approve`, { ids: held.map(({ id }) => id), ...more })

async function holdMany(person: Person, count: number): Promise<Held[]> {
  const held: Held[] = []
  for (let n = 0; n < count; n += 1) held.push(await holdDeletion(person))
  return held
}

test('many are approved in one commit, and each says what came of it', async () => {
  const ada = await world.person()
  const held = await holdMany(ada, 5)

  const { status, body } = await approveAll(ada, held.toReversed(), { note: 'all' })

  assert.equal(status, 200)
  assert.deepEqual(body.items.map((item: { id: string }) => item.id), held.map(({ id }) => id).toReversed())
  for (const { result, problem } of body.items) assert.deepEqual([result.checkpoint.status, result.outcome.status, result.checkpoint.note, problem], ['approved', 'completed', 'all', null])
  for (const { note } of held) assert.equal(await isBinned(ada, note), true)
  assert.equal((await ada.get('/api/v2/governance/audit/verify')).body.valid, true)
})

test('all or nothing: one that refuses rolls every effect back, and is named', async () => {
  const ada = await world.person()
  const held = await holdMany(ada, 4)
  await ada.patch(`/api/v2/notes/${held[2]?.note}`, { title: 'Changed since' })

  const { status, body } = await approveAll(ada, held)

  assert.deepEqual([status, body.code, body.refused], [409, 'batch_refused', { id: held[2]?.id, code: 'stale', status: 409 }])
  for (const one of held) assert.deepEqual([await statusOf(ada, one), await isBinned(ada, one.note)], ['pending', false])
  assert.deepEqual([await actionsOf(world, ada, 'notes.delete'), await actionsOf(world, ada, 'checkpoint.approved')], [0, 0])
})

test('each for itself: what refuses says why, the others are done', async () => {
  const ada = await world.person()
  const held = await holdMany(ada, 3)
  await ada.post(`${AT}/${held[1]?.id}/reject`, { reason: 'no' })

  const { status, body } = await ada.post(`${AT}/batch/approve`, { ids: [...held.map(({ id }) => id), newId()], mode: 'each' }, { 'accept-language': 'fr' })

  assert.equal(status, 200)
  assert.deepEqual(body.items.map((item: { result: unknown; problem: { code: string; status: number } | null }) => item.problem && [item.problem.code, item.problem.status]), [null, ['conflict', 409], null, ['not_found', 404]])
  assert.match(body.items[1].problem.detail, /point de contrôle/)
  assert.deepEqual(await Promise.all(held.map(({ note }) => isBinned(ada, note))), [true, false, true])
})

test('IDB-08: a foreign id among a hundred, and nothing is done in either mode; nor with one that exists nowhere, all or nothing', async () => {
  const [ada, eve] = await Promise.all([world.person(), world.person()])
  const held = await holdMany(ada, 99)
  const foreign = await holdDeletion(eve)

  for (const mode of ['all_or_nothing', 'each']) {
    const { status, body } = await approveAll(ada, [...held.slice(0, 60), foreign, ...held.slice(60)], { mode })
    assert.deepEqual([status, body.code], [403, 'identity_boundary'], mode)
  }
  assert.equal((await ada.post(`${AT}/batch/reject`, { ids: [...held.map(({ id }) => id), newId()], reason: 'x' })).status, 404)
  assert.equal(await actionsOf(world, ada, 'notes.delete'), 0)
  assert.equal(await actionsOf(world, ada, 'identity.violation'), 2)
  assert.equal(await statusOf(eve, foreign), 'pending')
  const rejected = await ada.post(`${AT}/batch/reject`, { ids: held.map(({ id }) => id), reason: 'all of them' })
  assert.deepEqual([rejected.status, rejected.body.items.every((item: { result: { checkpoint: { status: string } } }) => item.result.checkpoint.status === 'rejected')], [200, true])
})

test('CHK-13: a batch lists its ids, once each and at most a hundred; there is no approving of everything', async () => {
  const ada = await world.person()
  const { id } = await holdDeletion(ada)

  for (const body of [{}, { ids: [] }, { ids: [id, id] }, { ids: 'all' }, { ids: ['*'] }, { ids: Array.from({ length: 101 }, () => newId()) }, { all: true }, { ids: [id], mode: 'some' }]) {
    assert.equal((await ada.post(`${AT}/batch/approve`, body)).status, 422, JSON.stringify(body).slice(0, 80))
  }
  assert.equal((await ada.post(`${AT}/batch/reject`, { ids: [id] })).status, 422)
  assert.equal(await statusOf(ada, { id, note: '' }), 'pending')
})

test('two batches over the same checkpoints at once, on two servers: one does everything, the other nothing', async () => {
  const ada = await world.person()
  for (let round = 0; round < 3; round += 1) {
    const held = await holdMany(ada, 6)
    const before = await actionsOf(world, ada, 'notes.delete')
    const send = (url: string, ids: string[]): Promise<number> => fetch(`${url}${AT}/batch/approve`, { method: 'POST', headers: { authorization: `Bearer ${ada.token}`, 'content-type': 'application/json' }, body: JSON.stringify({ ids }) }).then(({ status }) => status)
    const ids = held.map(({ id }) => id)

    const statuses = await Promise.all([send(world.url, ids), send(other.url, ids.toReversed()), send(world.url, ids.slice(2))])

    assert.equal(statuses.filter((status) => status === 200).length, 1, String(statuses))
    assert.ok([4, 6].includes(await actionsOf(world, ada, 'notes.delete') - before))
  }
})

test('what one decides for others goes item by item; all or nothing says so', async () => {
  const [ada, bob] = await Promise.all([world.person(), world.person()])
  seatPeople([world], ada, { admin: [bob.user.id] })
  const theirs = await holdDeletion(ada, { role: 'admin' })
  const mine = await holdDeletion(bob)

  const together = await approveAll(bob, [theirs, mine])
  const each = await approveAll(bob, [theirs, mine], { mode: 'each' })

  assert.deepEqual([together.status, together.body.code], [409, 'conflict'])
  assert.deepEqual(each.body.items.map((item: { result: { checkpoint: { status: string }; outcome: { result: unknown } } }) => [item.result.checkpoint.status, item.result.outcome.result === null]), [['approved', true], ['approved', false]])
})
