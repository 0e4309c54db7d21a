import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql, type RawBuilder } from 'kysely'
import type { IdentityId, UserId } from '../../../platform/ids.ts'
import type { Person } from '../../../testing/person.ts'
import { startWorld, type World } from '../../../testing/world.ts'
import { holdDeletion, seatPeople } from './testing.ts'

let world: World
let ada: Person
let bob: Person
let eve: Person
let shared: { id: string; note: string }

before(async () => {
  world = await startWorld()
  ;[ada, bob, eve] = await Promise.all([world.person(), world.person(), world.person()])
  seatPeople([world], ada, { admin: [bob.user.id] })
  shared = await holdDeletion(ada, { role: 'admin' })
  await holdDeletion(ada)
})
after(() => world.close())

/** Runs a statement as the server does in a person's scope; what it answers, or the code of the refusal. Rolled back. */
async function as(person: Person, statement: RawBuilder<unknown>): Promise<unknown[] | string> {
  let answer: unknown[] | string = []
  await world.platform.store.within({ identityId: person.identity.id as IdentityId, userId: person.user.id as UserId }, async (tx) => {
    answer = await tx.send(statement.compile(tx.db))
    throw new Error('roll back')
  }).catch((error: Error & { code?: string }) => {
    if (error.code) answer = error.code
  })
  return answer
}

test('a decider’s query without a where sees that checkpoint, its seats’ votes and advice, and no other row of the identity', async () => {
  assert.deepEqual(await as(bob, sql`select id from checkpoints where identity_id = ${ada.identity.id}`), [{ id: shared.id }])
  assert.deepEqual(await as(eve, sql`select id from checkpoints where identity_id = ${ada.identity.id}`), [])
  for (const table of ['notes', 'audit_events', 'nova_runs', 'outbox', 'checkpoint_deciders', 'actor_pauses', 'elevations', 'idempotency_keys']) {
    assert.deepEqual(await as(bob, sql`select 1 from ${sql.table(table)} where identity_id = ${ada.identity.id}`), [], table)
  }
})

test('a decider’s scope changes nothing there: not the checkpoint, not its seats, not its votes', async () => {
  assert.deepEqual(await as(bob, sql`update checkpoints set status = 'approved' where id = ${shared.id} returning id`), [])
  assert.equal(await as(bob, sql`insert into checkpoint_deciders values (${shared.id}, ${eve.user.id}, ${ada.identity.id})`), '42501')
  assert.equal(await as(bob, sql`insert into checkpoint_votes values (${shared.id}, ${bob.user.id}, ${ada.identity.id}, ${bob.user.id}, 'approved', null, now())`), '42501')
  assert.equal(await as(eve, sql`insert into delegations values (gen_random_uuid(), ${ada.identity.id}, ${ada.user.id}, ${eve.user.id}, now(), now() + interval '1 day', now(), null, 1)`), '42501')
  assert.deepEqual(await as(eve, sql`select to_decide(now(), null, 100) as id`), [])
})

test('nobody seats themself: a seat at a checkpoint of one’s own gives no sight of another’s', async () => {
  const mine = await holdDeletion(eve)

  assert.deepEqual(await as(eve, sql`insert into checkpoint_deciders values (${mine.id}, ${eve.user.id}, ${eve.identity.id}) returning user_id`), [{ user_id: eve.user.id }])
  assert.equal(await as(eve, sql`insert into checkpoint_deciders values (${shared.id}, ${eve.user.id}, ${ada.identity.id})`), '42501')
  assert.deepEqual(await as(eve, sql`with forged as (insert into checkpoint_deciders values (${shared.id}, ${eve.user.id}, ${eve.identity.id}) returning 1) select count(*)::int as forged from forged`), [{ forged: 1 }])
  await world.owner.query('insert into checkpoint_deciders values ($1, $2, $3)', [shared.id, eve.user.id, eve.identity.id])
  assert.deepEqual(await as(eve, sql`select id from checkpoints where identity_id = ${ada.identity.id}`), [])
  assert.equal((await eve.post(`/api/v2/governance/checkpoints/${shared.id}/approve`, {})).status, 403)
  await world.owner.query('delete from checkpoint_deciders where user_id = $1', [eve.user.id])
})

test('nobody delegates to themself what others may decide', async () => {
  for (const giver of [ada, bob]) {
    assert.equal(await as(eve, sql`insert into delegations values (gen_random_uuid(), ${eve.identity.id}, ${giver.user.id}, ${eve.user.id}, now(), now() + interval '1 day', now(), null, 1)`), '42501')
  }
})

test('control: a seat in the table is what opens it', async () => {
  await world.owner.query('insert into checkpoint_deciders values ($1, $2, $3)', [shared.id, eve.user.id, ada.identity.id])
  assert.deepEqual(await as(eve, sql`select id from checkpoints where identity_id = ${ada.identity.id}`), [{ id: shared.id }])

  await world.owner.query('delete from checkpoint_deciders where user_id = $1', [eve.user.id])
  assert.deepEqual(await as(eve, sql`select id from checkpoints where identity_id = ${ada.identity.id}`), [])
})
