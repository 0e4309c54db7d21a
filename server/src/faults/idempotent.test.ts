import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, suite, test } from 'node:test'
import { report } from '../testing/faults/report.ts'
import { roundsOf } from '../testing/faults/rounds.ts'
import { client } from '../testing/person.ts'
import { startWorld, type World } from '../testing/world.ts'

suite('F-20: requests that come again', () => {
  let one: World
  let two: World

  before(async () => {
    one = await startWorld()
    two = await one.another()
  })
  after(async () => {
    await two.close()
    await one.close()
  })

  const count = async (title: string): Promise<number> => (await one.owner.query('select 1 from notes where title = $1', [title])).rows.length

  test('IDEM-03: the same key a hundred times at once on two servers: one effect, and the same answer or 409', async (t) => {
    const rounds = roundsOf({ short: 2, long: 50 })
    const ada = await one.person()
    for (let round = 0; round < rounds; round += 1) {
      const [title, key] = [randomUUID(), randomUUID()]
      const answers = await Promise.all(Array.from({ length: 100 }, (_, n) => client(n % 2 ? one.url : two.url, ada.token).post('/api/v2/notes', { title }, { 'idempotency-key': key })))

      assert.equal(await count(title), 1)
      const ids = new Set(answers.filter(({ status }) => status === 201).map(({ body }) => body.id))
      assert.equal(ids.size, 1)
      assert.ok(answers.every(({ status }) => status === 201 || status === 409))
    }
    const twice = randomUUID()
    for (let n = 0; n < 2; n += 1) await ada.post('/api/v2/notes', { title: twice })
    report(t, { fault: 'F-20', rounds, cases: rounds * 100, doubles: 0, control: await count(twice) === 2 ? 'caught' : 'not caught' })
  })

  test('IDEM-02, IDEM-06: another body is 422, another identity’s key is its own', async () => {
    const [ada, eve] = [await one.person(), await one.person()]
    const key = randomUUID()
    const [mine, hers] = [randomUUID(), randomUUID()]

    const first = await ada.post('/api/v2/notes', { title: mine }, { 'idempotency-key': key })
    const other = await ada.post('/api/v2/notes', { title: 'else' }, { 'idempotency-key': key })
    const foreign = await eve.post('/api/v2/notes', { title: hers }, { 'idempotency-key': key })

    assert.deepEqual([first.status, other.status, foreign.status], [201, 422, 201])
    assert.deepEqual([await count(mine), await count(hers), await count('else')], [1, 1, 0])
  })

  test('IDEM-09: after a day, and on a server that started since, the answer is still the first one', async () => {
    const ada = await one.person()
    const [title, key] = [randomUUID(), randomUUID()]
    const first = await ada.post('/api/v2/notes', { title }, { 'idempotency-key': key })
    one.clock.advance(24 * 3_600_000)
    const third = await one.another()
    const { body } = await third.anyone.post('/api/v2/auth/login', { email: ada.user.email, password: ada.password })

    const again = await client(third.url, body.access_token).post('/api/v2/notes', { title }, { 'idempotency-key': key })

    assert.deepEqual([again.status, again.body.id, again.headers.get('idempotency-replayed')], [201, first.body.id, 'true'])
    assert.equal(await count(title), 1)
    await third.close()
    one.clock.advance(-24 * 3_600_000)
  })
})
