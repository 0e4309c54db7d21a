import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFile, stat, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { newId, type IdentityId, type UserId } from '../../../platform/ids.ts'
import type { Answer, Person } from '../../../testing/person.ts'
import { startWorld, type World } from '../../../testing/world.ts'
import { provesConsistency, provesInclusion } from '../merkle/check-proof.ts'
import { record } from '../record.ts'
import { verifyChain } from '../verify/verify-chain.ts'
import { anchorChain } from './anchor-chain.ts'
import { chainId, isGenuine, readCheckpoint } from './checkpoint-line.ts'
import { appendAnchor } from './publish-anchor.ts'

const AUDIT = '/api/v2/governance/audit'
const FILE = join(tmpdir(), `chenu-anchors-${newId()}.jsonl`)

let world: World
before(async () => { world = await startWorld({ settings: { AUDIT_ANCHOR_FILE: FILE } }) })
after(() => world.close())

async function writeMany({ user, identity }: Person, count: number, on = world): Promise<void> {
  const [userId, identityId] = [user.id as UserId, identity.id as IdentityId]
  await on.platform.store.within({ userId, identityId }, async (tx) => {
    for (let n = 0; n < count; n += 1) record(tx, { userId, identityId, actor: { kind: 'person', id: userId }, via: 'rest', requestId: 'request-1', now: () => on.clock.now() }, { action: 'test.many', outcome: 'done' })
  })
}

const anchor = async (person: Person, on: World = world): Promise<string | undefined> => anchorChain(on.platform, on.app.anchorer.signer, person.identity.id as IdentityId)

const fileLines = async (person: Person): Promise<string[]> => (await readFile(FILE, 'utf8')).split('\n').filter((line) => readCheckpoint(line)?.chain === chainId(person.identity.id))

const check = (person: Person, anchors: string[] = []) => verifyChain(world.platform.store, person.identity.id as IdentityId, { keys: [world.app.anchorer.signer.publicKey], anchors })

test('AUD-03: a checkpoint is signed, in the table, and in a file that only its owner reads; verification tells anchored from not yet', async () => {
  const ada = await world.person()
  await writeMany(ada, 300)
  const line = await anchor(ada)
  await writeMany(ada, 5)

  const said = readCheckpoint(line ?? '')
  const { body: key } = await ada.get(`${AUDIT}/key`)
  assert.ok(said && isGenuine(said, key.public_key))
  assert.equal(said.chain, key.chain)
  assert.ok(!isGenuine({ ...said, size: said.size + 1 }, key.public_key))
  assert.deepEqual(await fileLines(ada), [line])
  assert.equal((await stat(FILE)).mode & 0o777, 0o600)
  assert.doesNotMatch(await readFile(FILE, 'utf8'), new RegExp(ada.identity.id))
  const { body: verified } = await ada.get(`${AUDIT}/verify`)
  assert.deepEqual([verified.valid, verified.anchored, verified.not_anchored, verified.events], [true, said.size, 5, said.size + 5])
  const { body: page } = await ada.get(`${AUDIT}/anchors`)
  assert.deepEqual(page, { items: [said], next_cursor: null })
  assert.equal((await world.anyone.get(`${AUDIT}/anchors`)).status, 401)
})

test('nothing is signed twice: not without a new event, and not by two nodes at once', async () => {
  const ada = await world.person()
  const other = await world.another()
  try {
    const lines = await Promise.all([anchor(ada), anchor(ada, other), anchor(ada), anchor(ada, other)])

    assert.equal(lines.filter((line) => line !== undefined).length, 1)
    assert.equal(await anchor(ada), undefined)
    assert.equal((await fileLines(ada)).length, 1)
  } finally {
    await other.close()
  }
})

test('a chain is due after its minutes or its events, and then until it is anchored', async () => {
  const house = await startWorld({ settings: { AUDIT_ANCHOR_EVENTS: '50', AUDIT_ANCHOR_MINUTES: '10' } })
  try {
    const ada = await house.person()
    const sizeOf = async () => Number((await house.owner.query('select coalesce(max(size), 0) as size from audit_anchors where identity_id = $1', [ada.identity.id])).rows[0].size)

    await house.app.anchorer.anchorDue()
    assert.equal(await sizeOf(), 0)
    house.clock.advance(11 * 60_000)
    await house.app.anchorer.anchorDue()
    const first = await sizeOf()
    assert.ok(first > 0)
    await writeMany(ada, 49, house)
    await house.app.anchorer.anchorDue()
    assert.equal(await sizeOf(), first)
    await writeMany(ada, 1, house)
    await house.app.anchorer.anchorDue()
    assert.equal(await sizeOf(), first + 50)
    assert.equal(await house.app.anchorer.anchorDue(), 0)
    await writeMany(ada, 3, house)
    for (let n = 0; n < 50; n += 1) house.app.anchorer.heard(ada.identity.id as IdentityId)
    await house.app.anchorer.stop()
    assert.equal(await sizeOf(), first + 53)
  } finally {
    await house.close()
  }
})

test('AUD-03: a whole chain written anew, head, tree and table included, is found by the file', async () => {
  const ada = await world.person()
  await writeMany(ada, 20)
  await anchor(ada)
  const kept = await fileLines(ada)
  await world.owner.query('delete from audit_anchors where identity_id = $1', [ada.identity.id])
  await world.owner.query(`
    do $$ declare e record; prev text := repeat('0', 64); begin
      for e in select * from audit_events where identity_id = '${ada.identity.id}' order by seq loop
        update audit_events set body = replace(e.body, 'request-1', 'request-2'), prev_hash = prev, hash = audit_link(replace(e.body, 'request-1', 'request-2'), prev, e.seq) where identity_id = e.identity_id and seq = e.seq;
        prev := audit_link(replace(e.body, 'request-1', 'request-2'), prev, e.seq);
      end loop;
      update audit_heads set hash = prev where identity_id = '${ada.identity.id}';
    end $$`)

  assert.equal((await check(ada)).valid, true)
  const { valid, first_broken: broken } = await check(ada, kept)
  assert.deepEqual([valid, broken?.because], [false, 'anchor_mismatch'])
})

test('AUD-03: a tail cut together with its head is found by the file, and by the table', async () => {
  const ada = await world.person()
  await writeMany(ada, 20)
  await anchor(ada)
  const kept = await fileLines(ada)
  await world.owner.query(`delete from audit_events where identity_id = $1 and seq > 10`, [ada.identity.id])
  await world.owner.query(`update audit_heads set seq = 10, hash = (select hash from audit_events where identity_id = $1 and seq = 10) where identity_id = $1`, [ada.identity.id])

  assert.deepEqual((await check(ada)).first_broken, { seq: 11, because: 'cut' })
  await world.owner.query('delete from audit_anchors where identity_id = $1', [ada.identity.id])
  assert.equal((await check(ada)).valid, true)
  assert.deepEqual((await check(ada, kept)).first_broken, { seq: 11, because: 'cut' })
})

test('AUD-03: what is broken is not signed; the instance’s chain says so, and other chains go on', async () => {
  const [ada, bob] = [await world.person(), await world.person()]
  await writeMany(ada, 300)
  await world.owner.query(`update audit_events set body = replace(body, 'request-1', 'request-2') where identity_id = $1 and seq = 100`, [ada.identity.id])
  world.clock.advance(11 * 60_000)

  await world.app.anchorer.anchorDue()

  assert.deepEqual(await fileLines(ada), [])
  assert.equal((await fileLines(bob)).length, 1)
  const { rows } = await world.owner.query(`select resource_id from audit_events where action = 'audit.broken'`)
  assert.ok(rows.some(({ resource_id: id }) => id === ada.identity.id))
})

test('every event has a proof that leads to the signed root, and every checkpoint one that it begins the chain', async () => {
  const ada = await world.person()
  await writeMany(ada, 700)
  const first = readCheckpoint(await anchor(ada) ?? '')
  await writeMany(ada, 400)
  const second = readCheckpoint(await anchor(ada) ?? '')
  assert.ok(first && second)

  for (const seq of [1, 2, 256, 257, 511, 700, first.size, first.size + 1, second.size]) {
    const { body }: Answer = await ada.get(`${AUDIT}/proof?seq=${seq}`)
    const expected: typeof first = seq <= first.size ? first : second
    assert.deepEqual(body.checkpoint, expected, `event ${seq}`)
    assert.ok(provesInclusion({ leaf: body.leaf_hash, index: seq - 1, size: body.size, proof: body.proof, root: expected.root }), `event ${seq}`)
  }
  for (const from of [1, 255, 256, 300, first.size]) {
    const { body } = await ada.get(`${AUDIT}/consistency?from=${from}&to=${second.size}`)
    assert.ok(provesConsistency({ from, to: second.size, fromRoot: body.from_root, toRoot: second.root, proof: body.proof }), `from ${from}`)
  }
  const { body } = await ada.get(`${AUDIT}/consistency?from=${first.size}&to=${second.size}`)
  assert.equal(body.from_root, first.root)
  assert.deepEqual([(await ada.get(`${AUDIT}/proof?seq=99999`)).status, (await ada.get(`${AUDIT}/proof?seq=0`)).status, (await ada.get(`${AUDIT}/consistency?from=9&to=3`)).status], [404, 422, 404])
})

test('a line that a crash has cut does not swallow the next one', async () => {
  const path = join(tmpdir(), `chenu-cut-${newId()}.jsonl`)
  await writeFile(path, '{"whole":1}\n{"cut":')

  await appendAnchor(path, '{"next":2}')

  assert.equal(await readFile(path, 'utf8'), '{"whole":1}\n{"cut":\n{"next":2}\n')
})

test('each checkpoint goes to the webhook; one that refuses stops nothing', async () => {
  const taken: string[] = []
  const receiver = createServer((request: IncomingMessage, response) => {
    request.setEncoding('utf8').on('data', (text: string) => { taken.push(text) }).on('end', () => { response.writeHead(taken.length > 1 ? 500 : 204).end() })
  }).listen(0, '127.0.0.1')
  await once(receiver, 'listening')
  const house = await startWorld({ settings: { AUDIT_ANCHOR_WEBHOOK: `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`, AUDIT_ANCHOR_MINUTES: '0.001' } })
  try {
    await Promise.all([house.person(), house.person()])
    house.clock.advance(60_000)

    await house.app.anchorer.anchorDue()

    assert.equal(taken.length, 2)
    assert.ok(taken.every((line) => readCheckpoint(line)))
    assert.equal((await house.owner.query('select 1 from audit_anchors')).rows.length, 2)
  } finally {
    await house.close()
    receiver.close()
  }
})

test('a webhook that keeps one checkpoint waiting holds up neither the others nor another chain', async () => {
  const waiting: Array<() => void> = []
  const receiver = createServer((request: IncomingMessage, response) => {
    request.resume().on('end', () => {
      waiting.push(() => { response.writeHead(204).end() })
      if (waiting.length === 3) for (const answer of waiting) answer()
    })
  }).listen(0, '127.0.0.1')
  await once(receiver, 'listening')
  const house = await startWorld({ settings: { AUDIT_ANCHOR_WEBHOOK: `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`, AUDIT_ANCHOR_MINUTES: '0.001' } })
  try {
    await Promise.all([house.person(), house.person(), house.person()])
    house.clock.advance(60_000)

    await house.app.anchorer.anchorDue()

    assert.equal(waiting.length, 3)
    assert.ok(!house.logLines.some((line) => line.includes('did not take')), 'nobody answers before the third has come')
  } finally {
    await house.close()
    receiver.close()
  }
})
