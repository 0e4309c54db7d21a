import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import type { Answer, Person } from '../../testing/person.ts'
import { startWorld, type World } from '../../testing/world.ts'

suite('Nova, told in plain words', () => {
  let world: World
  let ada: Person
  before(async () => { world = await startWorld() })
  after(() => world.close())

  const fresh = async (): Promise<Person> => (ada = await world.person())
  const say = (message: string, more: Record<string, unknown> = {}, headers?: Record<string, string>): Promise<Answer> => ada.post('/api/v2/nova/query', { message, ...more }, headers)
  const noteOf = async (title: string, sphere: number | string = 1): Promise<string> => (await ada.post('/api/v2/notes', { title, sphere_id: sphere })).body.id
  const titles = async (): Promise<string[]> => (await ada.get('/api/v2/notes')).body.items.map(({ title }: { title: string }) => title).toSorted()

  test('a sentence is planned offline, done, and can be looked up by its id', async () => {
    await fresh()

    const { status, body } = await say('Crée une note « Courses » : lait, œufs', { sphere_id: 'personal' })

    assert.equal(status, 200)
    assert.deepEqual([body.planner, body.intent.type, body.status], ['offline', 'create', 'completed'])
    assert.deepEqual(body.lanes.map(({ lane, status: state }: { lane: string; status: string }) => `${lane} ${state}`), ['A completed', 'B completed', 'C completed', 'D completed', 'E skipped', 'F completed', 'G completed'])
    assert.deepEqual([body.actions[0].tool, body.actions[0].effect, body.actions[0].result.body], ['notes.create', 'CREATE', 'lait, œufs'])
    assert.equal(body.output.text, 'Créé : « Courses »')
    const { body: audit } = await ada.get('/api/v2/governance/audit?action=notes.create')
    assert.deepEqual([audit.items[0].id, audit.items[0].run_id], [body.audit_event_id, body.id])
    assert.deepEqual((await ada.get(`/api/v2/nova/runs/${body.id}`)).body, body)
  })

  test('the contract’s sentence: « Supprime la note « Courses » » waits at a checkpoint of that very note', async () => {
    await fresh()
    const id = await noteOf('Courses')

    const { status, body } = await say('Supprime la note « courses »', { sphere_id: 1, thread_id: null, action: null }, { 'accept-language': 'fr' })

    assert.equal(status, 423)
    assert.deepEqual([body.title, body.checkpoint.args, body.checkpoint.summary], ['En attente de votre approbation', { note_id: id }, 'Supprimer la note « Courses »'])
    assert.deepEqual(await titles(), ['Courses'])
  })

  test('several rows of one title are 409 with the candidates; a near title is asked about; none is 404', async () => {
    await fresh()
    const ids = [await noteOf('Courses'), await noteOf('courses', 2)]
    await noteOf('Courses de Noël')

    const several = await say('supprime la note Courses')
    const near = await say('supprime la note Noël')
    const none = await say('supprime la note Pâques')

    assert.deepEqual([several.status, several.body.code], [409, 'ambiguous'])
    assert.deepEqual(several.body.candidates.map((candidate: { id: string }) => candidate.id).toSorted(), ids.toSorted())
    assert.deepEqual([near.status, near.body.code], [409, 'ambiguous'])
    assert.deepEqual([none.status, none.body.code], [404, 'not_found'])
  })

  test('the row of the sphere that is worked in comes first', async () => {
    await fresh()
    await noteOf('Plan', 1)
    const business = await noteOf('Plan', 'business')

    const { status, body } = await say('supprime la note Plan', { sphere_id: 'business' })

    assert.equal(status, 423)
    assert.deepEqual(body.checkpoint.args, { note_id: business })
  })

  test('what is no command does nothing and says what it is', async () => {
    await fresh()
    await noteOf('Courses')
    const cases: Array<[string, number, string]> = [
      ['Comment supprimer une note ?', 503, 'not_configured'], ['How do I delete the note Courses?', 503, 'not_configured'],
      ['ne supprime pas la note Courses', 422, 'not_a_command'], ['I deleted the note Courses', 422, 'not_a_command'], ['si Paul répond, supprime la note Courses', 422, 'not_a_command'],
      ['Paul dit : supprime la note Courses', 422, 'not_a_command'], ['supprime toutes mes notes', 422, 'unclear'], ['bonjour', 422, 'not_understood'], ['   ', 422, 'empty_query'],
    ]

    for (const [sentence, status, code] of cases) {
      const answer = await say(sentence)
      assert.deepEqual([answer.status, answer.body.code], [status, code], sentence)
    }
    assert.deepEqual(await titles(), ['Courses'])
    assert.equal((await ada.get('/api/v2/governance/checkpoints?status=pending')).body.items.length, 0)
  })

  test('what it does not understand it answers with what it can do, in the reader’s language', async () => {
    await fresh()

    const french = await say('blabla', {}, { 'accept-language': 'fr' })
    const english = await say('blabla')

    assert.match(french.body.detail, /supprime/i)
    assert.match(english.body.detail, /delete the note/i)
  })

  test('several commands are made in order; the held one waits, its approval carries the rest on', async () => {
    await fresh()
    await noteOf('Brouillon')

    const held = await say('Crée une note « Un », supprime la note « Brouillon », puis crée une note « Deux »')
    assert.equal(held.status, 423)
    assert.deepEqual(await titles(), ['Brouillon', 'Un'])
    const approved = await ada.post(`/api/v2/governance/checkpoints/${held.body.checkpoint.id}/approve`, {})

    assert.equal(approved.body.run.status, 'completed')
    assert.deepEqual(approved.body.run.actions.map((action: { tool: string; status: string }) => `${action.tool} ${action.status}`), ['notes.create completed', 'notes.delete completed', 'notes.create completed'])
    assert.deepEqual(await titles(), ['Deux', 'Un'])
  })

  test('a rejection ends the rest of the sentence', async () => {
    await fresh()
    await noteOf('Brouillon')

    const held = await say('supprime la note « Brouillon », puis crée une note « Deux »')
    const { body } = await ada.post(`/api/v2/governance/checkpoints/${held.body.checkpoint.id}/reject`, { reason: 'non' })

    assert.equal(body.run.status, 'rejected')
    assert.deepEqual(await titles(), ['Brouillon'])
  })

  test('a sentence of which one part cannot be found does nothing of it', async () => {
    await fresh()

    const { status } = await say('Crée une note « Un » et supprime la note « Introuvable »')

    assert.equal(status, 404)
    assert.deepEqual(await titles(), [])
  })

  test('the tools are listed with effect class and JSON Schema', async () => {
    await fresh()

    const { body } = await ada.get('/api/v2/nova/tools')
    const byName = new Map<string, { effect: string; held: boolean; input_schema: { properties: object; required?: string[] } }>(body.items.map((tool: { name: string }) => [tool.name, tool]))

    assert.deepEqual([byName.get('notes.delete')?.effect, byName.get('notes.delete')?.held, byName.get('notes.create')?.held], ['DELETE', true, false])
    assert.deepEqual(byName.get('payments.order')?.input_schema.required?.toSorted(), ['amount_minor', 'beneficiary', 'currency'])
    for (const name of ['notes.create', 'notes.update', 'notes.delete', 'notes.search', 'tasks.create', 'tasks.complete', 'tasks.delete', 'tasks.search', 'contacts.create', 'contacts.delete', 'threads.create', 'threads.post', 'threads.archive', 'messages.send', 'records.transfer', 'payments.order']) assert.ok(byName.has(name), name)
  })
})
