import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { client } from '../../testing/person.ts'
import { startWorld, type World } from '../../testing/world.ts'
import { IDENTITY_KINDS } from './identity-kinds.ts'

const NOWHERE = '01890000-0000-7000-8000-000000000000'

let world: World
before(async () => { world = await startWorld() })
after(() => world.close())

test('one creates, lists, reads and renames identities of each kind', async () => {
  const ada = await world.person()
  for (const type of IDENTITY_KINDS) assert.equal((await ada.post('/api/v2/identities', { type, name: `My ${type}` })).status, 201)

  const { body } = await ada.get('/api/v2/identities')
  assert.deepEqual(body.items.map(({ type }: { type: string }) => type), ['personal', ...IDENTITY_KINDS])
  assert.deepEqual(body.items.filter(({ is_default }: { is_default: boolean }) => is_default).map(({ id }: { id: string }) => id), [ada.identity.id])
  const firm = body.items[2]
  const renamed = await ada.patch(`/api/v2/identities/${firm.id}`, { name: 'Engines Ltd' })
  assert.deepEqual([renamed.status, renamed.body.name, renamed.body.version], [200, 'Engines Ltd', 2])
  assert.equal((await ada.get(`/api/v2/identities/${firm.id}`)).body.name, 'Engines Ltd')
  assert.deepEqual((await ada.get('/api/v2/auth/identities?limit=2')).body.items.length, 2)
  const { body: audit } = await ada.get('/api/v2/governance/audit?action=identities.update')
  assert.equal(audit.items[0].resource.id, firm.id)
})

test('the kinds are listed in the reader’s language', async () => {
  const ada = await world.person()
  const { body } = await ada.get('/api/v2/identities/types', { 'accept-language': 'fr' })
  assert.deepEqual(body.items.map(({ type }: { type: string }) => type), [...IDENTITY_KINDS])
  assert.equal(body.items[1].name, 'Entreprise')
})

test('a kind that does not exist is 422, the same kind and name again 409', async () => {
  const ada = await world.person()
  assert.equal((await ada.post('/api/v2/identities', { type: 'royal', name: 'Queen' })).status, 422)
  assert.equal((await ada.post('/api/v2/identities', { type: 'family', name: 'Byron' })).status, 201)
  assert.equal((await ada.post('/api/v2/identities', { type: 'family', name: 'Byron' })).status, 409)
  assert.equal((await ada.post('/api/v2/identities', { type: 'design', name: 'Byron' })).status, 201)
})

test('of 20 at once with one kind and name, one is created', async () => {
  const ada = await world.person()
  const answers = await Promise.all(Array.from({ length: 20 }, () => ada.post('/api/v2/identities', { type: 'creative', name: 'Studio' })))
  assert.deepEqual(answers.map(({ status }) => status).toSorted(), [201, ...Array.from({ length: 19 }, () => 409)])
})

test('switching gives a token for the other identity, which the session keeps when it is refreshed', async () => {
  const ada = await world.person()
  const { body: firm } = await ada.post('/api/v2/identities', { type: 'enterprise', name: 'Engines Ltd' })

  const { status, body } = await ada.post(`/api/v2/identities/${firm.id}/activate`)

  assert.deepEqual([status, body.identity], [200, { id: firm.id, type: 'enterprise', name: 'Engines Ltd' }])
  assert.equal((await client(world.url, body.access_token).get('/api/v2/auth/me')).body.identity.id, firm.id)
  const { body: next } = await world.anyone.post('/api/v2/auth/refresh', { refresh_token: ada.refreshToken })
  assert.equal(next.identity.id, firm.id)
  const back = await client(world.url, next.access_token).post('/api/v2/auth/switch-identity', { identity_id: ada.identity.id })
  assert.equal(back.body.identity.id, ada.identity.id)
  assert.equal((await ada.get('/api/v2/governance/audit?action=identity.switched')).body.items.length, 1)
})

test('IDB-10: two identities of one user are strangers: neither sees the other’s rows nor its record', async () => {
  const ada = await world.person()
  const { body: firm } = await ada.post('/api/v2/identities', { type: 'enterprise', name: 'Engines Ltd' })
  const { body: note } = await ada.post('/api/v2/notes', { title: 'private' })
  const { body: switched } = await ada.post(`/api/v2/identities/${firm.id}/activate`)
  const other = client(world.url, switched.access_token)

  assert.equal((await other.get('/api/v2/notes')).body.items.length, 0)
  for (const answer of [await other.get(`/api/v2/notes/${note.id}`), await other.patch(`/api/v2/notes/${note.id}`, { title: 'x' }), await other.del(`/api/v2/notes/${note.id}`)]) assert.equal(answer.body.code, 'identity_boundary')
  assert.deepEqual((await other.get('/api/v2/governance/audit')).body.items.map(({ action }: { action: string }) => action), ['identity.violation', 'identity.violation', 'identity.violation'])
})

test('IDB-01: another user’s identity is 403 and recorded, whatever is tried; one that exists nowhere is 404', async () => {
  const [ada, eve] = [await world.person(), await world.person()]
  const { body: firm } = await ada.post('/api/v2/identities', { type: 'enterprise', name: 'Engines Ltd' })
  const tries = (id: string) => [
    () => eve.get(`/api/v2/identities/${id}`), () => eve.patch(`/api/v2/identities/${id}`, { name: 'Mine' }), () => eve.del(`/api/v2/identities/${id}`),
    () => eve.post(`/api/v2/identities/${id}/restore`), () => eve.post(`/api/v2/identities/${id}/activate`), () => eve.post('/api/v2/auth/switch-identity', { identity_id: id }),
  ]

  for (const attempt of tries(firm.id)) {
    const { status, body } = await attempt()
    assert.deepEqual([status, body.code], [403, 'identity_boundary'])
  }
  for (const attempt of tries(NOWHERE)) assert.equal((await attempt()).status, 404)

  assert.equal((await ada.get(`/api/v2/identities/${firm.id}`)).body.version, 1)
  assert.equal((await eve.get('/api/v2/governance/audit?action=identity.violation')).body.items.length, 6)
})

test('the default identity and the one acting are not archived', async () => {
  const ada = await world.person()
  const { body: firm } = await ada.post('/api/v2/identities', { type: 'enterprise', name: 'Engines Ltd' })
  const { body: switched } = await ada.post(`/api/v2/identities/${firm.id}/activate`)
  const asFirm = client(world.url, switched.access_token)

  for (const id of [firm.id, ada.identity.id]) assert.equal((await asFirm.del(`/api/v2/identities/${id}`)).status, 409)
  assert.equal((await ada.del(`/api/v2/identities/${firm.id}`, { 'x-identity-id': firm.id })).status, 409)
})

test('an archived identity acts no more: its sessions go on as the default one; restoring brings it back', async () => {
  const ada = await world.person()
  const { body: firm } = await ada.post('/api/v2/identities', { type: 'enterprise', name: 'Engines Ltd' })
  const { body: elsewhere } = await world.anyone.post('/api/v2/auth/login', { email: ada.user.email, password: ada.password })
  const { body: switched } = await client(world.url, elsewhere.access_token).post(`/api/v2/identities/${firm.id}/activate`)
  const asFirm = client(world.url, switched.access_token)
  assert.equal((await asFirm.get('/api/v2/auth/me')).status, 200)

  const archived = await ada.del(`/api/v2/identities/${firm.id}`)
  assert.equal(archived.status, 200)
  assert.ok(archived.body.archived_at)
  world.clock.advance(1_000)

  assert.equal((await asFirm.get('/api/v2/auth/me')).status, 401)
  assert.equal((await ada.get('/api/v2/auth/me', { 'x-identity-id': firm.id })).status, 403)
  assert.equal((await ada.post(`/api/v2/identities/${firm.id}/activate`)).status, 409)
  const { body: next } = await world.anyone.post('/api/v2/auth/refresh', { refresh_token: elsewhere.refresh_token })
  assert.equal(next.identity.id, ada.identity.id)
  assert.deepEqual([(await ada.get('/api/v2/identities')).body.items.length, (await ada.get('/api/v2/identities?archived=true')).body.items.length], [1, 1])
  assert.equal((await ada.post(`/api/v2/identities/${firm.id}/restore`)).status, 200)
  world.clock.advance(1_000)
  assert.equal((await ada.get('/api/v2/auth/me', { 'x-identity-id': firm.id })).status, 200)
})

test('creating under an Idempotency-Key happens once', async () => {
  const ada = await world.person()
  const key = { 'idempotency-key': 'one-identity' }
  const first = await ada.post('/api/v2/identities', { type: 'family', name: 'Byron' }, key)
  const again = await ada.post('/api/v2/identities', { type: 'family', name: 'Byron' }, key)
  assert.deepEqual([first.status, again.status, again.body.id], [201, 201, first.body.id])
})
