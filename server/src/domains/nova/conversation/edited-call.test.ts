import assert from 'node:assert/strict'
import { after, before, beforeEach, suite, test } from 'node:test'
import { resultsIn, startFakeAnthropic, type FakeAnthropic } from '../../../testing/fake-anthropic.ts'
import { startWorld, type World } from '../../../testing/world.ts'
import { approve, ask, isBinned, noteOf, onlyRunOf } from '../testing.ts'

suite('A call of Claude’s that the person edits, or that is asked anew', () => {
  let fake: FakeAnthropic
  let world: World
  before(async () => {
    fake = await startFakeAnthropic()
    world = await startWorld({ settings: fake.settings })
  })
  beforeEach(() => { fake.reset() })
  after(async () => {
    await fake.close()
    await world.close()
  })

  test('the run goes on with what the person made of it; Claude sees what it asked, what was done, and why', async () => {
    const ada = await world.person()
    const [asked, meant] = [await noteOf(ada, 'Un'), await noteOf(ada, 'Deux')]
    fake.script({ say: 'Je supprime « Un ».', call: [{ tool: 'notes.delete', args: { note_id: asked } }] }, { say: 'C’est « Deux » qui est supprimée.' })
    const held = await ask(ada, 'Supprime la vieille note')
    const { body: { shown } } = await ada.get(`/api/v2/governance/checkpoints/${held.body.checkpoint.id}`)
    assert.deepEqual(shown.said, { request: 'Supprime la vieille note', agent: 'Je supprime « Un ».' }, 'CHK-12: what is said stands apart from the facts')

    const { status, body } = await ada.post(`/api/v2/governance/checkpoints/${held.body.checkpoint.id}/edit`, { args: { note_id: meant }, note: 'l’autre', approve: true })

    assert.equal(status, 201, JSON.stringify(body))
    assert.deepEqual([body.run.id, body.run.status, body.run.output], [held.body.run_id, 'completed', { text: 'C’est « Deux » qui est supprimée.' }])
    assert.deepEqual([await isBinned(ada, asked), await isBinned(ada, meant)], [false, true])
    const second = fake.requests[1] ?? assert.fail()
    const [told] = resultsIn(second)
    assert.deepEqual([told?.value.status, told?.value.approved_by, told?.value.edited_by, told?.value.asked, told?.value.done, told?.value.note], ['done', 'the person', 'the person', { note_id: asked }, { note_id: meant }, 'l’autre'])
    assert.ok(JSON.stringify(second.body.messages).includes(asked), 'the transcript keeps the call as it was asked')
    assert.deepEqual(body.run.actions.map((action: { args: unknown; status: string }) => [action.args, action.status]), [[{ note_id: asked }, 'cancelled'], [{ note_id: meant }, 'completed']])
  })

  test('a restart between edit and approval loses nothing, and a rejection of the edited call is told', async () => {
    const ada = await world.person()
    const [asked, meant] = [await noteOf(ada, 'Un'), await noteOf(ada, 'Deux')]
    fake.script({ call: [{ tool: 'notes.delete', args: { note_id: asked } }] }, { say: 'Bien.' })
    const held = await ask(ada, 'Supprime')
    const { body: { checkpoint } } = await ada.post(`/api/v2/governance/checkpoints/${held.body.checkpoint.id}/edit`, { args: { note_id: meant } })
    assert.deepEqual([(await onlyRunOf(ada)).status, (await onlyRunOf(ada)).checkpoint_id], ['awaiting_approval', checkpoint.id])
    const restarted = await world.another()

    const response = await fetch(`${restarted.url}/api/v2/governance/checkpoints/${checkpoint.id}/reject`, { method: 'POST', headers: { authorization: `Bearer ${ada.token}`, 'content-type': 'application/json' }, body: '{"reason":"non"}' })
    await restarted.close()

    assert.equal(response.status, 200)
    assert.deepEqual(resultsIn(fake.requests[1] ?? assert.fail())[0]?.value, { status: 'rejected_by_the_person', reason: 'non' })
    assert.deepEqual([(await onlyRunOf(ada)).status, await isBinned(ada, asked), await isBinned(ada, meant)], ['completed', false, false])
  })

  test('CHK-03: a row that changed meanwhile is asked anew inside the same run', async () => {
    const ada = await world.person()
    const noteId = await noteOf(ada, 'Un')
    fake.script({ call: [{ tool: 'notes.delete', args: { note_id: noteId } }] }, { say: 'Supprimée.' })
    const held = await ask(ada, 'Supprime')
    await ada.patch(`/api/v2/notes/${noteId}`, { body: 'neuf' })

    const stale = await approve(ada, held.body.checkpoint.id)
    assert.deepEqual([stale.status, stale.body.asks_anew, fake.requests.length], [409, true, 1])
    const { status, body } = await approve(ada, stale.body.checkpoint.id)

    assert.deepEqual([status, body.run.id, body.run.status, await isBinned(ada, noteId)], [200, held.body.run_id, 'completed', true])
  })
})
