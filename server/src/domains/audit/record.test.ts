import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startStore, type Member, type TestStore } from '../../testing/store.ts'
import { record, type AuditEntry, type AuditScene } from './record.ts'
import { verifyChain } from './verify/verify-chain.ts'

let house: TestStore
before(async () => { house = await startStore() })
after(() => house.close())

const sceneOf = ({ userId, identityId }: Member, now = new Date()): AuditScene =>
  ({ identityId, userId, actor: { kind: 'person', id: userId }, via: 'rest', requestId: 'request-1', now: () => now })

const entry: AuditEntry = { action: 'notes.create', outcome: 'done', resource: { type: 'note', id: 'n1' } }

const write = (member: Member, given: Partial<AuditEntry> = {}, now?: Date): Promise<string> =>
  house.store.within(member, async (tx) => record(tx, sceneOf(member, now), { ...entry, ...given }))

async function rowsOf({ identityId }: Member): Promise<Array<{ seq: string; body: string; at: Date; hash: string; prev_hash: string }>> {
  return (await house.owner.query('select * from audit_events where identity_id = $1 order by seq', [identityId])).rows
}

test('AUD-01: an effect that rolls back leaves no event, and an event that fails leaves no effect', async () => {
  const member = await house.member()

  await assert.rejects(house.store.within(member, async (tx) => {
    record(tx, sceneOf(member), entry)
    throw new Error('the effect failed')
  }))
  await assert.rejects(house.store.within(member, async (tx) => {
    await tx.db.updateTable('identities').set({ name: 'Changed' }).where('id', '=', member.identityId).execute()
    record(tx, { ...sceneOf(member), identityId: 'not a uuid' as Member['identityId'] }, entry)
  }))

  assert.deepEqual(await rowsOf(member), [])
  const { rows } = await house.owner.query('select name from identities where id = $1', [member.identityId])
  assert.equal(rows[0].name, 'Ada')
})

test('AUD-01: 50 events at once in one identity are numbered without gaps and make one chain', async () => {
  const member = await house.member()

  await Promise.all(Array.from({ length: 50 }, (_, n) => write(member, { details: { n } })))

  const rows = await rowsOf(member)
  assert.deepEqual(rows.map(({ seq }) => Number(seq)), Array.from({ length: 50 }, (_, n) => n + 1))
  const { valid, events, head } = await verifyChain(house.store, member.identityId)
  assert.deepEqual({ valid, events, head }, { valid: true, events: 50, head: rows[49]?.hash })
})

test('AUD-01: with half of 50 rolled back at once, numbers still have no gap', async () => {
  const member = await house.member()

  const all = await Promise.allSettled(Array.from({ length: 50 }, (_, n) => house.store.within(member, async (tx) => {
    record(tx, sceneOf(member), entry)
    if (n % 2 === 1) tx.atClose(() => { throw new Error('too late') })
  })))

  const rows = await rowsOf(member)
  assert.equal(all.filter(({ status }) => status === 'fulfilled').length, 25)
  assert.deepEqual(rows.map(({ seq }) => Number(seq)), Array.from({ length: 25 }, (_, n) => n + 1))
})

test('AUD-01: a transaction may write several events; they stand in the order of the calls', async () => {
  const member = await house.member()

  await house.store.within(member, async (tx) => {
    for (const action of ['a.first', 'b.second', 'c.third']) record(tx, sceneOf(member), { ...entry, action })
  })

  assert.deepEqual((await rowsOf(member)).map(({ body }) => (JSON.parse(body) as { action: string }).action), ['a.first', 'b.second', 'c.third'])
})

test('AUD-05: an event says when in UTC, its number, who, for whom, what, on which row, how it ended and in which request', async () => {
  const member = await house.member()

  const id = await write(member, { effect: 'CREATE', decision: { verdict: 'allow', policies: ['p'] } }, new Date('2026-05-06T07:08:09.010Z'))

  const [row] = await rowsOf(member)
  assert.equal(row?.seq, '1')
  assert.deepEqual(JSON.parse(row?.body ?? ''), {
    v: 2, id, at: '2026-05-06T07:08:09.010Z', identity_id: member.identityId, user_id: member.userId, actor: { kind: 'person', id: member.userId }, via: 'rest', request_id: 'request-1',
    action: 'notes.create', outcome: 'done', resource: { type: 'note', id: 'n1' }, effect: 'CREATE', decision: { verdict: 'allow', policies: ['p'] }, permission: null,
    checkpoint_id: null, action_hash: null, run_id: null, before: null, after: null, details: { plain: {} },
  })
})

test('AUD-07: a detail with line ends, NUL, terminal codes or 1 MB is stored cut, on one line, and the chain holds', async () => {
  const member = await house.member()

  for (const value of ['a\r\nb', '\0', '\u001B[2J', '${jndi:ldap://x}', 'x'.repeat(1_000_000), '😀'.repeat(400)]) await write(member, { details: { value } })

  const rows = await rowsOf(member)
  assert.ok(rows.every(({ body }) => body.length < 2_000 && [...body].every((character) => character >= ' ')))
  assert.equal((await verifyChain(house.store, member.identityId)).valid, true)
})

test('AUD-11: with the clock moved back, the order by number stays the order of writing', async () => {
  const member = await house.member()
  const noon = new Date('2026-05-06T12:00:00Z')

  await write(member, { action: 'a.first' }, noon)
  await write(member, { action: 'b.second' }, new Date(noon.getTime() - 3 * 86_400_000))

  const rows = await rowsOf(member)
  assert.deepEqual(rows.map(({ body }) => (JSON.parse(body) as { action: string }).action), ['a.first', 'b.second'])
  assert.ok((rows[0]?.at ?? 0) > (rows[1]?.at ?? 0))
  assert.equal((await verifyChain(house.store, member.identityId)).valid, true)
})

test('AUD-10: the database refuses to append to the chain of another identity', async () => {
  const [ada, bob] = [await house.member(), await house.member()]

  await assert.rejects(house.store.within(ada, async (tx) => { record(tx, sceneOf(bob), entry) }), { code: '42501' })

  assert.deepEqual(await rowsOf(bob), [])
})
