import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { client } from '../../../testing/person.ts'
import { startWorld, type World } from '../../../testing/world.ts'
import { aNote, approve, askNova, checkpointOf, edit, heldDeletion, putBefore, recordOf, reject } from '../testing.ts'

suite('Edit, then approve', () => {
  let world: World
  before(async () => { world = await startWorld() })
  after(() => world.close())

  const binned = async (person: Parameters<typeof aNote>[0], id: string): Promise<boolean> => (await person.get(`/api/v2/notes/${id}`)).body.binned_at !== null

  test('an edit is another action: new hash, a way back, the old one over; only the new one can be approved, and does what it says', async () => {
    const ada = await world.person()
    const held = await heldDeletion(ada, { title: 'Precious' })
    const other = await aNote(ada, { title: 'Old' })
    const asked = await checkpointOf(ada, held.id)

    const { status, body } = await edit(ada, held.id, { note_id: other }, { note: 'that one, not this one' })

    assert.equal(status, 201, JSON.stringify(body))
    assert.deepEqual([body.checkpoint.status, body.checkpoint.parent_id, body.checkpoint.tool, body.checkpoint.args, body.run, body.outcome], ['pending', held.id, 'notes.delete', { note_id: other }, null, null])
    assert.notEqual(body.checkpoint.action_hash, asked.action_hash)
    assert.deepEqual(body.checkpoint.shown.targets[0].title, 'Old')
    const old = await checkpointOf(ada, held.id)
    assert.deepEqual([old.status, old.ended_because, old.note], ['cancelled', 'edited', 'that one, not this one'])
    assert.equal((await approve(ada, held.id)).status, 409)

    const done = await approve(ada, body.checkpoint.id)

    assert.deepEqual([done.status, done.body.run.id, done.body.run.status], [200, held.runId, 'completed'])
    assert.deepEqual([await binned(ada, held.noteId), await binned(ada, other)], [false, true])
    assert.deepEqual((await recordOf(world, ada, held.id)).map(({ action, actor }) => [action, actor.kind]), [['checkpoint.created', 'nova'], ['checkpoint.edited', 'person']])
    assert.deepEqual((await recordOf(world, ada, body.checkpoint.id)).map(({ action }) => action), ['checkpoint.created', 'checkpoint.approved', 'notes.delete'])
  })

  test('the run shows the call as it was asked and as it was done', async () => {
    const ada = await world.person()
    const held = await heldDeletion(ada)
    const other = await aNote(ada)

    const { status, body } = await edit(ada, held.id, { note_id: other }, { approve: true })

    assert.deepEqual([status, body.checkpoint.status, body.outcome.status, body.run.status], [201, 'approved', 'completed', 'completed'])
    assert.deepEqual(body.run.actions.map((action: { args: { note_id: string }; status: string; error: { code: string } | null }) => [action.args.note_id, action.status, action.error?.code ?? null]), [[held.noteId, 'cancelled', 'edited'], [other, 'completed', null]])
    assert.equal((await ada.get(`/api/v2/nova/runs/${held.runId}`)).body.actions.length, 2)
  })

  test('an edit goes through schema, boundary and policy again, and what they refuse leaves the old one waiting', async () => {
    const [ada, eve] = [await world.person(), await world.person()]
    const hers = await aNote(eve)
    const held = await heldDeletion(ada)

    const wrong = await edit(ada, held.id, { note_id: 'all' })
    const foreign = await edit(ada, held.id, { note_id: hers })
    const missing = await edit(ada, held.id, { note_id: crypto.randomUUID() })
    const more = await edit(ada, held.id, { note_id: held.noteId, tool: 'notes.create' })

    assert.deepEqual([wrong.status, foreign.status, foreign.body.code, missing.status, more.status], [422, 403, 'identity_boundary', 404, 422])
    assert.deepEqual([(await checkpointOf(ada, held.id)).status, (await eve.get(`/api/v2/notes/${hers}`)).body.binned_at], ['pending', null])
    assert.equal((await approve(ada, held.id)).status, 200)
  })

  test('the sphere of the call holds for what is made of it', async () => {
    const ada = await world.person()
    const inBusiness = (await ada.post('/api/v2/notes', { title: 'Deal', sphere_id: 2 })).body.id
    const mine = await aNote(ada)
    const { body } = await ada.post('/api/v2/nova/query', { message: '', sphere_id: 1, action: { tool: 'notes.delete', args: { note_id: mine } } })

    const { status, body: refused } = await edit(ada, body.checkpoint.id, { note_id: inBusiness })

    assert.deepEqual([status, refused.code], [403, 'cross_sphere'])
  })

  test('an edit that changes nothing, and one into what waits already, are 409', async () => {
    const ada = await world.person()
    const [one, two] = [await heldDeletion(ada), await heldDeletion(ada)]

    const same = await edit(ada, one.id, { note_id: one.noteId })
    const taken = await edit(ada, one.id, { note_id: two.noteId })

    assert.deepEqual([same.status, same.body.code, taken.status, taken.body.code, taken.body.checkpoint_id], [409, 'conflict', 409, 'waits_already', two.id])
    assert.deepEqual([(await checkpointOf(ada, one.id)).status, (await checkpointOf(ada, two.id)).status], ['pending', 'pending'])
  })

  test('another’s checkpoint is 403, one that exists nowhere 404, one that is over 409 or 410', async () => {
    const [ada, eve] = [await world.person(), await world.person()]
    const held = await heldDeletion(ada)
    const args = { note_id: held.noteId }

    assert.deepEqual([(await edit(eve, held.id, args)).status, (await edit(ada, crypto.randomUUID(), args)).status], [403, 404])
    await reject(ada, held.id)
    assert.equal((await edit(ada, held.id, args)).status, 409)
  })

  test('an edited edit still knows where it came from, and a REST call is edited too', async () => {
    const ada = await world.person()
    const first = await putBefore(ada, 'notes.create', { title: 'One' })
    const { body: { checkpoint: second } } = await edit(ada, first.id, { title: 'Two' })
    const { body: { checkpoint: third } } = await edit(ada, second.id, { title: 'Three' }, { approve: true })

    assert.deepEqual([second.parent_id, third.parent_id, third.status], [first.id, second.id, 'approved'])
    assert.deepEqual((await ada.get('/api/v2/notes')).body.items.map(({ title }: { title: string }) => title), ['Three'])
  })

  test('CHK-06: of an approval and an edit at the same moment one happens, on two servers too', async () => {
    const ada = await world.person()
    const second = await world.another()
    const elsewhere = client(second.url, ada.token)
    for (let round = 0; round < 15; round += 1) {
      const held = await heldDeletion(ada)
      const other = await aNote(ada)

      const [approved, edited] = await Promise.all([approve(round % 2 === 0 ? ada : elsewhere, held.id), edit(round % 3 === 0 ? elsewhere : ada, held.id, { note_id: other })])

      const outcome = `approve ${approved.status}, edit ${edited.status}, asked ${await binned(ada, held.noteId)}, edited ${await binned(ada, other)}`
      assert.ok(['approve 200, edit 409, asked true, edited false', 'approve 409, edit 201, asked false, edited false'].includes(outcome), outcome)
    }
    await second.close()
  })

  test('CHK-06: of 20 different edits at once one takes its place', async () => {
    const ada = await world.person()
    const held = await heldDeletion(ada)
    const others = await Promise.all(Array.from({ length: 20 }, () => aNote(ada)))

    const answers = await Promise.all(others.map((note_id) => edit(ada, held.id, { note_id })))

    assert.deepEqual([answers.filter(({ status }) => status === 201).length, answers.filter(({ status }) => status === 409).length], [1, 19])
    assert.equal((await ada.get('/api/v2/governance/checkpoints?status=pending')).body.items.length, 1)
  })

  test('CHK-14: an edit that is sent again does nothing again', async () => {
    const ada = await world.person()
    const held = await heldDeletion(ada)
    const other = await aNote(ada)

    const statuses = [await edit(ada, held.id, { note_id: other }, { approve: true }), await edit(ada, held.id, { note_id: other }, { approve: true })].map(({ status }) => status)

    assert.deepEqual(statuses, [201, 409])
    assert.equal((await ada.get('/api/v2/governance/audit?action=notes.delete&outcome=done')).body.items.length, 1)
  })

  test('CHK-17: what stands still while the system is dormant is not told as expired to who edits it, and can be edited afterwards', async () => {
    const other = await startWorld()
    const ada = await other.person()
    const [held, note] = [await heldDeletion(ada), await aNote(ada)]
    const seal = { 'x-architect-seal': other.seal }
    await other.anyone.post('/api/atom/killswitch', {}, seal)
    other.clock.advance(61 * 60_000)
    const { body: login } = await other.anyone.post('/api/v2/auth/login', { email: ada.user.email, password: ada.password })
    const again = { ...ada, ...client(other.url, login.access_token) }

    const stopped = await edit(again, held.id, { note_id: note })
    await other.anyone.post('/api/atom/revive', {}, seal)
    const revived = await edit(again, held.id, { note_id: note })
    await other.close()

    assert.deepEqual([stopped.status, stopped.body.code, revived.status], [503, 'dormant', 201])
  })

  test('a boundary violation is there to be seen: listed, and never approved, rejected, edited, taken back or answered for', async () => {
    const [ada, eve] = [await world.person(), await world.person()]
    const note = await aNote(ada)
    assert.equal((await askNova(eve, 'notes.delete', { note_id: note })).status, 403)
    const { body } = await eve.get('/api/v2/governance/checkpoints?type=identity_boundary')
    const [violation] = body.items
    assert.deepEqual([body.items.length, violation.status, violation.tool, violation.shown], [1, 'rejected', 'notes.delete', null])
    const at = `/api/v2/governance/checkpoints/${violation.id}`
    await world.owner.query(`update checkpoints set status = 'pending', expires_at = now() + interval '1 hour' where id = $1`, [violation.id])

    const answers = [
      await approve(eve, violation.id), await approve(eve, violation.id, { shown_hash: violation.action_hash }), await reject(eve, violation.id), await edit(eve, violation.id, { note_id: note }),
      await edit(eve, violation.id, { note_id: note }, { approve: true }), await eve.del(at), await eve.post(`${at}/effect`, { outcome: 'repeat' }),
    ]

    assert.deepEqual(answers.map(({ status }) => status), answers.map(() => 409))
    assert.equal(await binned(ada, note), false)
  })
})
