import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import type { IdentityId } from '../../../platform/ids.ts'
import type { Person } from '../../../testing/person.ts'
import { startWorld, type World } from '../../../testing/world.ts'
import { anchorChain } from '../anchors/anchor-chain.ts'
import { streamOf } from '../testing.ts'
import { verifyExport } from '../verify/verify-export.ts'
import { csvLine } from './csv-line.ts'

let world: World
before(async () => { world = await startWorld() })
after(() => world.close())

const EXPORT = '/api/v2/governance/audit/export'

async function anchored(notes: number): Promise<{ person: Person; lines: string[] }> {
  const person = await world.person()
  for (let n = 0; n < notes; n += 1) {
    await person.post('/api/v2/notes', { title: `Note ${n}` })
    if (n === 1 || n === 4) await anchorChain(world.platform, world.app.anchorer.signer, person.identity.id as IdentityId)
  }
  return { person, lines: String((await person.get(EXPORT)).body).trimEnd().split('\n') }
}

test('AUD-13: an export holds its checkpoints with proofs, its root and its opened details, all of which verify offline', async () => {
  const { lines } = await anchored(6)

  const verdict = await verifyExport(streamOf(lines), { keys: [world.app.anchorer.signer.publicKey] })

  assert.equal(verdict.kind, 'holds')
  const header = JSON.parse(lines[0] ?? '')
  assert.deepEqual([header.anchors, lines.length], [2, 1 + header.events + 2])
  assert.ok(verdict.kind === 'holds' && verdict.anchored.events === JSON.parse(lines.at(-1) ?? '').anchor.size && verdict.anchored.events < header.events)
  assert.ok(lines.some((line) => line.includes('"opened":{')))
})

test('AUD-13: 500 random edits, removals and swaps of an export with checkpoints are all found', async () => {
  const { lines: intact } = await anchored(6)
  const keys = [world.app.anchorer.signer.publicKey]
  const index = fc.integer({ min: 0, max: intact.length - 1 })
  const damage = fc.oneof(
    fc.tuple(index, fc.nat(), fc.string({ minLength: 1, maxLength: 1, unit: 'binary-ascii' })).map(([at, place, character]) => {
      const line = intact[at] ?? ''
      return intact.with(at, line.slice(0, place % line.length) + character + line.slice(place % line.length + 1))
    }),
    index.map((at) => intact.toSpliced(at, 1)),
    fc.tuple(index, index).map(([one, two]) => intact.with(one, intact[two] ?? '').with(two, intact[one] ?? '')),
    fc.tuple(index, index).map(([from, to]) => intact.toSpliced(to, 0, intact[from] ?? '')),
    index.map((at) => intact.slice(0, at)),
  )

  // When it was exported, and which key the file names, only the file itself says.
  const proved = (lines: string[]): string => lines.join('\n').replace(/"exported_at":"[^"]*"/, '').replace(/"key":\{"id":"[^"]*","public_key":"[^"]*"\}/, '').replace(/"erased":(null|\d+),"/, '"')
  await fc.assert(fc.asyncProperty(damage, async (lines) => {
    fc.pre(proved(lines) !== proved(intact))
    const verdict = await verifyExport(streamOf(lines), { keys })
    // A checkpoint under the name of another key counts for nothing, and is counted.
    assert.ok(verdict.kind !== 'holds' || verdict.anchored.unknown > 0)
  }), { numRuns: 500 })
})

test('AUD-13: details that are shown otherwise than the chain sealed them are found', async () => {
  const { lines } = await anchored(1)
  const at = lines.findIndex((line) => line.includes('"opened":{'))
  const changed = lines.with(at, (lines[at] ?? '').replace('"details":{}', '"details":{"forged":1}'))

  const verdict = await verifyExport(streamOf(changed))

  assert.ok(verdict.kind === 'broken' && verdict.fault.because === 'opened_mismatch')
})

test('AUD-03: an export that was cut and given another header is found by a checkpoint kept elsewhere', async () => {
  const { person, lines } = await anchored(3)
  const line = await anchorChain(world.platform, world.app.anchorer.signer, person.identity.id as IdentityId)
  const short = lines.slice(0, 4)
  const { anchor: _, ...last } = JSON.parse(short.at(-1) ?? '')
  const verify = (anchors: string[]) => verifyExport(streamOf([JSON.stringify({ format: 'chenu.audit.v1', identity_id: person.identity.id, exported_at: '2026-01-02T03:04:05Z', events: 3, head: last.hash }), ...short.slice(1).map((one) => one.replace(/"opened":.*,"prev_hash"/, '"prev_hash"'))]), { anchors, keys: [world.app.anchorer.signer.publicKey] })

  assert.equal((await verify([])).kind, 'holds')
  const verdict = await verify([line ?? ''])
  assert.ok(verdict.kind === 'broken' && verdict.fault.because === 'cut')
})

test('INP-13: a cell that a spreadsheet would run is text', () => {
  for (const value of ['=cmd|calc', '+1', '-1', '@SUM(A1)', '\tx', '\rx', '=HYPERLINK("http://x")']) assert.match(csvLine([value]), /^"'/, value)
  assert.equal(csvLine(['a"b', null, 'two\nlines', 7]), '"a""b","","two lines","7"\r\n')
})

test('INP-13: the CSV has one line an event with its place in the tree, and runs nothing', async () => {
  const { person } = await anchored(2)
  await person.post('/api/v2/nova/query', { message: '=cmd' })

  const { status, headers, body } = await person.get(`${EXPORT}?format=csv`)

  assert.equal(status, 200)
  assert.match(headers.get('content-type') ?? '', /^text\/csv/)
  const [names = '', ...rows] = String(body).trimEnd().split('\r\n')
  assert.match(names, /^"seq","leaf_index",.*"hash","leaf_hash"$/)
  assert.deepEqual(rows.map((row) => row.split(',')[0]), rows.map((_, n) => `"${n + 1}"`))
  assert.ok(rows.every((row) => !/(^|,)"?[=+@\t]/.test(row)))
  const { body: proof } = await person.get('/api/v2/governance/audit/proof?seq=1')
  assert.ok(rows[0]?.endsWith(`"${proof.leaf_hash}"`))
  assert.equal((await person.get(`${EXPORT}?format=xml`)).status, 422)
})
