import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startWorld, type World } from '../../../testing/world.ts'
import { approved, join, organisationOf } from '../../organisations/testing.ts'
import { destroyDetails } from './destroy-details.ts'

let world: World
before(async () => { world = await startWorld() })
after(() => world.close())

const AUDIT = '/api/v2/governance/audit'
const DAY_MS = 86_400_000

test('AUD-09: details past their retention are destroyed, younger ones and those of others stay, and the chain says so and verifies', async () => {
  const house = await startWorld()
  try {
    const [ada, bob] = [await house.person(), await house.person()]
    await ada.post('/api/v2/notes', { title: 'Old' })
    await bob.post('/api/v2/notes', { title: 'Old' })
    assert.deepEqual((await ada.put(`${AUDIT}/retention`, { retention_days: 30 })).body, { retention_days: 30 })
    const later = { platform: { ...house.platform, clock: { now: () => new Date(house.clock.now().getTime() + 31 * DAY_MS) } } }
    await destroyDetails(house.platform)
    assert.ok((await ada.get(AUDIT)).body.items.every(({ erased }: { erased: boolean }) => !erased))

    const destroyed = await destroyDetails(later.platform)

    assert.deepEqual([destroyed, await destroyDetails(later.platform)], [1, 0])
    const { body: { items: [said, ...old] } } = await ada.get(AUDIT)
    assert.deepEqual([said.action, said.details.days, said.erased], ['audit.details_destroyed', 1, false])
    assert.ok(old.find(({ action }: { action: string }) => action === 'notes.create').erased)
    assert.ok((await bob.get(AUDIT)).body.items.every(({ erased }: { erased: boolean }) => !erased))
    assert.equal((await ada.get(`${AUDIT}/verify`)).body.valid, true)
    await ada.post('/api/v2/notes', { title: 'New' })
    assert.equal((await ada.get(`${AUDIT}?limit=1`)).body.items[0].erased, false)
  } finally {
    await house.close()
  }
})

test('a retention is set, changed and lifted by its identity, within bounds, and each time is in the record', async () => {
  const ada = await world.person()

  const answers = [await ada.put(`${AUDIT}/retention`, { retention_days: 7 }), await ada.put(`${AUDIT}/retention`, { retention_days: 90 }), await ada.get(`${AUDIT}/retention`), await ada.put(`${AUDIT}/retention`, { retention_days: null }), await ada.get(`${AUDIT}/retention`)]

  assert.deepEqual(answers.map(({ status, body }) => [status, body.retention_days]), [[200, 7], [200, 90], [200, 90], [200, null], [200, null]])
  for (const days of [0, -1, 36_501, 1.5, '7']) assert.equal((await ada.put(`${AUDIT}/retention`, { retention_days: days })).status, 422)
  assert.equal((await ada.get(`${AUDIT}?action=audit.set_retention`)).body.items.length, 3)
})

test('of an organisation’s identity a member only lengthens the retention; an owner or admin shortens it too', async () => {
  const [owner, member] = [await world.person(), await world.person()]
  const organisation = await organisationOf(owner)
  await join(owner, organisation, { person: member, role: 'member' })
  const { body: identity } = await member.post(`/api/v2/organisations/${organisation}/identities`, { type: 'enterprise', name: 'Sales' })
  const keep = async (days: number | null) => (await member.put(`${AUDIT}/retention`, { retention_days: days }, { 'x-identity-id': identity.id })).status

  assert.deepEqual([await keep(1), await keep(36_500), await keep(null)], [403, 403, 200])
  await approved(owner, await owner.patch(`/api/v2/organisations/${organisation}/members/${member.user.id}`, { role: 'admin' }))
  assert.equal(await keep(30), 200)
  await approved(owner, await owner.patch(`/api/v2/organisations/${organisation}/members/${member.user.id}`, { role: 'member' }))

  assert.deepEqual([await keep(29), await keep(30), await keep(31), await keep(30)], [403, 200, 200, 403])
})
