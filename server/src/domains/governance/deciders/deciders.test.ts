import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { IdentityId, SessionId, UserId } from '../../../platform/ids.ts'
import { NO_PROOF, type Caller } from '../../../platform/ctx.ts'
import { isProblem } from '../../../platform/errors.ts'
import type { Person } from '../../../testing/person.ts'
import { startWorld, type World } from '../../../testing/world.ts'
import { OWN_APPROVAL } from '../../policies/requirement.ts'
import { putInForce } from '../../policies/testing.ts'
import { approve, reject, type Decision, type Settled } from '../checkpoints/decide-checkpoint.ts'
import { perform } from '../perform.ts'
import { ensureSomebody } from './seats.ts'
import { actionsOf, callers, holdDeletion, isBinned, seatPeople, toldTo } from './testing.ts'

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

const at = (id: string, verb = ''): string => `/api/v2/governance/checkpoints/${id}${verb}`
const people = (count: number): Promise<Person[]> => Promise.all(Array.from({ length: count }, () => world.person()))
const callerOf = ({ user, identity }: Person): Caller => ({ userId: user.id as UserId, identityId: identity.id as IdentityId, sessionId: '' as SessionId, actor: { kind: 'person', id: user.id }, proof: NO_PROOF })

test('two of three must approve: the first yes is counted and does nothing, the second does it once', async () => {
  const [ada, bob, eve, dan] = await people(4) as [Person, Person, Person, Person]
  seatPeople([world], ada, { admin: [bob, eve, dan].map(({ user }) => user.id) })
  const { note, id, body } = await holdDeletion(ada, { quorum: 2, role: 'admin' })

  assert.deepEqual([body.approvals, body.requirement, body.cannot_be_met], [{ given: 0, needed: 2, by: [] }, { role: 'admin', exclude_requester: false }, false])
  const first = await bob.post(at(id, '/approve'), { note: 'fine' })
  assert.deepEqual([first.status, first.body.outcome, first.body.approvals, first.body.checkpoint.status], [200, null, { given: 1, needed: 2, by: [bob.user.id] }, 'pending'])
  assert.equal(await isBinned(ada, note), false)
  const again = await bob.post(at(id, '/approve'), {})
  assert.deepEqual([again.status, again.body.code], [409, 'conflict'])
  const second = await eve.post(at(id, '/decision'), { decision: 'approve' })
  assert.deepEqual([second.status, second.body.checkpoint.status, second.body.checkpoint.decided_by, second.body.approvals.given], [200, 'approved', eve.user.id, 2])
  assert.equal(await isBinned(ada, note), true)

  const late = await dan.post(at(id, '/approve'), {})
  assert.deepEqual([late.status, late.body.code], [409, 'conflict'])
  assert.deepEqual([await actionsOf(world, ada, 'notes.delete'), await actionsOf(world, ada, 'checkpoint.voted'), await actionsOf(world, ada, 'checkpoint.approved')], [1, 1, 1])
  assert.deepEqual([await actionsOf(world, bob, 'checkpoint.decided_for'), await actionsOf(world, eve, 'checkpoint.decided_for')], [1, 1])
  const shown = await ada.get(at(id))
  assert.deepEqual(shown.body.votes.map((vote: { user_id: string; note: string | null }) => [vote.user_id, vote.note]), [[bob.user.id, 'fine'], [eve.user.id, null]])
  for (const person of [ada, bob, eve]) assert.equal((await person.get('/api/v2/governance/audit/verify')).body.valid, true)
})

test('who decides for another sees the checkpoint and nothing of what came of it', async () => {
  const [ada, bob] = await people(2) as [Person, Person]
  seatPeople([world], ada, { admin: [bob.user.id] })
  const { id, note } = await holdDeletion(ada, { role: 'admin' })

  const seen = await bob.get(at(id))
  const listed = await bob.get('/api/v2/checkpoints/pending')
  const done = await bob.post(at(id, '/approve'), {})

  assert.deepEqual([seen.status, seen.body.may_decide, seen.body.run_id, seen.body.tool], [200, true, null, 'notes.delete'])
  assert.deepEqual(listed.body.items.map((item: { id: string }) => item.id), [id])
  assert.deepEqual([done.status, done.body.run, done.body.outcome], [200, null, { status: 'completed', result: null, error: null, withheld: false }])
  assert.deepEqual([done.body.checkpoint.outcome, (await bob.get(at(id))).body.outcome], [null, null])
  assert.equal((await bob.get(`/api/v2/notes/${note}`)).status, 403)
  assert.deepEqual((await bob.get('/api/v2/governance/checkpoints')).body.items.filter((item: { type: string }) => item.type !== 'identity_boundary'), [])
  assert.equal((await bob.get('/api/v2/governance/audit')).body.items.some((event: { action: string }) => event.action === 'notes.delete'), false)
})

test('CHK-05: 200 people vote at once on two servers: each counts once, exactly one fills the quorum, the effect happens once', async () => {
  const ada = await world.person()
  const voters = await callers(world, 200)
  seatPeople([world, other], ada, { admin: voters.map(({ userId }) => userId) })
  const { id, note } = await holdDeletion(ada, { quorum: 7, role: 'admin' })

  // Who is told that the server is busy presses again.
  const press = (caller: Caller, n: number): Promise<Settled> => approve((n % 2 === 0 ? world : other).app.gate, { caller, requestId: `r${n}`, language: 'en', id, note: null })
    .catch((error: unknown) => (isProblem(error) && error.code === 'unavailable' ? press(caller, n) : Promise.reject(error as Error)))
  const settled = await Promise.allSettled(voters.map(press))

  const counted = settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
  const refused = settled.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []))
  assert.equal(counted.filter(({ decided }) => decided !== null).length, 1)
  assert.equal(counted.length, 7)
  assert.deepEqual([...new Set(refused.map((reason) => (isProblem(reason) ? reason.code : String(reason))))], ['conflict'])
  assert.equal(await actionsOf(world, ada, 'notes.delete'), 1)
  assert.equal(await isBinned(ada, note), true)
  const { rows: [kept] } = await world.owner.query(`select status, cardinality(approved_by) as given, (select count(distinct user_id)::int from checkpoint_votes where checkpoint_id = $1) as votes from checkpoints where id = $1`, [id])
  assert.deepEqual(kept, { status: 'approved', given: 7, votes: 7 })
})

test('one rejection ends it, whatever was approved before; approve and reject at once leave one end', async () => {
  const [ada, bob, eve] = await people(3) as [Person, Person, Person]
  seatPeople([world, other], ada, { admin: [bob.user.id, eve.user.id] })
  const { id, note } = await holdDeletion(ada, { quorum: 2, role: 'admin' })

  assert.equal((await bob.post(at(id, '/approve'), {})).status, 200)
  const rejected = await eve.post(at(id, '/reject'), { reason: 'no' })
  assert.deepEqual([rejected.status, rejected.body.checkpoint.status, rejected.body.checkpoint.note], [200, 'rejected', 'no'])
  assert.equal((await bob.post(at(id, '/approve'), {})).status, 409)
  assert.equal(await isBinned(ada, note), false)

  for (let round = 0; round < 5; round += 1) {
    const one = await holdDeletion(ada, { role: 'admin' })
    const answers = await Promise.all([bob.post(at(one.id, '/approve'), {}), eve.post(at(one.id, '/reject'), { reason: 'no' })])
    assert.deepEqual(answers.map(({ status }) => status).toSorted(), [200, 409])
    const { body } = await ada.get(at(one.id))
    assert.equal(await isBinned(ada, one.note), body.status === 'approved')
  }
})

test('CHK-04: the requester where four eyes are set, and everybody who has no seat, is refused and nothing is done', async () => {
  const [ada, bob, eve] = await people(3) as [Person, Person, Person]
  seatPeople([world], ada, { admin: [ada.user.id, bob.user.id] })
  const { id, note } = await holdDeletion(ada, { role: 'admin', exclude_requester: true })

  for (const verb of ['/approve', '/reject', '/decision']) {
    const { status, body } = await ada.post(at(id, verb), { '/approve': {}, '/reject': { reason: 'x' }, '/decision': { decision: 'approve' } }[verb])
    assert.deepEqual([status, body.code], [403, 'four_eyes'], verb)
  }
  const stranger = await eve.post(at(id, '/approve'), {})
  assert.deepEqual([stranger.status, stranger.body.code], [403, 'identity_boundary'])
  assert.equal(await actionsOf(world, eve, 'identity.violation'), 1)
  assert.equal(await isBinned(ada, note), false)
  assert.equal((await bob.post(at(id, '/approve'), {})).status, 200)

  const mine = await holdDeletion(ada, { role: 'admin', exclude_requester: true })
  assert.equal((await bob.del(at(mine.id))).status, 403)
  assert.equal((await ada.del(at(mine.id))).body.checkpoint.status, 'cancelled')
})

test('the person whose identity it is does not decide where a rule names others', async () => {
  const [ada, bob] = await people(2) as [Person, Person]
  seatPeople([world], ada, { admin: [bob.user.id] })
  const { id } = await holdDeletion(ada, { role: 'admin' })

  const { status, body } = await ada.post(at(id, '/approve'), {})

  assert.deepEqual([status, body.code, (await ada.get(at(id))).body.may_decide], [403, 'not_a_decider', false])
})

test('CHK-09: an agent, Nova, an automation, a key and the system never decide, not even with a live session', async () => {
  const ada = await world.person()
  const { id, note } = await holdDeletion(ada)
  const { rows: [session] } = await world.owner.query('select id from sessions where user_id = $1', [ada.user.id])
  const given = (kind: Caller['actor']['kind']): Decision => ({ caller: { ...callerOf(ada), sessionId: session.id, actor: { kind, id: ada.user.id } }, requestId: 'r', language: 'en', id, note: null })

  for (const kind of ['agent', 'nova', 'automation', 'api_key', 'system'] as const) {
    await assert.rejects(approve(world.app.gate, given(kind)), (error) => isProblem(error) && error.code === 'no_robot_approves' && error.status === 403, kind)
    await assert.rejects(reject(world.app.gate, given(kind)), (error) => isProblem(error) && error.code === 'no_robot_approves', kind)
  }
  assert.equal(await isBinned(ada, note), false)
  assert.equal((await approve(world.app.gate, given('person'))).checkpoint.status, 'approved')
})

test('advice of a model is shown as advice and never counts; a person gives none', async () => {
  const [ada, bob] = await people(2) as [Person, Person]
  const { id, note } = await holdDeletion(ada)
  const { rows: [session] } = await world.owner.query('select id from sessions where user_id = $1', [ada.user.id])
  const action = world.app.gate.actions.get('advice.give')
  assert(action)
  for (let n = 0; n < 3; n += 1) {
    await perform(world.app.gate, { action, given: { checkpoint_id: id, recommends: 'approve', text: 'Looks right' }, caller: { ...callerOf(ada), sessionId: session.id, actor: { kind: 'agent', id: `agent-${n}` } }, via: 'agent', sphereId: null, requestId: 'r', runId: null })
  }

  const { body } = await ada.get(at(id))
  const mine = await ada.post(at(id, '/advice'), { recommends: 'approve', text: 'me' })
  const foreign = await bob.post(at(id, '/advice'), { recommends: 'approve', text: 'me' })

  assert.deepEqual(body.advice.map((one: Record<string, unknown>) => [one.recommends, one.counts]), [['approve', false], ['approve', false], ['approve', false]])
  assert.deepEqual([body.status, body.approvals], ['pending', { given: 0, needed: 1, by: [] }])
  assert.equal(await isBinned(ada, note), false)
  assert.deepEqual([mine.body.code, foreign.body.code], ['advice_only', 'identity_boundary'])
})

test('what nobody can meet is refused when it is written, and says so when a rule holds for it', async () => {
  const [ada, bob] = await people(2) as [Person, Person]
  seatPeople([world], ada, { owner: [], admin: [ada.user.id, bob.user.id], member: [ada.user.id] })
  const { body: note } = await ada.post('/api/v2/notes', { title: 'x' })
  const ask = (approvers: unknown) => ada.post('/api/v2/governance/checkpoints', { tool: 'notes.delete', args: { note_id: note.id }, approvers })
  const wish = (requirement: Partial<typeof OWN_APPROVAL>) => world.platform.store.within(callerOf(ada), (tx) =>
    ensureSomebody(world.app.gate, tx, { identityId: ada.identity.id as IdentityId, requester: ada.user.id as UserId, requirement: { ...OWN_APPROVAL, ...requirement } }))

  for (const approvers of [{ quorum: 3, role: 'admin' }, { role: 'owner' }, { role: 'member', exclude_requester: true }, { quorum: 2 }, { exclude_requester: true }]) {
    const { status, body } = await ask(approvers)
    assert.deepEqual([status, body.code], [422, 'unmeetable'], JSON.stringify(approvers))
  }
  await assert.rejects(wish({ role: 'owner' }), (error) => isProblem(error) && error.code === 'unmeetable')
  await wish({ role: 'admin', quorum: 2 })
  await wish({})

  seatPeople([world], ada, { admin: [bob.user.id] })
  const { id } = await holdDeletion(ada, { role: 'admin' })
  await world.owner.query('update checkpoints set cannot_be_met = true where id = $1', [id])
  assert.deepEqual((await ada.get('/api/v2/governance/signals')).body.items.map((one: { kind: string }) => one.kind), ['cannot_be_met'])
})

test('a high-risk rule leaves the requester out where somebody else may decide, and lets a person alone approve their own', async () => {
  const [ada, bob] = await people(2) as [Person, Person]
  const action = world.app.gate.actions.get('notes.delete')
  assert(action)
  const { rows: [session] } = await world.owner.query('select id from sessions where user_id = $1', [ada.user.id])
  const hold = async (): Promise<string> => {
    const { body: note } = await ada.post('/api/v2/notes', { title: 'x' })
    const held = await perform(world.app.gate, {
      action, given: { note_id: note.id }, caller: { ...callerOf(ada), sessionId: session.id }, via: 'rest', sphereId: null, requestId: 'r', runId: null, ask: true,
      requirement: { ...OWN_APPROVAL, role: 'admin', highRisk: true },
    })
    assert(held.kind === 'held')
    return held.checkpoint.id
  }

  seatPeople([world], ada, { admin: [ada.user.id] })
  assert.equal((await ada.post(at(await hold(), '/approve'), {})).status, 200)

  seatPeople([world], ada, { admin: [ada.user.id, bob.user.id] })
  const id = await hold()
  assert.equal((await ada.post(at(id, '/approve'), {})).body.code, 'four_eyes')
  assert.equal((await bob.post(at(id, '/approve'), {})).status, 200)
})

test('a rule that became high-risk since it was asked holds at the approval too: the requester’s own yes is stale', async () => {
  const [ada, bob] = await people(2) as [Person, Person]
  seatPeople([world], ada, { admin: [ada.user.id, bob.user.id] })
  const { id, note } = await holdDeletion(ada, { role: 'admin' })
  await putInForce(ada, '@hold("deletions") @approver_role("admin") @high_risk("true") forbid (principal, action == Action::"notes.delete", resource) unless { context has approval };')

  const { status, body } = await ada.post(at(id, '/approve'), {})

  assert.deepEqual([status, body.code, await isBinned(ada, note)], [409, 'stale', false])
  assert.equal((await ada.post(at(body.checkpoint.id, '/approve'), {})).body.code, 'four_eyes')
  assert.equal((await bob.post(at(body.checkpoint.id, '/approve'), {})).status, 200)
})

test('everybody who may decide is told, and each sees only that; the requester is told of the end', async () => {
  const [ada, bob, eve] = await people(3) as [Person, Person, Person]
  seatPeople([world], ada, { admin: [bob.user.id, eve.user.id] })
  const { id } = await holdDeletion(ada, { role: 'admin' })

  for (const person of [bob, eve]) {
    const [told, ...more] = await toldTo(world, person, 'checkpoint.created')
    assert.deepEqual(more, [])
    assert.deepEqual([told?.identity_id, told?.data.deciders, told?.data.requester, told?.data.run_id], [null, [person.user.id], null, null])
  }
  assert.deepEqual((await toldTo(world, ada, 'checkpoint.created')).map(({ data }) => data.deciders), [[]])
  await bob.post(at(id, '/approve'), {})
  assert.deepEqual((await toldTo(world, ada, 'checkpoint.approved')).map(({ data }) => [data.checkpoint_id, data.requester]), [[id, ada.user.id]])
  assert.equal((await toldTo(world, eve, 'checkpoint.approved')).length, 1)
})

test('an edit, and what is asked anew, ask no fewer people: nobody edits a quorum away', async () => {
  const [ada, bob] = await people(2) as [Person, Person]
  seatPeople([world], ada, { admin: [ada.user.id, bob.user.id] })
  const { body: other } = await ada.post('/api/v2/notes', { title: 'y' })
  const { id, note } = await holdDeletion(ada, { role: 'admin', quorum: 2, exclude_requester: false })

  const edited = await ada.post(at(id, '/edit'), { args: { note_id: other.id }, approve: true })

  assert.deepEqual([edited.status, edited.body.outcome, edited.body.approvals.needed, edited.body.checkpoint.requirement.role], [201, null, 2, 'admin'])
  assert.deepEqual([await isBinned(ada, note), await isBinned(ada, other.id)], [false, false])
  await ada.patch(`/api/v2/notes/${other.id}`, { title: 'Changed since' })
  const stale = await bob.post(at(edited.body.checkpoint.id, '/approve'), {})
  assert.deepEqual([stale.status, stale.body.code], [409, 'stale'])
  const ended = await ada.get(at(edited.body.checkpoint.id))
  assert.deepEqual([ended.body.status, ended.body.ended_because], ['cancelled', 'stale'])
})
