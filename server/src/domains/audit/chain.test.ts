import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { checkHead, checkLink, EMPTY, GENESIS, isCanonical, linkHash, type ChainState, type Link, type Verdict } from './chain.ts'
import { buildChain } from './testing.ts'

function walk(links: Link[]): { state: ChainState; verdict: Verdict } {
  let state = EMPTY
  for (const link of links) {
    const verdict = checkLink(state, link)
    if (!verdict.valid) return { state, verdict }
    state = { seq: link.seq, hash: link.hash }
  }
  return { state, verdict: { valid: true } }
}

test('a chain holds from its genesis to its head', () => {
  const links = buildChain(5)

  const { state, verdict } = walk(links)

  assert.deepEqual(verdict, { valid: true })
  assert.deepEqual(checkHead(state, { seq: 5, hash: links[4]?.hash ?? '' }), { valid: true })
  assert.equal(links[0]?.prev_hash, GENESIS)
})

test('each fault has its name', () => {
  const [a, b, c] = buildChain(3) as [Link, Link, Link]
  const cases: Array<[Link[], Verdict]> = [
    [[b], { valid: false, seq: 2, because: 'missing' }],
    [[a, c], { valid: false, seq: 3, because: 'missing' }],
    [[a, b, a], { valid: false, seq: 1, because: 'reordered' }],
    [[a, { ...b, prev_hash: GENESIS }], { valid: false, seq: 2, because: 'broken_link' }],
    [[a, { ...b, event: b.event.replace('done', 'held') }], { valid: false, seq: 2, because: 'changed' }],
    [[a, { ...b, hash: GENESIS }], { valid: false, seq: 2, because: 'changed' }],
  ]

  for (const [links, expected] of cases) assert.deepEqual(walk(links).verdict, expected)
})

test('the end of a chain is checked against its head', () => {
  const head = { seq: 3, hash: 'c'.repeat(64) }

  assert.deepEqual(checkHead({ seq: 2, hash: 'b'.repeat(64) }, head), { valid: false, seq: 3, because: 'cut' })
  assert.deepEqual(checkHead({ seq: 4, hash: 'd'.repeat(64) }, head), { valid: false, seq: 4, because: 'head_mismatch' })
  assert.deepEqual(checkHead({ seq: 3, hash: 'd'.repeat(64) }, head), { valid: false, seq: 3, because: 'head_mismatch' })
  assert.deepEqual(checkHead(EMPTY, EMPTY), { valid: true })
})

test('only the canonical text of an event is canonical', () => {
  const [{ event }] = buildChain(1) as [Link]

  assert.equal(isCanonical(event), true)
  for (const other of [` ${event}`, event.replace('{', '{"action":"x",'), '{"b":1,"a":2}', '{"a":1.0}', '{"a":1,"a":1}', '{', '']) assert.equal(isCanonical(other), false, other)
})

test('property: a hash changes with the event, the link before it and its number', () => {
  const event = fc.jsonValue().map((value) => JSON.stringify(value))
  const hash = fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 64, maxLength: 64 })
  const link = fc.tuple(event, hash, fc.integer({ min: 1, max: 2 ** 53 - 1 }))

  fc.assert(fc.property(link, link, (one, two) => {
    assert.equal(linkHash(...one) === linkHash(...two), JSON.stringify(one) === JSON.stringify(two))
  }), { numRuns: 300 })
})
