import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { keepsRows, type Kept } from '../../testing/kept-rows.ts'
import { startWorld, type World } from '../../testing/world.ts'

let world: World
before(async () => { world = await startWorld() })
after(() => world.close())

const contacts: Kept = { table: 'contacts', type: 'contact', titled: 'name', create: (name) => ({ name }) }
keepsRows(() => world, contacts)

const PATH = '/api/v2/contacts'

test('a contact has an e-mail or none; null takes it away, and it is found by it', async () => {
  const ada = await world.person()

  const { body: bare } = await ada.post(PATH, { name: 'Zoé Tremblay' })
  const { body: reached } = await ada.patch(`${PATH}/${bare.id}`, { email: ' Zoe.Tremblay@example.org ' })
  const { body: found } = await ada.get(`${PATH}?query=tremblay%40EXAMPLE`)
  const { body: freed } = await ada.patch(`${PATH}/${bare.id}`, { email: null })

  assert.deepEqual([bare.email, reached.email, freed.email, freed.name], [null, 'Zoe.Tremblay@example.org', null, 'Zoé Tremblay'])
  assert.deepEqual(found.items.map(({ id }: { id: string }) => id), [bare.id])
})

test('what is no address is refused, so that a message never goes to half of one', async () => {
  const ada = await world.person()
  const addresses = ['zoe', 'zoe@', '@example.org', 'zoe@example', 'zoe example.org', 'a@b.org, c@d.org', 'zoe@example.org\r\nBcc: x@y.org', `${'x'.repeat(250)}@example.org`, '', 7, ['a@b.org']]

  for (const email of addresses) assert.equal((await ada.post(PATH, { name: 'Zoé', email })).status, 422, String(email))
})

test('two contacts may have one name', async () => {
  const ada = await world.person()
  await ada.post(PATH, { name: 'Jean', email: 'jean@example.org' })

  const { status } = await ada.post(PATH, { name: 'Jean', email: 'autre@example.org' })

  assert.equal(status, 201)
  assert.equal((await ada.get(`${PATH}?query=jean`)).body.items.length, 2)
})

test('contacts belong to no sphere', async () => {
  const ada = await world.person()

  assert.equal((await ada.post(PATH, { name: 'Zoé', sphere_id: 1 })).status, 422)
  assert.equal((await ada.get(`${PATH}?sphere_id=1`)).status, 422)
})

test('IDB-22: another’s address is in no answer to a stranger', async () => {
  const [ada, bob] = await Promise.all([world.person(), world.person()])
  const { body: contact } = await ada.post(PATH, { name: 'Secret', email: 'secret@example.org' })

  const answers = await Promise.all([bob.get(`${PATH}/${contact.id}`), bob.get(`${PATH}?query=secret`), bob.patch(`${PATH}/${contact.id}`, { email: 'bob@example.org' })])

  assert.doesNotMatch(JSON.stringify(answers), /secret@example/i)
})
