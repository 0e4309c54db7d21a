import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { linkHash, type Link } from '../chain.ts'
import { linkLine } from '../export/export-format.ts'
import { buildChain, exportOf, IDENTITY, streamOf } from '../testing.ts'
import { verifyExport, type ExportVerdict } from './verify-export.ts'

const verify = (lines: string[], anchor?: string): Promise<ExportVerdict> => verifyExport(streamOf(lines), { noted: anchor })

const faultOf = (verdict: ExportVerdict): unknown => (verdict.kind === 'broken' ? verdict.fault : verdict.kind)

test('AUD-13: an export that was not touched holds', async () => {
  const verdict = await verify(exportOf(buildChain(30)))

  assert.equal(verdict.kind, 'holds')
})

test('AUD-13: an export without an event holds', async () => {
  assert.equal((await verify(exportOf([]))).kind, 'holds')
})

test('AUD-13: the first broken link is named with its line and why', async () => {
  const links = buildChain(6)
  const lines = exportOf(links)
  const [header = '', ...rows] = lines
  const edited = rows.with(3, (rows[3] ?? '').replace('done', 'held'))
  const cases: Array<[string, string[], unknown]> = [
    ['an edited event', [header, ...edited], { line: 5, seq: 4, because: 'changed' }],
    ['a removed line', lines.toSpliced(3, 1), { line: 4, seq: 3, because: 'missing' }],
    ['two swapped lines', lines.with(2, lines[3] ?? '').with(3, lines[2] ?? ''), { line: 3, seq: 2, because: 'reordered' }],
    ['a repeated line', lines.toSpliced(3, 0, lines[2] ?? ''), { line: 4, seq: 2, because: 'reordered' }],
    ['a cut tail', lines.slice(0, 5), { line: 6, seq: 5, because: 'cut' }],
    ['a line more', exportOf(links, { events: 5, head: links[4]?.hash ?? '' }), { line: 8, seq: 6, because: 'head_mismatch' }],
    ['a line cut in two', [...lines.slice(0, 6), (lines[6] ?? '').slice(0, 40)], { line: 7, seq: 6, because: 'unreadable' }],
    ['another head', exportOf(links, { head: 'f'.repeat(64) }), { line: 8, seq: 6, because: 'head_mismatch' }],
    ['another owner', exportOf(links, { identityId: '0190a0b0-0000-7000-8000-00000000000b' }), { line: 2, seq: 1, because: 'other_identity' }],
    ['a line spelled anew', lines.with(2, (lines[2] ?? '').replace('"seq":2', '"seq": 2')), { line: 3, seq: 2, because: 'not_canonical' }],
    ['a doubled member', lines.with(2, (lines[2] ?? '').replace('{"event"', '{"event":{},"event"')), { line: 3, seq: 2, because: 'not_canonical' }],
    ['a lone surrogate', lines.with(2, (lines[2] ?? '').replace('done', String.raw`\ud800`)), { line: 3, seq: 2, because: 'unreadable' }],
  ]

  for (const [name, given, expected] of cases) assert.deepEqual(faultOf(await verify(given)), expected, name)
})

test('AUD-13: an event replaced together with its hash breaks the link after it', async () => {
  const links = buildChain(6)
  const [forged] = links.slice(2, 3) as [Link]
  const event = forged.event.replace('notes.create', 'notes.search')
  const replaced = links.with(2, { ...forged, event, hash: linkHash(event, forged.prev_hash, 3) })

  assert.deepEqual(faultOf(await verify(exportOf(replaced))), { line: 5, seq: 4, because: 'broken_link' })
})

test('AUD-13: a head noted earlier tells a chain written anew', async () => {
  const old = buildChain(6)
  const anew = buildChain(8, { details: { reason: 'forged' } })
  const noted = old[3]?.hash

  assert.equal((await verify(exportOf(old), noted) as { noted?: boolean }).noted, true)
  assert.equal((await verify(exportOf(anew), noted) as { noted?: boolean }).noted, false)
})

test('AUD-13: what is no export is told apart from a broken one', async () => {
  assert.deepEqual(await verify([]), { kind: 'unusable', because: 'empty' })
  assert.deepEqual(await verify(['{"format":"other"}']), { kind: 'unusable', because: 'not_an_export' })
  assert.deepEqual(await verify(exportOf(buildChain(2)).slice(1)), { kind: 'unusable', because: 'not_an_export' })
})

const LENGTH = 25
const intact = exportOf(buildChain(LENGTH))
const index = fc.integer({ min: 1, max: LENGTH })
type Damage = { name: string; lines: string[] }

const damages: fc.Arbitrary<Damage> = fc.oneof(
  fc.tuple(index, fc.nat(), fc.string({ minLength: 1, maxLength: 1, unit: 'binary-ascii' })).map(([at, place, character]) => {
    const line = intact[at] ?? ''
    const position = place % line.length
    return { name: 'edit', lines: intact.with(at, line.slice(0, position) + character + line.slice(position + 1)) }
  }),
  index.map((at) => ({ name: 'removal', lines: intact.toSpliced(at, 1) })),
  fc.tuple(index, index).map(([one, two]) => ({ name: 'swap', lines: intact.with(one, intact[two] ?? '').with(two, intact[one] ?? '') })),
  fc.tuple(index, index).map(([from, to]) => ({ name: 'repetition', lines: intact.toSpliced(to, 0, intact[from] ?? '') })),
  index.map((at) => ({ name: 'cut', lines: intact.slice(0, at) })),
  index.map((at) => {
    const forged = buildChain(LENGTH, { details: { forged: 'yes' } })[at - 1] as Link
    return { name: 'foreign link', lines: intact.with(at, linkLine(forged).slice(0, -1)) }
  }),
)

test('AUD-03: 1,000 random edits, removals and swaps are all found', async () => {
  const found = new Map<string, number>()

  await fc.assert(fc.asyncProperty(damages, async ({ name, lines }) => {
    fc.pre(lines.some((line, at) => line !== intact[at]) || lines.length !== intact.length)
    const untouched = lines.findIndex((line, at) => line !== intact[at])
    const verdict = await verify(lines)
    assert.equal(verdict.kind, 'broken', name)
    // A link that was forged whole, with its hash, shows only at the link after it.
    assert.ok(verdict.kind === 'broken' && verdict.fault.line <= (untouched === -1 ? lines.length : untouched) + 2, name)
    found.set(name, (found.get(name) ?? 0) + 1)
  }), { numRuns: 1_000 })

  assert.equal(found.size, 6)
})

test('the header of another format, or with members more, is no header', async () => {
  const [header = '', ...rows] = exportOf(buildChain(1))

  assert.equal((await verify([header.replace('v1', 'v3'), ...rows])).kind, 'unusable')
  assert.equal((await verify([header.replace('{', '{"note":1,'), ...rows])).kind, 'unusable')
  assert.match(header, new RegExp(IDENTITY))
})
