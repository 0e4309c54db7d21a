import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, test } from 'node:test'
import type { Store } from '../../platform/db/store.ts'
import type { IdentityId, UserId } from '../../platform/ids.ts'
import type { Person } from '../../testing/person.ts'
import { startWorld, type World } from '../../testing/world.ts'
import { linkHash } from './chain.ts'
import { exportChain } from './export/export-chain.ts'
import { record } from './record.ts'
import { streamOf } from './testing.ts'
import { verifyExport } from './verify/verify-export.ts'

let world: World
before(async () => { world = await startWorld() })
after(() => world.close())

const AUDIT = '/api/v2/governance/audit'

async function withNotes(count: number): Promise<Person> {
  const person = await world.person()
  for (let n = 0; n < count; n += 1) assert.equal((await person.post('/api/v2/notes', { title: `Note ${n}` })).status, 201)
  return person
}

type Item = { seq: number; id: string; action: string; outcome: string; at: string; resource: { type: string; id: string } | null; prev_hash: string; hash: string }

const listed = async (person: Person, query = ''): Promise<Item[]> => {
  const { status, body } = await person.get(`${AUDIT}?limit=100${query}`)
  assert.equal(status, 200, JSON.stringify(body))
  return body.items
}

test('AUD-01: every change leaves one event, in the order of the changes', async () => {
  const ada = await world.person()
  const before = (await listed(ada)).length

  const { body: note } = await ada.post('/api/v2/notes', { title: 'One' })
  await ada.patch(`/api/v2/notes/${note.id}`, { title: 'Two' })
  await ada.del(`/api/v2/notes/${note.id}`)
  await ada.get(`/api/v2/notes/${note.id}`)

  const items = await listed(ada)
  assert.deepEqual(items.slice(0, items.length - before).map(({ action }) => action), ['notes.delete', 'notes.update', 'notes.create'])
  assert.deepEqual(items.map(({ seq }) => seq), Array.from({ length: items.length }, (_, n) => items.length - n))
})

test('AUD-01: 50 changes at once are 50 events in one chain that holds', async () => {
  const ada = await world.person()
  const before = (await listed(ada)).length

  const answers = await Promise.all(Array.from({ length: 50 }, (_, n) => ada.post('/api/v2/notes', { title: `Note ${n}` })))

  assert.ok(answers.every(({ status }) => status === 201))
  const { body } = await ada.get(`${AUDIT}/verify`)
  assert.deepEqual({ valid: body.valid, events: body.events }, { valid: true, events: before + 50 })
})

test('pages go from the newest to the oldest and meet no event twice, even when new ones arrive', async () => {
  const ada = await withNotes(7)
  const total = (await listed(ada)).length

  const seen: number[] = []
  let cursor: string | null = null
  do {
    const { body } = await ada.get(`${AUDIT}?limit=3${cursor ? `&cursor=${cursor}` : ''}`)
    seen.push(...body.items.map(({ seq }: Item) => seq))
    cursor = body.next_cursor
    await ada.post('/api/v2/notes', { title: 'Meanwhile' })
  } while (cursor)

  assert.deepEqual(seen, Array.from({ length: total }, (_, n) => total - n))
})

test('filters: action, row, outcome, agent and time', async () => {
  const ada = await withNotes(3)
  const { body: note } = await ada.post('/api/v2/notes', { title: 'Mine' })
  await ada.del(`/api/v2/notes/${note.id}`)
  const stranger = await withNotes(1)
  const foreign = (await stranger.get('/api/v2/notes')).body.items[0].id
  await ada.get(`/api/v2/notes/${foreign}`)
  const all = await listed(ada)

  assert.equal((await listed(ada, '&action=notes.create')).length, 4)
  assert.deepEqual((await listed(ada, `&resource_type=note&resource_id=${note.id}`)).map(({ action }) => action), ['notes.delete', 'notes.create'])
  assert.deepEqual((await listed(ada, '&outcome=denied')).map(({ action }) => action), ['identity.violation'])
  assert.equal((await listed(ada, '&agent=nova')).length, 0)
  const [newest] = all
  assert.equal((await listed(ada, `&to=${newest?.at}`)).length, all.filter(({ at }) => at < (newest?.at ?? '')).length)
  assert.equal((await listed(ada, `&from=${newest?.at}`)).length, all.filter(({ at }) => at >= (newest?.at ?? '')).length)
  assert.equal((await listed(ada, '&to=2020-01-01')).length, 0)
  assert.equal((await listed(ada, '&from=2020-01-01T02:00:00%2B02:00')).length, all.length)
})

test('INP-12: a wrong limit, time, cursor or member of the query is refused', async () => {
  const ada = await withNotes(2)
  const { body: page } = await ada.get('/api/v2/notes?limit=1')

  for (const query of ['limit=101', 'limit=0', 'limit=-1', 'from=yesterday', 'outcome=maybe', 'action=', 'action=a&action=b']) {
    assert.equal((await ada.get(`${AUDIT}?${query}`)).status, 422, query)
  }
  for (const cursor of ['1', 'MQ.AAAAAAAAAAAAAAAA', `${page.next_cursor}x`, page.next_cursor]) assert.equal((await ada.get(`${AUDIT}?cursor=${cursor}`)).status, 400, cursor)
})

test('AUD-10: the audit of another person cannot be named, only one’s own', async () => {
  const [ada, bob] = [await withNotes(1), await withNotes(2)]

  for (const path of [AUDIT, `${AUDIT}/verify`, `${AUDIT}/export`]) {
    assert.equal((await bob.get(`${path}?identity_id=${ada.identity.id}`)).status, 422, path)
    assert.equal((await bob.get(path, { 'x-identity-id': ada.identity.id })).status, 403, path)
    assert.equal((await world.anyone.get(path)).status, 401, path)
  }
  assert.ok((await listed(bob)).every((item) => (item as unknown as { identity_id: string }).identity_id === bob.identity.id))
})

test('IDB-19: every 403 for a foreign row is one event identity.violation', async () => {
  const [ada, bob] = [await withNotes(3), await world.person()]
  const ids = (await ada.get('/api/v2/notes')).body.items.map(({ id }: { id: string }) => id)

  const statuses = []
  for (const id of ids) statuses.push((await bob.get(`/api/v2/notes/${id}`)).status, (await bob.patch(`/api/v2/notes/${id}`, { title: 'x' })).status, (await bob.del(`/api/v2/notes/${id}`)).status)

  assert.deepEqual(new Set(statuses), new Set([403]))
  assert.equal((await listed(bob, '&action=identity.violation')).length, statuses.length)
  assert.equal((await listed(ada, '&action=identity.violation')).length, 0)
})

test('AUD-13: an export verifies offline, names its own export, and hashes byte by byte', async () => {
  const ada = await withNotes(5)

  const { status, headers, body } = await ada.get(`${AUDIT}/export`)

  assert.equal(status, 200)
  assert.match(headers.get('content-type') ?? '', /^application\/x-ndjson/)
  assert.equal(headers.get('cache-control'), 'no-store')
  assert.match(headers.get('content-disposition') ?? '', /^attachment; filename="chenu-audit-[0-9a-f-]+\.jsonl"$/)
  const lines = String(body).trimEnd().split('\n')
  const verdict = await verifyExport(streamOf(lines))
  assert.equal(verdict.kind, 'holds')
  const header = JSON.parse(lines[0] ?? '')
  assert.deepEqual([header.format, header.identity_id, header.events], ['chenu.audit.v2', ada.identity.id, lines.length - 1])
  const last = JSON.parse(lines.at(-1) ?? '')
  assert.equal(last.event.action, 'audit.exported')
  assert.equal(last.hash, header.head)
  for (const line of lines.slice(1)) {
    const [, event = '', hash, prev = '', seq] = /^\{"event":(.*),"hash":"([0-9a-f]{64})",(?:"opened":.*,)?"prev_hash":"([0-9a-f]{64})","seq":(\d+)\}$/.exec(line) ?? []
    assert.equal(linkHash(event, prev, Number(seq)), hash)
  }
})

/** Writes many events at once, as 2,500 changes would. */
async function writeMany(person: Person, count: number): Promise<void> {
  const [userId, identityId] = [person.user.id as UserId, person.identity.id as IdentityId]
  await world.platform.store.within({ userId, identityId }, async (tx) => {
    for (let n = 0; n < count; n += 1) record(tx, { userId, identityId, actor: { kind: 'person', id: userId }, via: 'rest', requestId: 'request-1', now: () => world.clock.now() }, { action: 'test.many', outcome: 'done', details: { n } })
  })
}

test('AUD-13: a chain of many batches is exported and verified whole', async () => {
  const ada = await world.person()
  await writeMany(ada, 2_500)

  const lines = String((await ada.get(`${AUDIT}/export`)).body).trimEnd().split('\n')

  assert.ok(lines.length > 2_500)
  assert.equal((await verifyExport(streamOf(lines))).kind, 'holds')
  const { body } = await ada.get(`${AUDIT}/verify`)
  assert.deepEqual([body.valid, body.events, body.head, body.root], [true, lines.length - 1, JSON.parse(lines[0] ?? '').head, JSON.parse(lines[0] ?? '').root])
})

test('an export reads on only as fast as its reader does', async () => {
  const ada = await world.person()
  await writeMany(ada, 2_500)
  let transactions = 0
  const { store } = world.platform
  const counted: Store = { ...store, within: (scope, work) => { transactions += 1; return store.within(scope, work) } }

  const lines = exportChain(counted, { identityId: ada.identity.id as IdentityId, exportedAt: new Date(0), signer: world.app.anchorer.signer })
  await lines.next()
  const first = transactions
  await lines.next()

  assert.equal(transactions - first, 2)
  await lines.return(undefined)
})

test('a reader who leaves in the middle frees the export for the next one', async () => {
  const ada = await world.person()
  await writeMany(ada, 5_000)

  const response = await fetch(`${world.url}${AUDIT}/export`, { headers: { authorization: `Bearer ${ada.token}` } })
  const reader = response.body?.getReader()
  await reader?.read()
  await reader?.cancel()

  // The server notices at its next write; until then the second export is told to wait.
  let status = 429
  while (status === 429) ({ status } = await ada.get(`${AUDIT}/export`))
  assert.equal(status, 200)
})

test('RL-09: one chain is walked once at a time', async () => {
  const ada = await withNotes(1)

  const answers = await Promise.all(Array.from({ length: 6 }, () => ada.get(`${AUDIT}/verify`)))

  assert.ok(answers.every(({ status }) => status === 200 || status === 429))
  assert.ok(answers.some(({ status }) => status === 200))
  assert.equal((await ada.get(`${AUDIT}/verify`)).status, 200)
})

test('AUD-06: no password, token, name, address or content is in the record', async () => {
  const canary = (): string => `cnry-${randomBytes(16).toString('hex')}`
  const [name, password, title, text] = [canary(), `Aa1!${canary()}`, canary(), canary()]
  const email = `${canary()}@example.org`
  const ada = await world.person({ name, email, password })
  const { body: note } = await ada.post('/api/v2/notes', { title, body: text })
  await ada.patch(`/api/v2/notes/${note.id}`, { title: `${title} again` })
  await world.anyone.post('/api/v2/auth/login', { email, password: `${password}x` })
  await world.anyone.post('/api/v2/auth/login', { email, password })
  await world.anyone.post('/api/v2/auth/refresh', undefined, { authorization: `Bearer ${ada.refreshToken}` })
  await ada.post('/api/v2/nova/query', { message: '', action: { tool: 'notes.delete', args: { note_id: note.id } } })

  const { rows } = await world.owner.query<{ line: string }>('select row_to_json(e)::text as line from audit_events e where identity_id = $1', [ada.identity.id])

  assert.ok(rows.length >= 3)
  const record = rows.map(({ line }) => line).join('\n')
  for (const secret of [name, password, email, title, text, ada.token, ada.refreshToken, ...ada.token.split('.').slice(2)]) assert.ok(!record.includes(secret))
})

test('AUD-12: a stop, a revival, a checkpoint, its decision, an export and a change of identity are in the record before they are answered', async () => {
  const house = await startWorld()
  const actionsSince = async (count: number): Promise<string[]> => (await house.owner.query<{ action: string }>('select action from audit_events order by at, id offset $1', [count])).rows.map(({ action }) => action)
  const recorded = async (work: () => Promise<{ status: number }>): Promise<string[]> => {
    const { rows: [{ count }] } = await house.owner.query('select count(*)::int as count from audit_events')
    const { status } = await work()
    const actions = await actionsSince(count)
    assert.ok(status < 300, `${status}`)
    return actions
  }
  try {
    const ada = await house.person()
    const { body: note } = await ada.post('/api/v2/notes', { title: 'Mine' })
    const { body: other } = await ada.post('/api/v2/identities', { type: 'professional', name: 'Work' })
    let held = ''

    assert.deepEqual(await recorded(() => house.anyone.post('/api/atom/killswitch', undefined, { 'x-architect-seal': house.seal })), ['atom.kill'])
    assert.deepEqual(await recorded(() => house.anyone.post('/api/atom/revive', undefined, { 'x-architect-seal': house.seal })), ['atom.revive'])
    assert.deepEqual(await recorded(async () => {
      const answer = await ada.post('/api/v2/governance/checkpoints', { tool: 'notes.delete', args: { note_id: note.id } })
      held = answer.body.id
      return answer
    }), ['checkpoint.created'])
    assert.deepEqual(await recorded(() => ada.post(`/api/v2/governance/checkpoints/${held}/approve`, {})), ['checkpoint.approved', 'notes.delete'])
    assert.deepEqual(await recorded(() => ada.get(`${AUDIT}/export`)), ['audit.exported'])
    assert.deepEqual(await recorded(() => ada.post('/api/v2/auth/switch-identity', { identity_id: other.id })), ['identity.switched'])
  } finally {
    await house.close()
  }
})

test('AUD-04: when the audit cannot be written the effect is refused and nothing changed', async () => {
  const closed = await startWorld()
  try {
    const ada = await closed.person()
    const { body: note } = await ada.post('/api/v2/notes', { title: 'Before' })
    await closed.owner.query('revoke execute on function audit_append(uuid, uuid, text, timestamptz, text, text, text, text, text, integer) from chenu_server')

    const answers = [await ada.post('/api/v2/notes', { title: 'After' }), await ada.patch(`/api/v2/notes/${note.id}`, { title: 'After' }), await ada.del(`/api/v2/notes/${note.id}`), await ada.get(`${AUDIT}/export`)]

    for (const { status, body } of answers) {
      assert.equal(status, 503)
      assert.equal(body.code, 'unavailable')
    }
    const { rows } = await closed.owner.query('select title, binned_at from notes')
    assert.deepEqual(rows, [{ title: 'Before', binned_at: null }])
    const { rows: [events] } = await closed.owner.query(`select count(*)::int as count from events where name like 'note.%'`)
    assert.equal(events.count, 1)
  } finally {
    await closed.close()
  }
})
