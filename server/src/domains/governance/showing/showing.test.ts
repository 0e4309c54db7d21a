import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { canonical, sha256 } from '../../../platform/canonical.ts'
import { NO_PROOF, type Caller } from '../../../platform/ctx.ts'
import type { IdentityId, UserId } from '../../../platform/ids.ts'
import { startWorld, type World } from '../../../testing/world.ts'
import { aContact } from '../../messages/testing.ts'
import { perform } from '../perform.ts'
import { aNote, approve, askNova, checkpointOf, edit, heldDeletion, putBefore, recordOf, reject } from '../testing.ts'

suite('What the approver sees', () => {
  let world: World
  before(async () => { world = await startWorld({ settings: { SMTP_URL: 'smtp://127.0.0.1:1' } }) })
  after(() => world.close())

  test('CHK-12: a deletion by Nova: who asks, for whom, what is lost, how it comes back, and which policy asked', async () => {
    const ada = await world.person({ name: 'Ada' })
    const { id, noteId } = await heldDeletion(ada, { title: 'Courses', body: 'lait, pain' })

    const { shown, shown_hash: hash } = await checkpointOf(ada, id)

    assert.deepEqual(shown.asked_by, { kind: 'nova', id: 'nova', name: 'Nova' })
    assert.deepEqual(shown.on_behalf_of, { identity_id: ada.identity.id, identity: ada.identity.name, type: ada.identity.type, person: 'Ada' })
    assert.deepEqual([shown.action.tool, shown.action.effect, shown.action.title.fr], ['notes.delete', 'DELETE', 'Supprimer une note'])
    assert.deepEqual(shown.targets, [{ type: 'note', id: noteId, title: 'Courses' }])
    assert.deepEqual(shown.changes[0].fields.toSorted((a: { field: string }, b: { field: string }) => (a.field < b.field ? -1 : 1)), [
      { field: 'body', before: 'lait, pain', after: null }, { field: 'sphere_id', before: 1, after: null }, { field: 'title', before: 'Courses', after: null },
    ])
    assert.deepEqual([shown.undo.possible, shown.count, shown.policies, shown.untrusted, shown.warnings], [true, 1, ['hold_delete'], [], []])
    assert.equal(hash, sha256(canonical(shown)))
    assert.equal((await recordOf(world, ada, id))[0]?.details.shown_hash, hash)
  })

  test('CHK-12: a change shows before and after, and only what changes', async () => {
    const ada = await world.person()
    const noteId = await aNote(ada, { title: 'Plan', body: 'one' })

    const { shown } = await putBefore(ada, 'notes.update', { note_id: noteId, title: 'Plan', body: 'two' })

    assert.deepEqual(shown.changes, [{ type: 'note', id: noteId, title: 'Plan', fields: [{ field: 'body', before: 'one', after: 'two' }] }])
    assert.deepEqual([shown.asked_by.kind, shown.asked_by.name, shown.undo.possible], ['person', ada.user.name, true])
  })

  test('CHK-12: a transfer shows from where to where, by names', async () => {
    const ada = await world.person()
    const noteId = await aNote(ada)
    const { body: firm } = await ada.post('/api/v2/identities', { type: 'enterprise', name: 'Firm' })
    const { body } = await ada.post('/api/v2/records/transfer', { type: 'note', id: noteId, sphere_id: 2, identity_id: firm.id })

    const { shown } = await checkpointOf(ada, body.checkpoint.id)

    assert.deepEqual(shown.changes[0].fields.map(({ field, before, after }: Record<string, unknown>) => [field, (before as { en: string } | null)?.en, (after as { en: string }).en ?? after]), [['sphere', 'Personal', 'Business'], ['identity', undefined, 'Firm']])
    assert.deepEqual(shown.targets.map(({ title }: { title: string }) => title), ['Courses', 'Firm'])
  })

  test('CHK-12: a payment shows the amount, its currency and the payee, and that nothing brings it back', async () => {
    const ada = await world.person()
    const { body } = await ada.post('/api/v2/payments/orders', { beneficiary: 'Dupont SA', amount_minor: 125_050, currency: 'EUR' })

    const { shown } = await checkpointOf(ada, body.checkpoint.id)

    assert.deepEqual([shown.amount.minor, shown.amount.currency, shown.recipients, shown.undo], [125_050, 'EUR', [{ name: 'Dupont SA', address: 'Dupont SA' }], { possible: false, how: null }])
    assert.match(shown.amount.text.en, /1,250\.50/)
  })

  test('CHK-12: a message shows the recipient’s name and address, and the whole text as content', async () => {
    const ada = await world.person()
    const eva = await aContact(ada, { name: 'Éva Roy', email: 'eva@example.net' })
    const held = await askNova(ada, 'messages.send', { to: 'Éva Roy', subject: 'Salut', body: 'x' }, 'Écris à Éva')

    const { shown } = await checkpointOf(ada, held.body.checkpoint.id)

    assert.deepEqual(shown.recipients, [{ name: 'Éva Roy', address: 'eva@example.net' }])
    assert.deepEqual(Object.fromEntries(shown.content.map(({ field, value }: { field: string; value: unknown }) => [field, value])), { to: 'eva@example.net', contact_id: eva.id, subject: 'Salut', body: 'x' })
    assert.deepEqual([shown.said, shown.undo.possible], [{ request: 'Écris à Éva', agent: null }, false])
  })

  test('CHK-12: what turns or hides the text, and letters that look like others, are written out and named with their place', async () => {
    const ada = await world.person()
    const { id } = await heldDeletion(ada, { title: 'Pаypal\u202E', body: 'a\u200Bb' })

    const { shown, summary } = await checkpointOf(ada, id)

    assert.deepEqual([shown.targets[0].title, summary], ['Pаypal⟨U+202E⟩', 'Delete the note “Pаypal⟨U+202E⟩”'])
    const named = shown.warnings.map(({ code, where }: { code: string; where: string }) => `${code} ${where.replace(/\[\d+\]/g, '')}`)
    for (const one of ['mixed_script targets.title', 'bidi_control targets.title', 'invisible changes.fields.before']) assert.ok(named.includes(one), `${one} of ${named.join(', ')}`)
  })

  test('CHK-12: texts of others that may have led to a call are named', async () => {
    const ada = await world.person()
    const note_id = await aNote(ada)
    const { rows: [session] } = await world.owner.query('select id from sessions where user_id = $1', [ada.user.id])
    const caller: Caller = { userId: ada.user.id as UserId, identityId: ada.identity.id as IdentityId, sessionId: session.id, actor: { kind: 'nova', id: 'nova' }, proof: NO_PROOF }
    const untrusted = [{ tool: 'messages.read', ref: 'message 7' }, { tool: 'web.read', ref: null }]
    const outcome = await perform(world.app.gate, { action: world.app.gate.actions.get('notes.delete') ?? assert.fail(), given: { note_id }, caller, via: 'nova', sphereId: null, requestId: 'r', runId: null, untrusted })
    assert.equal(outcome.kind, 'held')

    const { shown } = await checkpointOf(ada, outcome.kind === 'held' ? outcome.checkpoint.id : '')

    assert.deepEqual(shown.untrusted, untrusted)
  })

  test('CHK-12: very long and deep arguments are shown bounded', async () => {
    const ada = await world.person()

    const { shown } = await putBefore(ada, 'notes.create', { title: 'Long', body: '\u202E'.repeat(50_000) })

    assert.ok(JSON.stringify(shown).length < 50_000)
    assert.ok(shown.warnings.length <= 50)
  })

  test('an approval that names what was read counts only while that is what is stored', async () => {
    const ada = await world.person()
    const { id, noteId } = await heldDeletion(ada)
    const { shown_hash: hash } = await checkpointOf(ada, id)

    const wrong = await approve(ada, id, { shown_hash: 'f'.repeat(64) })
    assert.deepEqual([wrong.status, wrong.body.code, wrong.body.because, wrong.body.asks_anew], [409, 'stale', 'shown', false])
    assert.deepEqual([(await checkpointOf(ada, id)).status, (await ada.get(`/api/v2/notes/${noteId}`)).body.binned_at], ['pending', null])
    assert.equal((await edit(ada, id, { note_id: await aNote(ada) }, { shown_hash: 'f'.repeat(64) })).body.because, 'shown')

    assert.equal((await approve(ada, id, { shown_hash: hash })).status, 200)
  })

  test('CHK-16: a decision with an If-Match of another version is 412 and does nothing', async () => {
    const ada = await world.person()
    const { id } = await heldDeletion(ada)
    const etag = (await ada.get(`/api/v2/governance/checkpoints/${id}`)).headers.get('etag') ?? assert.fail()

    const refused = [await approve(ada, id, {}, { 'if-match': '"7-0000000000000000"' }), await ada.post(`/api/v2/governance/checkpoints/${id}/reject`, { reason: 'no' }, { 'if-match': '"0-x"' })]
    for (const { status, body } of refused) assert.deepEqual([status, body.code], [412, 'precondition_failed'])
    assert.equal((await checkpointOf(ada, id)).status, 'pending')

    assert.equal((await approve(ada, id, {}, { 'if-match': etag })).status, 200)
    assert.notEqual((await ada.get(`/api/v2/governance/checkpoints/${id}`)).headers.get('etag'), etag)
  })

  for (const [what, forge] of [
    ['what is shown', `update checkpoints set shown = jsonb_set(shown, '{targets,0,title}', '"Harmless"') where id = $1`],
    ['what is shown, with a fitting hash for nothing', `update checkpoints set shown = null where id = $1`],
    ['its arguments', `update checkpoints set args = jsonb_build_object('note_id', gen_random_uuid()) where id = $1`],
    ['its action', `update checkpoints set action = replace(action, '"nova"', '"eva"') where id = $1`],
  ] as const) {
    test(`CHK-03: a checkpoint in which somebody changed ${what} is never spent, nor edited, nor asked anew`, async () => {
      const ada = await world.person()
      const { id, noteId } = await heldDeletion(ada)
      await world.owner.query(forge, [id])

      const edited = await edit(ada, id, { note_id: await aNote(ada) })
      const { status, body } = await approve(ada, id)

      assert.deepEqual([edited.status, edited.body.because], [409, 'forged'])
      assert.deepEqual([status, body.code, body.because, body.asks_anew], [409, 'stale', 'forged', false])
      assert.equal((await ada.get(`/api/v2/notes/${noteId}`)).body.binned_at, null)
      const { rows } = await world.owner.query('select status, ended_because from checkpoints where identity_id = $1', [ada.identity.id])
      assert.deepEqual(rows, [{ status: 'cancelled', ended_because: 'stale' }])
    })
  }

  test('CHK-19: a rejection is final with its reason, and why a request ended is on it', async () => {
    const ada = await world.person()
    const [one, two] = [await heldDeletion(ada), await heldDeletion(ada)]
    await reject(ada, one.id, 'keep it')
    await ada.del(`/api/v2/governance/checkpoints/${two.id}`)

    const [rejected, takenBack] = [await checkpointOf(ada, one.id), await checkpointOf(ada, two.id)]

    assert.deepEqual([rejected.status, rejected.note, rejected.ended_because, rejected.effect_state], ['rejected', 'keep it', null, null])
    assert.deepEqual([takenBack.status, takenBack.ended_because], ['cancelled', 'taken_back'])
    for (const id of [one.id, two.id]) assert.deepEqual([(await approve(ada, id)).status, (await edit(ada, id, { note_id: one.noteId })).status], [409, 409])
  })
})
