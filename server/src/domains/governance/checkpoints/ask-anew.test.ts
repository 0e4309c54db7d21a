import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { client } from '../../../testing/person.ts'
import { startWorld, type World } from '../../../testing/world.ts'
import { aNote, approve, checkpointOf, heldDeletion, putBefore, recordOf } from '../testing.ts'

suite('What changed since is asked anew', () => {
  let world: World
  before(async () => { world = await startWorld() })
  after(() => world.close())

  test('CHK-03: a changed row is 409 stale, and the same answer names the new checkpoint with the fresh difference', async () => {
    const ada = await world.person()
    const { id, noteId, runId } = await heldDeletion(ada, { body: 'one' })
    await ada.patch(`/api/v2/notes/${noteId}`, { body: 'two' })

    const { status, body, headers } = await approve(ada, id)

    assert.deepEqual([status, body.code, body.because, body.asks_anew], [409, 'stale', 'changed', true])
    assert.equal(headers.get('location'), `/api/v2/governance/checkpoints/${body.checkpoint.id}`)
    const [old, fresh] = [await checkpointOf(ada, id), await checkpointOf(ada, body.checkpoint.id)]
    assert.deepEqual([old.status, old.ended_because, fresh.status, fresh.parent_id, fresh.run_id], ['cancelled', 'stale', 'pending', id, runId])
    assert.notEqual(fresh.action_hash, old.action_hash)
    assert.equal(fresh.shown.changes[0].fields.find(({ field }: { field: string }) => field === 'body').before, 'two')
    assert.deepEqual((await recordOf(world, ada, id)).map(({ action }) => action), ['checkpoint.created', 'checkpoint.stale'])

    const run = (await ada.get(`/api/v2/nova/runs/${runId}`)).body
    assert.deepEqual([run.status, run.checkpoint_id, run.actions.length, run.actions[0].checkpoint_id], ['awaiting_approval', fresh.id, 1, fresh.id])
    const done = await approve(ada, fresh.id)
    assert.deepEqual([done.status, done.body.run.status], [200, 'completed'])
  })

  test('what a person put before themselves is asked anew too', async () => {
    const ada = await world.person()
    const noteId = await aNote(ada, { body: 'one' })
    const held = await putBefore(ada, 'notes.update', { note_id: noteId, body: 'mine' })
    await ada.patch(`/api/v2/notes/${noteId}`, { body: 'two' })

    const { body } = await approve(ada, held.id)

    assert.deepEqual((await checkpointOf(ada, body.checkpoint.id)).shown.changes[0].fields, [{ field: 'body', before: 'two', after: 'mine' }])
    assert.equal((await approve(ada, body.checkpoint.id)).body.outcome.result.body, 'mine')
  })

  test('CHK-06: of many approvals of a stale one, one asks anew; all are 409', async () => {
    const ada = await world.person()
    const second = await world.another()
    const elsewhere = client(second.url, ada.token)
    const { id, noteId } = await heldDeletion(ada)
    await ada.patch(`/api/v2/notes/${noteId}`, { body: 'two' })

    const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => approve(n % 2 === 0 ? ada : elsewhere, id)))
    await second.close()

    assert.deepEqual(answers.map(({ status }) => status), answers.map(() => 409))
    assert.equal(answers.filter(({ body }) => body.asks_anew).length, 1)
    assert.deepEqual((await ada.get('/api/v2/governance/checkpoints')).body.items.map(({ status }: { status: string }) => status).toSorted(), ['cancelled', 'pending'])
    assert.equal((await ada.get(`/api/v2/notes/${noteId}`)).body.binned_at, null)
  })

  test('a row that is gone for good leaves nothing to ask', async () => {
    const ada = await world.person()
    const { id, noteId } = await heldDeletion(ada)
    await world.owner.query('delete from notes where id = $1', [noteId])

    const { status, body } = await approve(ada, id)

    assert.deepEqual([status, body.code, body.asks_anew], [409, 'stale', false])
    assert.deepEqual([(await checkpointOf(ada, id)).status, (await checkpointOf(ada, id)).ended_because], ['cancelled', 'stale'])
  })

  test('an identity that was archived since approves nothing', async () => {
    const ada = await world.person()
    const { id, noteId } = await heldDeletion(ada)
    await world.owner.query('update identities set archived_at = now() where id = $1', [ada.identity.id])

    const { status } = await approve(ada, id)

    assert.ok(status === 401 || status === 403, String(status))
    assert.equal((await world.owner.query('select binned_at from notes where id = $1', [noteId])).rows[0].binned_at, null)
  })
})
