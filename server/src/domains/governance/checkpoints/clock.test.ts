import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Person } from '../../../testing/person.ts'
import { startWorld, type World } from '../../../testing/world.ts'
import { actionsOf, holdDeletion, isBinned, seatPeople, toldTo } from '../deciders/testing.ts'
import { governanceJobs } from '../jobs.ts'

let world: World
let other: World

before(async () => {
  world = await startWorld({ settings: { CHECKPOINT_MINUTES_BY_TYPE: 'scope_elevation=5,cross_sphere=7' } })
  other = await world.another()
})
after(async () => {
  await other.close()
  await world.close()
})

const MINUTE_MS = 60_000
const AT = '/api/v2/governance/checkpoints'

async function runJob(name: string, on: World[] = [world]): Promise<void> {
  await Promise.all(on.map(async ({ app: { gate } }) => {
    const job = governanceJobs(gate).find((one) => one.name === name)
    assert(job, name)
    await job.run({}, new AbortController().signal)
  }))
}

const view = async (person: Person, id: string): Promise<Record<string, unknown>> => (await person.get(`${AT}/${id}`)).body
const lifeOf = ({ created_at, expires_at }: Record<string, unknown>): number => (Date.parse(String(expires_at)) - Date.parse(String(created_at))) / MINUTE_MS

test('it lives an hour, or as long as its type or its rule says', async () => {
  const ada = await world.person()
  const { body: plain } = await holdDeletion(ada)
  const { body: short } = await holdDeletion(ada, { minutes: 3 })
  const { body: right } = await ada.post('/api/v2/governance/elevations', { scope: 'messages.send', reason: 'x', minutes: 5 })
  const { body: note } = await ada.post('/api/v2/notes', { title: 'x' })
  const { body: moved } = await ada.post('/api/v2/records/transfer', { type: 'note', id: note.id, sphere_id: 2 })

  const lives = [plain, short, await view(ada, right.checkpoint.id), await view(ada, moved.checkpoint.id)].map(lifeOf)

  assert.deepEqual(lives, [60, 3, 5, 7])
})

test('it ages in every view: green, yellow, red, then it blinks; the deciders are warned once before it expires', async () => {
  const ada = await world.person()
  const { id } = await holdDeletion(ada, { minutes: 8 })
  const seen: unknown[] = []
  for (let quarter = 0; quarter < 4; quarter += 1) {
    const [one, list] = [await view(ada, id), (await ada.get(AT)).body.items[0]]
    assert.equal(one.ageing, list.ageing)
    seen.push(one.ageing)
    await runJob('checkpoints.warn')
    assert.equal((await toldTo(world, ada, 'checkpoint.expiring')).length, quarter === 3 ? 1 : 0)
    world.clock.advance(2 * MINUTE_MS)
  }

  assert.deepEqual(seen, ['green', 'yellow', 'red', 'blinking'])
  await Promise.all([runJob('checkpoints.warn'), runJob('checkpoints.warn', [other])])
  assert.equal((await toldTo(world, ada, 'checkpoint.expiring')).length, 1)
  assert.deepEqual([(await view(ada, id)).status, (await view(ada, id)).ageing], ['expired', null])
})

test('at half its life it escalates: everybody is told again, and the next role up is seated; once, on whichever server', async () => {
  const [ada, bob, eve] = await Promise.all([world.person(), world.person(), world.person()])
  seatPeople([world, other], ada, { admin: [bob.user.id], owner: [eve.user.id] })
  const { id } = await holdDeletion(ada, { role: 'admin', minutes: 10 })
  await runJob('checkpoints.escalate')
  assert.deepEqual([(await view(ada, id)).escalated_at, (await eve.get(`${AT}/${id}`)).status], [null, 403])

  world.clock.advance(5 * MINUTE_MS)
  await runJob('checkpoints.escalate', [world, other])

  assert.notEqual((await view(ada, id)).escalated_at, null)
  assert.deepEqual([(await toldTo(world, bob, 'checkpoint.escalated')).length, (await toldTo(world, eve, 'checkpoint.escalated')).length, await actionsOf(world, ada, 'checkpoint.escalated')], [1, 1, 1])
  assert.equal((await eve.post(`${AT}/${id}/approve`, {})).status, 200)
})

test('who asked, or a decider, escalates by hand; a stranger does not, nor does anybody what is over', async () => {
  const [ada, bob, eve] = await Promise.all([world.person(), world.person(), world.person()])
  seatPeople([world], ada, { admin: [bob.user.id] })
  const { id } = await holdDeletion(ada, { role: 'admin' })

  assert.equal((await ada.post(`${AT}/${id}/escalate`, {})).status, 200)
  assert.equal((await bob.post(`${AT}/${id}/escalate`, {})).body.run_id, null)
  assert.equal((await eve.post(`${AT}/${id}/escalate`, {})).status, 403)
  assert.equal((await toldTo(world, bob, 'checkpoint.escalated')).length, 1)
  await bob.post(`${AT}/${id}/reject`, { reason: 'x' })
  assert.equal((await ada.post(`${AT}/${id}/escalate`, {})).status, 409)
})

test('escalating again within the hour answers the checkpoint as it is, and tells and records nothing, however many ask at once', async () => {
  const [ada, bob] = await Promise.all([world.person(), world.person()])
  seatPeople([world], ada, { admin: [bob.user.id] })
  const { id } = await holdDeletion(ada, { role: 'admin', minutes: 200 })
  const counts = async () => [(await toldTo(world, bob, 'checkpoint.escalated')).length, await actionsOf(world, ada, 'checkpoint.escalated')]

  const answers = await Promise.all(Array.from({ length: 5 }, () => ada.post(`${AT}/${id}/escalate`, {})))
  const again = await bob.post(`${AT}/${id}/escalate`, {})

  assert.deepEqual([...answers, again].map(({ status, body }) => [status, body.escalated_at]), Array.from({ length: 6 }, () => [200, answers[0]?.body.escalated_at]))
  assert.deepEqual(await counts(), [1, 1])
  await world.owner.query(`update checkpoints set escalated_at = escalated_at - interval '1 hour' where id = $1`, [id])
  assert.equal((await ada.post(`${AT}/${id}/escalate`, {})).status, 200)
  assert.deepEqual(await counts(), [2, 2])
})

test('CHK-07: after its time it is gone for everybody, also with the clock moved, and expired is not rejected', async () => {
  const [ada, bob] = await Promise.all([world.person(), world.person()])
  seatPeople([world], ada, { admin: [ada.user.id, bob.user.id] })
  const own = await holdDeletion(ada, { minutes: 2 })
  const ours = await holdDeletion(ada, { minutes: 2, role: 'admin', quorum: 2 })
  await bob.post(`${AT}/${ours.id}/approve`, {})
  world.clock.advance(2 * MINUTE_MS)

  for (const verb of ['approve', 'reject', 'decision']) {
    for (const { id } of [own, ours]) {
      const { status, body } = await ada.post(`${AT}/${id}/${verb}`, { approve: {}, reject: { reason: 'x' }, decision: { decision: 'approve' } }[verb])
      assert.deepEqual([status, body.code], [410, 'gone'], verb)
    }
  }
  assert.equal((await ada.post(`${AT}/cleanup/expired`)).body.expired, 0, 'whoever found them over has ended them')
  world.clock.advance(-MINUTE_MS)
  for (const { id, note } of [own, ours]) {
    assert.equal((await ada.post(`${AT}/${id}/approve`, {})).status, 410)
    assert.deepEqual([(await view(ada, id)).status, await isBinned(ada, note)], ['expired', false])
  }
  world.clock.advance(MINUTE_MS)
  assert.deepEqual((await ada.get(`${AT}?status=rejected`)).body.items, [])
})

test('approving against the clock on two servers: one end, and the effect only with the approval', async () => {
  const ada = await world.person()
  for (let round = 0; round < 8; round += 1) {
    const { id, note } = await holdDeletion(ada, { minutes: 1 })
    // The deciding server's clock has a millisecond left, the other's has none.
    await world.owner.query(`update checkpoints set expires_at = $2 where id = $1`, [id, new Date(world.clock.now().getTime() + 30)])

    const [answer] = await Promise.all([ada.post(`${AT}/${id}/approve`, {}), runJob('checkpoints.expire', [other])])

    await runJob('checkpoints.expire')
    const { rows: [{ status }] } = await world.owner.query('select status from checkpoints where id = $1', [id])
    if (answer.status === 200) assert.equal(status, 'approved')
    assert.equal(await isBinned(ada, note), status === 'approved')
    assert.equal((await world.owner.query(`select count(*)::int as ends from audit_events where resource_id = $1 and action in ('checkpoint.approved', 'checkpoint.expired')`, [id])).rows[0].ends, status === 'pending' ? 0 : 1)
  }
})

test('CHK-17: while the system is dormant approvals are frozen: nobody decides, nothing expires, ages on or escalates; after that each still needs its decision', async () => {
  const ada = await world.person()
  const held = await holdDeletion(ada, { minutes: 4 })
  await world.anyone.post('/api/atom/killswitch', {}, { 'x-architect-seal': world.seal })
  const statuses = []
  for (const verb of ['approve', 'reject']) statuses.push((await ada.post(`${AT}/${held.id}/${verb}`, verb === 'approve' ? {} : { reason: 'x' })).body.code)
  statuses.push((await ada.post(`${AT}/batch/approve`, { ids: [held.id] })).body.code, (await ada.del(`${AT}/${held.id}`)).body.code, (await ada.post(`${AT}/${held.id}/escalate`, {})).body.code)
  world.clock.advance(5 * MINUTE_MS)
  for (const name of ['checkpoints.escalate', 'checkpoints.warn', 'checkpoints.expire']) await runJob(name)
  await ada.post(`${AT}/cleanup/expired`)
  statuses.push((await ada.post(`${AT}/${held.id}/edit`, { args: { note_id: held.id } })).body.code)

  assert.deepEqual(statuses, ['dormant', 'dormant', 'dormant', 'dormant', 'dormant', 'dormant'])
  const { rows: [row] } = await world.owner.query('select status, escalated_at, warned_at from checkpoints where id = $1', [held.id])
  assert.deepEqual(row, { status: 'pending', escalated_at: null, warned_at: null })
  await world.anyone.post('/api/atom/revive', {}, { 'x-architect-seal': world.seal })
  assert.equal(await isBinned(ada, held.note), false)
  await runJob('checkpoints.expire')
  const answer = await ada.post(`${AT}/${held.id}/approve`, {})
  assert.equal(await isBinned(ada, held.note), answer.status === 200)
})
