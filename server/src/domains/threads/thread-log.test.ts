import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { newId } from '../../platform/ids.ts'
import { violationsOf } from '../../testing/kept-rows.ts'
import type { Person } from '../../testing/person.ts'
import { startWorld, type World } from '../../testing/world.ts'

let world: World
before(async () => { world = await startWorld() })
after(() => world.close())

const PATH = '/api/v2/threads'

const openThread = async (person: Person) => (await person.post(PATH, { title: 'Journal' })).body
const say = (person: Person, id: string, text: string, rest = {}) => person.post(`${PATH}/${id}/messages`, { text, ...rest })
const verdictOf = async (person: Person, id: string) => (await person.get(`${PATH}/${id}/events/verify`)).body

const rewritesOf = (person: Person, threadId: string, eventId: string) =>
  ['events', 'messages'].flatMap((kind) => {
    const at = `${PATH}/${threadId}/${kind}/${eventId}`
    return [person.patch(at, { text: 'jamais dit' }), person.put(at, { data: {}, thread: [] }), person.del(at)]
  })

test('an entry of one’s own log is never changed or removed; each try is in the audit', async () => {
  const ada = await world.person()
  const { id } = await openThread(ada)
  const { body: message } = await say(ada, id, 'dit')
  const before = (await ada.get(`${PATH}/${id}/events`)).body

  const answers = await Promise.all(rewritesOf(ada, id, message.id))

  for (const { status, body } of answers) assert.deepEqual([status, body.code], [403, 'thread_immutable'])
  assert.deepEqual((await ada.get(`${PATH}/${id}/events`)).body, before)
  const { rows } = await world.owner.query(`select 1 from audit_events where identity_id = $1 and action = 'thread.rewrite' and resource_id = $2`, [ada.identity.id, message.id])
  assert.equal(rows.length, answers.length)
})

test('IDB-07: an entry of another’s log is 403 identity_boundary under any thread, one that exists nowhere 404', async () => {
  const [ada, bob] = await Promise.all([world.person(), world.person()])
  const [{ id: adas }, { id: bobs }, { id: bobsOther }] = [await openThread(ada), await openThread(bob), await openThread(bob)]
  const [foreign, own] = [(await say(ada, adas, 'à elle')).body, (await say(bob, bobsOther, 'à lui')).body]

  const foreignTries = await Promise.all([...rewritesOf(bob, adas, foreign.id), ...rewritesOf(bob, bobs, foreign.id)])
  const missing = await Promise.all([...rewritesOf(bob, bobs, newId()), ...rewritesOf(bob, newId(), foreign.id), ...rewritesOf(bob, bobs, own.id)])

  for (const { status, body } of foreignTries) assert.deepEqual([status, body.code], [403, 'identity_boundary'])
  for (const { status, body } of missing) assert.deepEqual([status, body.code], [404, 'not_found'])
  assert.deepEqual(await violationsOf(world, bob), { audited: foreignTries.length, checkpoints: foreignTries.length, open: 0 })
})

test('the server’s role cannot change a log, and cannot remove an entry', async () => {
  const ada = await world.person()
  const { id } = await openThread(ada)
  const { store } = world.platform

  await assert.rejects(store.within({ service: 'bin' }, ({ db }) => db.updateTable('thread_events').set({ role: 'nova' }).where('thread_id', '=', id).execute()), { code: '42501' })
  const removed = await store.within({ service: 'nova' }, ({ db }) => db.deleteFrom('thread_events').where('thread_id', '=', id).returning('id').execute())

  assert.deepEqual(removed, [])
  assert.deepEqual([(await verdictOf(ada, id)).valid, (await verdictOf(ada, id)).events], [true, 1])
})

test('fifty who post at once leave a log without gaps, whose every link holds', async () => {
  const ada = await world.person()
  const { id } = await openThread(ada)

  const answers = await Promise.all(Array.from({ length: 50 }, (_, n) => say(ada, id, `message ${n}`)))

  for (const { status } of answers) assert.equal(status, 201)
  assert.deepEqual(answers.map(({ body }) => body.seq).toSorted((a, b) => a - b), Array.from({ length: 50 }, (_, n) => n + 2))
  const verdict = await verdictOf(ada, id)
  assert.deepEqual([verdict.valid, verdict.events, verdict.fault], [true, 51, null])
  const { body: thread } = await ada.get(`${PATH}/${id}`)
  assert.deepEqual([thread.last_seq, thread.last_hash, thread.version], [51, verdict.head, 1])
})

test('of two who post after the same message, one is told to read first', async () => {
  const ada = await world.person()
  const { id } = await openThread(ada)

  const answers = await Promise.all(Array.from({ length: 10 }, (_, n) => say(ada, id, `réponse ${n}`, { expected_seq: 1 })))
  const late = await ada.patch(`${PATH}/${id}`, { title: 'Autre', expected_seq: 1 })
  const next = await say(ada, id, 'ensuite', { expected_seq: 2 })

  assert.deepEqual(answers.map(({ status }) => status).toSorted(), [201, ...Array.from({ length: 9 }, () => 409)])
  for (const { body } of answers.filter(({ status }) => status === 409)) assert.equal(body.code, 'conflict')
  assert.deepEqual([late.status, next.status, next.body.seq], [409, 201, 3])
  assert.deepEqual([(await verdictOf(ada, id)).valid, (await verdictOf(ada, id)).events], [true, 3])
})

test('IDEM-03: one key sent five times at once leaves one message, and no gap where the others were', async () => {
  const ada = await world.person()
  const { id } = await openThread(ada)
  await say(ada, id, 'une fois')

  const headers = { 'idempotency-key': newId() }
  const answers = await Promise.all(Array.from({ length: 5 }, () => ada.post(`${PATH}/${id}/messages`, { text: 'deux fois' }, headers)))

  assert.equal(new Set(answers.filter(({ status }) => status === 201).map(({ body }) => body.id)).size, 1)
  assert.deepEqual([(await verdictOf(ada, id)).valid, (await verdictOf(ada, id)).events], [true, 3])
})

test('what somebody with the database’s own rights changes in a log shows, and where', async () => {
  const ada = await world.person()
  const forge = async (sql: string) => {
    const { id } = await openThread(ada)
    for (const text of ['un', 'deux', 'trois', 'quatre']) await say(ada, id, text)
    await world.owner.query(sql, [id])
    return (await verdictOf(ada, id)).fault
  }

  assert.deepEqual(await forge(`update thread_events set data = '{"text":"jamais dit"}' where thread_id = $1 and seq = 3`), { seq: 3, because: 'changed' })
  assert.deepEqual(await forge(`update thread_events set role = 'nova' where thread_id = $1 and seq = 2`), { seq: 2, because: 'changed' })
  assert.deepEqual(await forge(`update thread_events set at = at + interval '1 second' where thread_id = $1 and seq = 4`), { seq: 4, because: 'changed' })
  assert.deepEqual(await forge(`update thread_events set hash = repeat('a', 64) where thread_id = $1 and seq = 2`), { seq: 2, because: 'changed' })
  assert.deepEqual(await forge(`delete from thread_events where thread_id = $1 and seq = 3`), { seq: 3, because: 'missing' })
  assert.deepEqual(await forge(`delete from thread_events where thread_id = $1 and seq = 5`), { seq: 5, because: 'cut' })
  assert.deepEqual(await forge(`update thread_events a set data = b.data, at = b.at, prev_hash = b.prev_hash, hash = b.hash from thread_events b
    where a.thread_id = $1 and b.thread_id = $1 and a.seq in (4, 5) and b.seq = 9 - a.seq`), { seq: 4, because: 'broken_link' })
  assert.deepEqual(await forge(`update threads set last_hash = repeat('b', 64) where id = $1`), { seq: 6, because: 'cut' })
})
