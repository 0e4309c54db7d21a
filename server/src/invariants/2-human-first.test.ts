import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { startWorld, type World } from '../testing/world.ts'
import type { Answer, Person } from '../testing/person.ts'

suite('Invariant 2: a human first', () => {
  let world: World
  before(async () => { world = await startWorld() })
  after(() => world.close())

  const ask = (person: Person, tool: string, args: unknown, headers?: Record<string, string>): Promise<Answer> =>
    person.post('/api/v2/nova/query', { message: '', action: { tool, args } }, headers)

  async function noteOf(person: Person, title = 'Courses'): Promise<string> {
    const { status, body } = await person.post('/api/v2/notes', { title, body: 'lait', sphere_id: 1 })
    assert.equal(status, 201)
    return body.id
  }

  async function heldDelete(person: Person): Promise<{ noteId: string; checkpointId: string; runId: string }> {
    const noteId = await noteOf(person)
    const { status, body, headers } = await ask(person, 'notes.delete', { note_id: noteId })
    assert.equal(status, 423)
    assert.equal(headers.get('x-checkpoint-id'), body.checkpoint.id)
    return { noteId, checkpointId: body.checkpoint.id, runId: body.run_id }
  }

  const approve = (person: Person, id: string): Promise<Answer> => person.post(`/api/v2/governance/checkpoints/${id}/approve`, {})
  const auditOf = async (person: Person, action: string): Promise<number> => (await person.get(`/api/v2/governance/audit?action=${action}`)).body.items.length

  test('CHK-01: a DELETE by Nova is held with 423, digest and expiry, and nothing is done', async () => {
    const ada = await world.person()
    const noteId = await noteOf(ada)

    const { status, body, headers } = await ask(ada, 'notes.delete', { note_id: noteId })

    assert.equal(status, 423)
    assert.match(headers.get('content-type') ?? '', /application\/problem\+json/)
    assert.ok(Number(headers.get('retry-after')) > 0)
    assert.equal(headers.get('location'), `/api/v2/governance/checkpoints/${body.checkpoint.id}`)
    assert.equal(body.code, 'checkpoint_required')
    assert.equal(body.checkpoint.type, 'destructive_action')
    assert.equal(body.checkpoint.effect, 'DELETE')
    assert.deepEqual(body.checkpoint.args, { note_id: noteId })
    assert.match(body.checkpoint.action_hash, /^[0-9a-f]{64}$/)
    assert.match(body.checkpoint.summary, /Courses/)
    assert.equal((await ada.get(`/api/v2/notes/${noteId}`)).body.binned_at, null)
    assert.equal((await ada.get(`/api/v2/nova/runs/${body.run_id}`)).body.status, 'awaiting_approval')
  })

  test('CHK-02: approval does exactly the stored action and carries the run to its end', async () => {
    const ada = await world.person()
    const { noteId, checkpointId, runId } = await heldDelete(ada)

    const { status, body } = await approve(ada, checkpointId)

    assert.equal(status, 200)
    assert.equal(body.checkpoint.status, 'approved')
    assert.equal(body.run.id, runId)
    assert.equal(body.run.status, 'completed')
    assert.deepEqual(body.run.lanes.map((lane: { lane: string; status: string }) => [lane.lane, lane.status]), ['A', 'B', 'C', 'D', 'E', 'F', 'G'].map((lane) => [lane, 'completed']))
    assert.notEqual((await ada.get(`/api/v2/notes/${noteId}`)).body.binned_at, null)
    assert.equal(await auditOf(ada, 'notes.delete'), 1)
  })

  test('the same request again finds the same checkpoint and the same run', async () => {
    const ada = await world.person()
    const noteId = await noteOf(ada)

    const answers = await Promise.all(Array.from({ length: 50 }, () => ask(ada, 'notes.delete', { note_id: noteId })))

    assert.ok(answers.every(({ status }) => status === 423))
    assert.equal(new Set(answers.map(({ body }) => body.checkpoint.id)).size, 1)
    assert.equal(new Set(answers.map(({ body }) => body.run_id)).size, 1)
    assert.equal((await ada.get('/api/v2/governance/checkpoints?status=pending')).body.items.length, 1)
  })

  test('CHK-05: of 50 approvals at once over two processes one wins and the effect happens once', async () => {
    const ada = await world.person()
    const second = await world.another()
    const { checkpointId } = await heldDelete(ada)
    const elsewhere = (path: string, token: string) => fetch(`${second.url}${path}`, { method: 'POST', headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' }, body: '{}' })

    const statuses = await Promise.all(Array.from({ length: 50 }, async (_, index) =>
      index % 2 === 0 ? (await approve(ada, checkpointId)).status : (await elsewhere(`/api/v2/governance/checkpoints/${checkpointId}/approve`, ada.token)).status))
    await second.close()

    assert.equal(statuses.filter((status) => status === 200).length, 1)
    assert.equal(statuses.filter((status) => status === 409).length, 49)
    assert.equal(await auditOf(ada, 'notes.delete'), 1)
  })

  test('CHK-06: approve against reject ends in exactly one state, with the effect at most once', async () => {
    const ada = await world.person()
    for (let round = 0; round < 10; round += 1) {
      const { noteId, checkpointId } = await heldDelete(ada)

      const [yes, no] = await Promise.all([approve(ada, checkpointId), ada.post(`/api/v2/governance/checkpoints/${checkpointId}/reject`, { reason: 'no' })])

      assert.deepEqual([yes.status, no.status].toSorted(), [200, 409])
      const { body } = await ada.get(`/api/v2/notes/${noteId}`)
      assert.equal(body.binned_at !== null, yes.status === 200)
    }
  })

  test('CHK-07: an expired checkpoint is 410, also when the clock was moved', async () => {
    const other = await startWorld()
    const ada = await other.person()
    const { body: note } = await ada.post('/api/v2/notes', { title: 'Old' })
    const { body } = await ask(ada, 'notes.delete', { note_id: note.id })
    other.clock.advance(61 * 60_000)
    const { body: login } = await other.anyone.post('/api/v2/auth/login', { email: ada.user.email, password: ada.password })
    const authorization = { authorization: `Bearer ${login.access_token}` }

    const { status } = await other.anyone.post(`/api/v2/governance/checkpoints/${body.checkpoint.id}/approve`, {}, authorization)

    assert.equal(status, 410)
    assert.equal((await other.anyone.get(`/api/v2/governance/checkpoints/${body.checkpoint.id}`, authorization)).body.status, 'expired')
    await other.close()
  })

  test('CHK-03: a note changed between request and approval is 409 stale and needs a new checkpoint', async () => {
    const ada = await world.person()
    const { noteId, checkpointId } = await heldDelete(ada)
    await ada.patch(`/api/v2/notes/${noteId}`, { body: 'changed' })

    const { status, body } = await approve(ada, checkpointId)
    const again = await ask(ada, 'notes.delete', { note_id: noteId })

    assert.equal(status, 409)
    assert.equal(body.code, 'stale')
    assert.equal((await ada.get(`/api/v2/notes/${noteId}`)).body.binned_at, null)
    assert.equal(again.status, 423)
    assert.notEqual(again.body.checkpoint.id, checkpointId)
  })

  test('CHK-03: arguments changed in the database after the request are not executed', async () => {
    const ada = await world.person()
    const { checkpointId } = await heldDelete(ada)
    const other = await noteOf(ada, 'Precious')
    await world.owner.query('update checkpoints set args = $1 where id = $2', [JSON.stringify({ note_id: other }), checkpointId])

    const { status } = await approve(ada, checkpointId)

    assert.equal(status, 409)
    assert.equal((await ada.get(`/api/v2/notes/${other}`)).body.binned_at, null)
  })

  test('CHK-04: another person’s approval is 403, recorded, and does nothing', async () => {
    const ada = await world.person()
    const eve = await world.person({ name: 'Eve' })
    const { noteId, checkpointId } = await heldDelete(ada)

    const { status, body } = await approve(eve, checkpointId)

    assert.equal(status, 403)
    assert.equal(body.code, 'identity_boundary')
    assert.equal((await ada.get(`/api/v2/notes/${noteId}`)).body.binned_at, null)
    assert.equal(await auditOf(eve, 'identity.violation'), 1)
  })

  test('CHK-14: a replayed approval is 409', async () => {
    const ada = await world.person()
    const { checkpointId } = await heldDelete(ada)
    await approve(ada, checkpointId)

    assert.equal((await approve(ada, checkpointId)).status, 409)
    assert.equal(await auditOf(ada, 'notes.delete'), 1)
  })

  test('CHK-18: created, decided and executed stand in the record in order, with actor and digest', async () => {
    const ada = await world.person()
    const { checkpointId } = await heldDelete(ada)
    await approve(ada, checkpointId)

    const { body } = await ada.get('/api/v2/governance/audit?limit=100')
    const told = body.items.filter((event: Record<string, unknown>) => event.checkpoint_id === checkpointId).toReversed()

    assert.deepEqual(told.map((event: Record<string, unknown>) => event.action), ['checkpoint.created', 'checkpoint.approved', 'notes.delete'])
    assert.equal(new Set(told.map((event: Record<string, unknown>) => event.action_hash)).size, 1)
    assert.deepEqual(told.map((event: { actor: { kind: string } }) => event.actor.kind), ['nova', 'person', 'nova'])
  })

  test('CHK-19: a rejection is final, with its reason; a new attempt needs a new checkpoint', async () => {
    const ada = await world.person()
    const { noteId, checkpointId, runId } = await heldDelete(ada)

    const { status, body } = await ada.post(`/api/v2/governance/checkpoints/${checkpointId}/reject`, { reason: 'keep it' })

    assert.equal(status, 200)
    assert.equal(body.checkpoint.note, 'keep it')
    assert.equal((await ada.get(`/api/v2/nova/runs/${runId}`)).body.status, 'rejected')
    assert.equal((await approve(ada, checkpointId)).status, 409)
    const again = await ask(ada, 'notes.delete', { note_id: noteId })
    assert.notEqual(again.body.checkpoint.id, checkpointId)
  })

  test('an approval survives a restart of the server', async () => {
    const ada = await world.person()
    const { noteId, checkpointId } = await heldDelete(ada)
    const restarted = await world.another()

    const response = await fetch(`${restarted.url}/api/v2/governance/checkpoints/${checkpointId}/approve`, { method: 'POST', headers: { authorization: `Bearer ${ada.token}` } })
    const body = await response.json() as { run: { status: string } }
    await restarted.close()

    assert.equal(response.status, 200)
    assert.equal(body.run.status, 'completed')
    assert.notEqual((await ada.get(`/api/v2/notes/${noteId}`)).body.binned_at, null)
  })

  test('an approval whose row is gone leaves the decision and a failed run', async () => {
    const ada = await world.person()
    const { noteId, checkpointId, runId } = await heldDelete(ada)
    await world.owner.query('update notes set binned_at = now() where id = $1', [noteId])

    const { status, body } = await approve(ada, checkpointId)

    assert.equal(status, 200)
    assert.equal(body.run.status, 'failed')
    assert.equal((await ada.get(`/api/v2/nova/runs/${runId}`)).body.error.code, 'binned')
  })

  test('no GET decides anything, and a checkpoint cannot be made for an unknown tool', async () => {
    const ada = await world.person()
    const { checkpointId } = await heldDelete(ada)

    assert.equal((await ada.get(`/api/v2/governance/checkpoints/${checkpointId}/approve`)).status, 405)
    assert.equal((await ada.post('/api/v2/governance/checkpoints', { tool: 'governance.approve', args: {} })).status, 422)
    assert.equal((await ada.get(`/api/v2/governance/checkpoints/${checkpointId}`)).body.status, 'pending')
  })

  test('a person’s own deletion over REST is done at once, transfers and payments are held even then', async () => {
    const ada = await world.person()
    const noteId = await noteOf(ada)

    assert.equal((await ada.post('/api/v2/records/transfer', { type: 'note', id: noteId, sphere_id: 2 })).status, 423)
    assert.equal((await ada.post('/api/v2/payments/orders', { beneficiary: 'Dupont SA', amount_minor: 125050, currency: 'EUR' })).status, 423)
    assert.equal((await ada.del(`/api/v2/notes/${noteId}`)).status, 200)
  })

  test('CHK-03: a change at the very moment of the approval is never executed over: either it came first, or the approval did', async () => {
    const ada = await world.person()
    for (let round = 0; round < 20; round += 1) {
      const { noteId, checkpointId } = await heldDelete(ada)

      const [decided, changed] = await Promise.all([approve(ada, checkpointId), ada.patch(`/api/v2/notes/${noteId}`, { body: 'precious' })])

      const { body } = await ada.get(`/api/v2/notes/${noteId}`)
      const outcome = `approve ${decided.status}, change ${changed.status}, binned ${body.binned_at !== null}`
      assert.ok(['approve 200, change 410, binned true', 'approve 409, change 200, binned false'].includes(outcome), outcome)
    }
  })

  test('an approval over REST says what became of the effect, also when it refused', async () => {
    const ada = await world.person()
    const { body: ordered } = await ada.post('/api/v2/payments/orders', { beneficiary: 'Dupont SA', amount_minor: 125_050, currency: 'EUR' })
    const { body: asked } = await ada.post('/api/v2/governance/checkpoints', { tool: 'identities.archive', args: { identity_id: ada.identity.id } })

    const paid = await approve(ada, ordered.checkpoint.id)
    const refused = asked.id ? await approve(ada, asked.id) : undefined

    assert.deepEqual([paid.body.run, paid.body.outcome.status, paid.body.outcome.result.amount_minor], [null, 'completed', 125_050])
    assert.equal(refused?.body.outcome.status, 'failed')
    assert.ok(refused?.body.outcome.error.code)
  })

  test('what cannot be undone waits even when its class is free: Nova makes no identity and no signal to everyone unasked', async () => {
    const ada = await world.person()

    assert.equal((await ask(ada, 'identities.create', { type: 'enterprise', name: 'Shell' })).status, 423)
    assert.equal((await ask(ada, 'atom.resonate', { frequency: 111, phase: 0, agent_id: 'P001' })).status, 423)
    assert.equal((await ada.post('/api/v2/identities', { type: 'enterprise', name: 'Firm' })).status, 201)
  })

  test('CHK-17: several commands refused while dormant are not done later', async () => {
    const other = await startWorld()
    const ada = await other.person()
    const seal = { 'x-architect-seal': other.seal }
    await other.anyone.post('/api/atom/killswitch', {}, seal)

    const refused = await ada.post('/api/v2/nova/query', { message: 'Crée une note « Un » et crée une note « Deux »' })
    await other.anyone.post('/api/atom/revive', {}, seal)

    assert.deepEqual([refused.status, refused.body.code], [503, 'dormant'])
    assert.equal((await other.owner.query('select count(*)::int as runs from nova_runs')).rows[0].runs, 0)
    await other.close()
  })
})
