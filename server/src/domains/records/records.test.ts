import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Answer, Person } from '../../testing/person.ts'
import { startWorld, type World } from '../../testing/world.ts'

let world: World

before(async () => { world = await startWorld() })
after(() => world.close())

type Kind = 'note' | 'task' | 'thread'
const KINDS: Kind[] = ['note', 'task', 'thread']

const create = async (person: Person, kind: Kind, title = `A ${kind}`): Promise<Answer['body']> => (await person.post(`/api/v2/${kind}s`, { title })).body

async function anotherIdentity(person: Person, name = 'ACME'): Promise<{ id: string; headers: Record<string, string> }> {
  const { status, body } = await person.post('/api/v2/identities', { type: 'enterprise', name })
  assert.equal(status, 201, JSON.stringify(body))
  return { id: body.id, headers: { 'x-identity-id': body.id } }
}

const ask = (person: Person, given: Record<string, unknown>, headers = {}): Promise<Answer> => person.post('/api/v2/records/transfer', given, headers)
const approve = (person: Person, asked: Answer, headers = {}): Promise<Answer> => person.post(`/api/v2/governance/checkpoints/${asked.body.checkpoint?.id}/approve`, {}, headers)

async function transfer(person: Person, given: Record<string, unknown>, headers = {}): Promise<Answer> {
  const asked = await ask(person, given, headers)
  assert.equal(asked.status, 423, JSON.stringify(asked.body))
  return approve(person, asked, headers)
}

const actionsOf = async (identityId: string): Promise<string[]> =>
  (await world.owner.query<{ action: string }>('select action from audit_events where identity_id = $1 order by seq', [identityId])).rows.map(({ action }) => action)

test('CHK-01: a transfer is held even for the person, says what goes where by name, and is done once', async () => {
  const ada = await world.person()
  const note = await create(ada, 'note', 'Courses')

  const asked = await ask(ada, { type: 'note', id: note.id, sphere_id: 'business' })
  assert.deepEqual([asked.status, asked.body.code, asked.body.checkpoint.type], [423, 'checkpoint_required', 'cross_sphere'])
  const shown = (await ada.get(`/api/v2/governance/checkpoints/${asked.body.checkpoint.id}`)).body.summary_text
  assert.deepEqual(shown, { en: 'Transfer the note “Courses” to the sphere “Business”', fr: 'Transférer la note « Courses » vers la sphère « Entreprises »' })
  assert.equal((await ada.get(`/api/v2/notes/${note.id}`)).body.sphere_id, 1)

  assert.deepEqual([(await approve(ada, asked)).status, (await approve(ada, asked)).status], [200, 409])
  const { body: moved } = await ada.get(`/api/v2/notes/${note.id}`)
  assert.deepEqual([moved.sphere_id, moved.version], [2, note.version + 1])
})

for (const kind of KINDS) {
  test(`a ${kind} goes to another identity of the same person, whole, and both chains tell of it`, async () => {
    const ada = await world.person()
    const work = await anotherIdentity(ada)
    const record = await create(ada, kind)

    const asked = await ask(ada, { type: kind, id: record.id, identity_id: work.id, sphere_id: 2 })
    assert.match(asked.body.checkpoint.summary, /to the sphere “Business” of your identity “ACME”$/)
    assert.equal((await approve(ada, asked)).status, 200)

    assert.equal((await ada.get(`/api/v2/${kind}s/${record.id}`)).status, 403)
    const { status, body } = await ada.get(`/api/v2/${kind}s/${record.id}`, work.headers)
    assert.deepEqual([status, body.title, body.sphere_id, body.version], [200, record.title, 2, record.version + 1])
    assert.ok((await actionsOf(ada.identity.id)).includes('records.transfer'))
    assert.ok((await actionsOf(work.id)).includes('records.received'))
    for (const headers of [{}, work.headers]) assert.equal((await ada.get('/api/v2/governance/audit/verify', headers)).body.valid, true)
    const { rows } = await world.owner.query(`select name, identity_id from events where data->>'id' = $1 and name like 'record.%' order by name`, [record.id])
    assert.deepEqual(rows, [{ name: 'record.received', identity_id: work.id }, { name: 'record.transferred', identity_id: ada.identity.id }])
  })
}

test('a thread keeps its log: it verifies where it came to, and goes on there', async () => {
  const ada = await world.person()
  const work = await anotherIdentity(ada)
  const thread = await create(ada, 'thread')
  for (const text of ['one', 'two', 'three']) await ada.post(`/api/v2/threads/${thread.id}/messages`, { text })

  await transfer(ada, { type: 'thread', id: thread.id, identity_id: work.id })

  const before = (await ada.get(`/api/v2/threads/${thread.id}/events/verify`, work.headers)).body
  assert.equal((await ada.post(`/api/v2/threads/${thread.id}/messages`, { text: 'four' }, work.headers)).status, 201)
  const verdict = (await ada.get(`/api/v2/threads/${thread.id}/events/verify`, work.headers)).body
  assert.deepEqual([before.valid, verdict.valid, verdict.events], [true, true, before.events + 1])
  const { rows } = await world.owner.query('select distinct identity_id from thread_events where thread_id = $1', [thread.id])
  assert.deepEqual(rows, [{ identity_id: work.id }])
  assert.equal((await ada.post(`/api/v2/threads/${thread.id}/messages`, { text: 'too late' })).status, 403)
})

test('IDB-07: another person’s record or identity is 403 and recorded; what exists nowhere is 404', async () => {
  const [ada, bob] = [await world.person(), await world.person()]
  const [mine, theirs] = [await create(ada, 'note'), await create(bob, 'note')]
  const nowhere = '01939a3e-7c5d-7abc-8def-0123456789ab'

  const answers = [
    await ask(ada, { type: 'note', id: theirs.id, sphere_id: 2 }), await ask(ada, { type: 'note', id: mine.id, identity_id: bob.identity.id }),
    await ask(ada, { type: 'note', id: nowhere, sphere_id: 2 }), await ask(ada, { type: 'note', id: mine.id, identity_id: nowhere }),
  ]

  assert.deepEqual(answers.map(({ status }) => status), [403, 403, 404, 404])
  assert.equal((await actionsOf(ada.identity.id)).filter((action) => action === 'identity.violation').length, 2)
  assert.equal((await ada.get('/api/v2/governance/checkpoints?status=pending')).body.items.length, 0)
})

test('a transfer to nowhere, to where it is, or to an archived identity is refused before anybody approves it', async () => {
  const ada = await world.person()
  const work = await anotherIdentity(ada)
  const note = await create(ada, 'note')
  assert.equal((await ada.del(`/api/v2/identities/${work.id}`)).status, 200)

  const answers = [
    await ask(ada, { type: 'note', id: note.id }), await ask(ada, { type: 'note', id: note.id, sphere_id: 99 }), await ask(ada, { type: 'contact', id: note.id, sphere_id: 2 }),
    await ask(ada, { type: 'note', id: note.id, identity_id: ada.identity.id }), await ask(ada, { type: 'note', id: note.id, identity_id: work.id }),
  ]

  assert.deepEqual(answers.map(({ status }) => status), [422, 422, 422, 409, 409])
})

test('CHK-03: what changed since, or an identity that was archived since, is not transferred', async () => {
  const ada = await world.person()
  const work = await anotherIdentity(ada)
  const note = await create(ada, 'note')
  const first = await ask(ada, { type: 'note', id: note.id, identity_id: work.id })
  await ada.patch(`/api/v2/notes/${note.id}`, { title: 'Changed' })
  assert.deepEqual([(await approve(ada, first)).status], [409])

  const second = await ask(ada, { type: 'note', id: note.id, identity_id: work.id })
  assert.equal((await ada.del(`/api/v2/identities/${work.id}`)).status, 200)
  const { status, body } = await approve(ada, second)

  assert.deepEqual([status, body.code], [409, 'stale'])
  assert.equal((await ada.get(`/api/v2/notes/${note.id}`)).status, 200)
})

test('what lies in the bin stays there', async () => {
  const ada = await world.person()
  const note = await create(ada, 'note')
  await ada.del(`/api/v2/notes/${note.id}`)

  const asked = await ask(ada, { type: 'note', id: note.id, sphere_id: 2 })
  await approve(ada, asked)

  const { rows } = await world.owner.query('select sphere_id from notes where id = $1', [note.id])
  assert.deepEqual(rows, [{ sphere_id: 1 }])
})

test('CHK-05: of 50 approvals at once one transfers', async () => {
  const ada = await world.person()
  const work = await anotherIdentity(ada)
  const note = await create(ada, 'note')
  const asked = await ask(ada, { type: 'note', id: note.id, identity_id: work.id })

  const answers = await Promise.all(Array.from({ length: 50 }, () => approve(ada, asked)))

  assert.equal(answers.filter(({ status }) => status === 200).length, 1)
  assert.deepEqual((await actionsOf(work.id)).filter((action) => action === 'records.received').length, 1)
})

test('F-07: transfers that cross each other in both directions all arrive', async () => {
  const ada = await world.person()
  const work = await anotherIdentity(ada)
  const there = await Promise.all(Array.from({ length: 8 }, () => create(ada, 'note')))
  const back = await Promise.all(Array.from({ length: 8 }, async () => (await ada.post('/api/v2/notes', { title: 'work' }, work.headers)).body))
  const asked = await Promise.all([
    ...there.map(async (note) => ({ headers: {}, asked: await ask(ada, { type: 'note', id: note.id, identity_id: work.id }) })),
    ...back.map(async (note) => ({ headers: work.headers, asked: await ask(ada, { type: 'note', id: note.id, identity_id: ada.identity.id }, work.headers) })),
  ])

  const answers = await Promise.all(asked.map((one) => approve(ada, one.asked, one.headers)))

  assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200])
  for (const headers of [{}, work.headers]) {
    assert.equal((await ada.get('/api/v2/notes', headers)).body.items.length, 8)
    assert.equal((await ada.get('/api/v2/governance/audit/verify', headers)).body.valid, true)
  }
})

test('SEC-11: the server’s role changes nothing of a thread’s log but whose it is, and that only in a transfer', async () => {
  const ada = await world.person()
  const thread = await create(ada, 'thread')
  const client = await world.platform.store.pool.connect()
  const inScope = async (service: string, statement: string): Promise<number | string | null> => {
    await client.query('begin')
    try {
      await client.query(`select set_config('app.identity_id', $1, true), set_config('app.service', $2, true)`, [ada.identity.id, service])
      return (await client.query(statement, [thread.id])).rowCount
    } catch (error) {
      return (error as { code: string }).code
    } finally {
      await client.query('rollback')
    }
  }
  const take = 'update thread_events set identity_id = identity_id where thread_id = $1'
  const results = [await inScope('', take), await inScope('outbox', take), await inScope('transfer', take), await inScope('transfer', `update thread_events set data = '{}' where thread_id = $1`)]
  client.release()

  assert.deepEqual(results, [0, 0, 1, '42501'])
})

test('what an update replaced is kept, so that it can be undone, and shown to its owner alone', async () => {
  const ada = await world.person()
  const eve = await world.person()
  const { id } = (await ada.post('/api/v2/notes', { title: 'Plan', body: 'first' })).body
  await ada.post('/api/v2/nova/query', { message: '', action: { tool: 'notes.update', args: { note_id: id, body: '' } } })

  const { status, body } = await ada.get(`/api/v2/records/versions?type=note&id=${id}`)

  assert.equal(status, 200)
  assert.deepEqual(body.items.map((item: { version: number; data: { body: string } }) => [item.version, item.data.body]), [[1, 'first']])
  assert.equal((await eve.get(`/api/v2/records/versions?type=note&id=${id}`)).status, 403)
})
