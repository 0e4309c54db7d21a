import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { client } from '../../../testing/person.ts'
import { startWorld, type World } from '../../../testing/world.ts'
import { answerFor, approve, checkpointOf, heldDeletion, putBefore, recordOf } from '../testing.ts'
import { completedOutcome } from './kept-outcome.ts'

suite('The effect of an approval', () => {
  let world: World
  before(async () => { world = await startWorld() })
  after(() => world.close())

  test('CHK-02, CHK-18: what stays in the database is confirmed by the commit of its approval, and its result stays readable', async () => {
    const ada = await world.person()
    const held = await putBefore(ada, 'notes.create', { title: 'Courses' })
    assert.deepEqual([held.effect_state, held.outcome], [null, null])

    const { body } = await approve(ada, held.id)

    const later = await checkpointOf(ada, held.id)
    assert.deepEqual([body.checkpoint.effect_state, later.effect_state, later.outcome.status, later.outcome.result.title, later.outcome.withheld], ['confirmed', 'confirmed', 'completed', 'Courses', false])
    assert.deepEqual(later.outcome, body.outcome)
    assert.deepEqual((await recordOf(world, ada, held.id)).map(({ action }) => action), ['checkpoint.created', 'checkpoint.approved', 'notes.create'])
  })

  test('CHK-18: an effect that refused has failed, and says why in the language of its reader', async () => {
    const ada = await world.person()
    const { id, noteId } = await heldDeletion(ada)
    await world.owner.query('update notes set binned_at = now() where id = $1', [noteId])

    await approve(ada, id)

    const french = await ada.get(`/api/v2/governance/checkpoints/${id}`, { 'accept-language': 'fr' })
    assert.deepEqual([french.body.effect_state, french.body.outcome.status, french.body.outcome.error.code], ['failed', 'failed', 'binned'])
    assert.match(french.body.outcome.error.detail, /corbeille/)
    assert.deepEqual((await recordOf(world, ada, id)).map(({ action, outcome }) => [action, outcome]), [['checkpoint.created', 'held'], ['checkpoint.approved', 'done'], ['notes.delete', 'failed']])
    assert.equal((await answerFor(ada, id, 'repeat')).status, 409)
  })

  test('a result that is too long, or that is a secret shown once, is not kept', () => {
    assert.deepEqual(completedOutcome({}, { text: 'x'.repeat(65_536) }), { status: 'completed', result: null, error: null, withheld: true })
    assert.deepEqual(completedOutcome({ secretOutput: true }, { token: 't' }), { status: 'completed', result: null, error: null, withheld: true })
    assert.deepEqual(completedOutcome({}, undefined), { status: 'completed', result: null, error: null, withheld: false })
  })

  test('CHK-05: of 200 approvals at once over two servers one does it, and the others are told so', async () => {
    const ada = await world.person()
    const second = await world.another()
    const elsewhere = client(second.url, ada.token)
    const { id, noteId } = await heldDeletion(ada)

    const answers = await Promise.all(Array.from({ length: 200 }, (_, n) => approve(n % 2 === 0 ? ada : elsewhere, id)))
    await second.close()

    assert.deepEqual([answers.filter(({ status }) => status === 200).length, answers.filter(({ status, body }) => status === 409 && body.code === 'conflict').length], [1, 199])
    const { rows } = await world.owner.query(`select count(*)::int as count from audit_events where identity_id = $1 and action = 'notes.delete' and resource_id = $2`, [ada.identity.id, noteId])
    assert.deepEqual(rows, [{ count: 1 }])
  })

  test('CHK-04: another’s effect is neither read nor answered for, and an unknown id is 404', async () => {
    const [ada, eve] = [await world.person(), await world.person()]
    const { id } = await heldDeletion(ada)
    await approve(ada, id)
    await world.owner.query(`update checkpoints set effect_state = 'unknown' where id = $1`, [id])

    const refused = [await answerFor(eve, id, 'happened'), await answerFor(eve, id, 'repeat'), await answerFor(eve, crypto.randomUUID(), 'repeat')]

    assert.deepEqual(refused.map(({ status }) => status), [403, 403, 404])
    assert.deepEqual([(await eve.get('/api/v2/governance/effects')).body.items, (await checkpointOf(ada, id)).effect_state], [[], 'unknown'])
  })

  test('a clock that leaps ahead and back approves nothing twice', async () => {
    const ada = await world.person()
    const { id } = await heldDeletion(ada)
    assert.equal((await approve(ada, id)).status, 200)

    const statuses = []
    for (const minutes of [10, -20, 10]) {
      world.clock.advance(minutes * 60_000)
      statuses.push((await approve(ada, id)).status)
    }

    assert.ok(statuses.every((status) => status === 409 || status === 401), statuses.join())
  })
})
