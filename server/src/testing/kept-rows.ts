import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { newId, type IdentityId } from '../platform/ids.ts'
import type { Answer, Person } from './person.ts'
import type { World } from './world.ts'

/** A kind of row that people keep, bin and restore: notes, tasks, contacts, threads. */
export type Kept = {
  /** Both the table and the address: `notes` is at /api/v2/notes. */
  table: 'notes' | 'tasks' | 'contacts' | 'threads'
  type: string
  /** The member that holds its title, and the body of a new one of that title. */
  titled: 'title' | 'name'
  create: (title: string) => Record<string, unknown>
}

const marker = (): string => `cnry-${newId()}`

const atOf = ({ table }: Kept) => (id = '', rest = ''): string => `/api/v2/${table}${id && `/${id}`}${rest}`

/** Creates a row and returns its body. */
export async function keep(person: Person, kept: Kept, title = marker()): Promise<Answer['body']> {
  const { status, body } = await person.post(atOf(kept)(), kept.create(title))
  assert.equal(status, 201, JSON.stringify(body))
  return body
}

/** Counts of what the boundary has put into the record of a person's identity. */
export async function violationsOf(world: World, person: Person): Promise<{ audited: number; checkpoints: number; open: number }> {
  const { rows: [counted] } = await world.owner.query(`
    select (select count(*)::int from audit_events where identity_id = $1 and action = 'identity.violation') as audited,
      (select count(*)::int from checkpoints where identity_id = $1 and type = 'identity_boundary') as checkpoints,
      (select count(*)::int from checkpoints where identity_id = $1 and type = 'identity_boundary' and status <> 'rejected') as open`, [person.identity.id])
  return counted
}

/** Every way in which a row is named in an address. */
const waysTo = (person: Person, kept: Kept, id: string): Array<Promise<Answer>> => {
  const at = atOf(kept)
  return [person.get(at(id)), person.patch(at(id), { [kept.titled]: 'mine now' }), person.del(at(id)), person.post(at(id, '/restore'))]
}

/** Declares the tests that hold for every kind of row that people keep. */
export function keepsRows(world: () => World, kept: Kept): void {
  describe(`${kept.table} as rows that people keep`, () => {
    lifeOfARow(world, kept)
    boundaryOfARow(world, kept)
    listsOfRows(world, kept)
  })
}

function lifeOfARow(world: () => World, kept: Kept): void {
  const at = atOf(kept)

  test('created, changed, binned, restored; each step in the audit, each event told', async () => {
    const ada = await world().person()
    const { id } = await keep(ada, kept, 'First')

    const changed = await ada.patch(at(id), { [kept.titled]: 'Second' })
    const binned = await ada.del(at(id))
    const restored = await ada.post(at(id, '/restore'))
    const got = await ada.get(at(id))

    assert.deepEqual([changed.status, binned.status, restored.status, got.status], [200, 200, 200, 200])
    assert.equal(changed.body[kept.titled], 'Second')
    assert.ok(binned.body.binned_at)
    assert.equal(restored.body.binned_at, null)
    assert.deepEqual(got.body, restored.body)
    assert.equal(got.body.version, 4)
    const audited = await world().owner.query(`select action from audit_events where identity_id = $1 and resource_id = $2 order by seq`, [ada.identity.id, id])
    assert.deepEqual(audited.rows.map(({ action }) => action), ['create', 'update', 'delete', 'restore'].map((verb) => `${kept.table}.${verb}`))
    const told = await world().owner.query(`select name from events where data->>$1 = $2 order by id`, [`${kept.type}_id`, id])
    assert.deepEqual(told.rows.map(({ name }) => name), ['created', 'updated', 'deleted', 'restored'].map((what) => `${kept.type}.${what}`))
  })

  test('what lies in the bin is in no list but the bin’s, and takes no change', async () => {
    const ada = await world().person()
    const { id } = await keep(ada, kept)
    await ada.del(at(id))

    const [lists, bin] = await Promise.all([ada.get(at()), ada.get(`${at()}?binned=true`)])
    const [changed, again] = [await ada.patch(at(id), { [kept.titled]: 'x' }), await ada.del(at(id))]
    await ada.post(at(id, '/restore'))
    const restoredTwice = await ada.post(at(id, '/restore'))

    assert.deepEqual(lists.body.items, [])
    assert.deepEqual(bin.body.items.map((row: { id: string }) => row.id), [id])
    assert.deepEqual([changed.status, changed.body.code, again.status, again.body.code], [410, 'binned', 410, 'binned'])
    assert.deepEqual([restoredTwice.status, restoredTwice.body.code], [409, 'not_binned'])
  })

  test('ten who delete one row at once: one does, nine find it in the bin', async () => {
    const ada = await world().person()
    const { id } = await keep(ada, kept)

    const answers = await Promise.all(Array.from({ length: 10 }, () => ada.del(at(id))))

    assert.deepEqual(answers.map(({ status }) => status).toSorted(), [200, ...Array.from({ length: 9 }, () => 410)])
  })
}

function boundaryOfARow(world: () => World, kept: Kept): void {
  const at = atOf(kept)

  test('IDB-01, IDB-19: another’s row answers 403 on every way, changes nothing, and each time is in the record', async () => {
    const [ada, bob] = await Promise.all([world().person(), world().person()])
    const row = await keep(ada, kept)

    const answers = await Promise.all(waysTo(bob, kept, row.id))

    for (const { status, body } of answers) assert.deepEqual([status, body.code], [403, 'identity_boundary'])
    assert.deepEqual((await ada.get(at(row.id))).body, row)
    assert.deepEqual(await violationsOf(world(), bob), { audited: answers.length, checkpoints: answers.length, open: 0 })
  })

  test('IDB-02: the refusal is the same for every row and says nothing of it', async () => {
    const [ada, bob] = await Promise.all([world().person(), world().person()])
    const rows = [await keep(ada, kept), await keep(ada, kept)]

    const answers = await Promise.all(rows.map(({ id }) => bob.get(at(id))))

    const [one, other] = answers.map(({ body }) => ({ ...body, request_id: null }))
    assert.deepEqual(one, other)
    for (const row of rows) assert.doesNotMatch(JSON.stringify(answers), new RegExp(row[kept.titled]))
  })

  test('IDB-04: an id that exists nowhere is 404, one that is none 422', async () => {
    const ada = await world().person()

    for (const { status, body } of await Promise.all(waysTo(ada, kept, newId()))) assert.deepEqual([status, body.code], [404, 'not_found'])
    for (const { status } of await Promise.all(waysTo(ada, kept, '1'))) assert.equal(status, 422)
    assert.equal((await violationsOf(world(), ada)).audited, 0)
  })

  test('IDB-06: nobody names an owner in a body or a query', async () => {
    const ada = await world().person()
    const { id } = await keep(ada, kept)
    for (const name of ['identity_id', 'owner', 'user_id', 'tenant', 'role', 'version', 'binned_at']) {
      const answers = [ada.post(at(), { ...kept.create('x'), [name]: ada.identity.id }), ada.patch(at(id), { [kept.titled]: 'x', [name]: ada.identity.id }), ada.get(`${at()}?${name}=1`)]
      for (const { status, body } of await Promise.all(answers)) assert.deepEqual([status, body.code], [422, 'validation_error'], name)
    }
  })

  test('IDB-10: two identities of one person are isolated like strangers', async () => {
    const ada = await world().person()
    const { body: second } = await ada.post('/api/v2/identities', { type: 'enterprise', name: 'Ada & Co' })
    const row = await keep(ada, kept)
    const asSecond = { 'x-identity-id': second.id }

    const [got, list] = await Promise.all([ada.get(at(row.id), asSecond), ada.get(at(), asSecond)])

    assert.deepEqual([got.status, got.body.code, list.body.items.length], [403, 'identity_boundary', 0])
  })

  test('IDB-16: a query without its where sees no foreign row', async () => {
    const [ada, bob] = await Promise.all([world().person(), world().person()])
    const [{ id }] = [await keep(ada, kept), await keep(bob, kept)]

    const rows = await world().platform.store.within({ identityId: ada.identity.id as IdentityId }, (tx) => tx.db.selectFrom(kept.table).select(['id', 'identity_id']).execute())

    assert.deepEqual(rows, [{ id, identity_id: ada.identity.id }])
  })
}

function listsOfRows(world: () => World, kept: Kept): void {
  const at = atOf(kept)

  test('IDB-05: no list, page, search or bin shows another’s row', async () => {
    const [ada, bob] = await Promise.all([world().person(), world().person()])
    const foreign = marker()
    const inBin = await keep(ada, kept, foreign)
    await ada.del(at(inBin.id))
    for (let n = 0; n < 3; n += 1) await Promise.all([keep(ada, kept, foreign), keep(bob, kept)])

    const queries = ['', '?limit=1', `?query=${foreign}`, '?query=cnry', '?query=%25', '?binned=true', ...(kept.table === 'contacts' ? [] : ['?sphere_id=1', '?sphere_id=personal'])]
    const answers = await Promise.all(queries.map((query) => bob.get(`${at()}${query}`)))

    for (const { status, body } of answers) {
      assert.equal(status, 200)
      assert.doesNotMatch(JSON.stringify(body), new RegExp(foreign))
    }
  })

  test('pages hold every row once, newest first, while new ones come in', async () => {
    const ada = await world().person()
    const ids: string[] = []
    for (let n = 0; n < 7; n += 1) ids.unshift((await keep(ada, kept)).id)

    const seen: string[] = []
    let cursor: string | null = null
    do {
      const { body }: Answer = await ada.get(`${at()}?limit=3${cursor ? `&cursor=${cursor}` : ''}`)
      seen.push(...body.items.map((row: { id: string }) => row.id))
      cursor = body.next_cursor
      await keep(ada, kept)
    } while (cursor)

    assert.deepEqual(seen, ids)
  })

  test('INP-12: a changed or made-up cursor is 400, a page size out of bounds 422', async () => {
    const ada = await world().person()
    await keep(ada, kept)
    await keep(ada, kept)
    const { body: { next_cursor: cursor } } = await ada.get(`${at()}?limit=1`)
    const [key, mac] = cursor.split('.')

    const changed = [`${Buffer.from(newId()).toString('base64url')}.${mac}`, `${key}.${'A'.repeat(16)}`, key, `${key}.`, 'x', '%00']
    for (const one of changed) assert.equal((await ada.get(`${at()}?limit=1&cursor=${one}`)).status, 400, one)
    for (const limit of ['0', '101', '-1', '1.5', 'x', '']) assert.equal((await ada.get(`${at()}?limit=${limit}`)).status, 422, limit)
  })

  test('a title is found whatever its accents and capitals, its wildcards taken literally', async () => {
    const ada = await world().person()
    const { id } = await keep(ada, kept, 'Réunion d’été à 100 %')
    await keep(ada, kept, 'Autre chose')

    for (const query of ['REUNION', 'été', "d'ete", '100 %', 'é']) {
      const { body } = await ada.get(`${at()}?query=${encodeURIComponent(query)}`)
      assert.equal(body.items.some((row: { id: string }) => row.id === id), true, query)
    }
    const { body } = await ada.get(`${at()}?query=${encodeURIComponent('r_union')}`)
    assert.deepEqual(body.items, [])
  })
}
