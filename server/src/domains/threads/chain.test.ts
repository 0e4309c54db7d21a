import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { canonical, sha256 } from '../../platform/canonical.ts'
import { checkLinks, cutOf, faultOf, linkHash, linkParts, START, type Told, type ThreadLink } from './chain.ts'
import { roleOf } from './event-types.ts'

const told = fc.record({
  thread_id: fc.uuid(), type: fc.constantFrom('thread.created', 'message.posted'), role: fc.constantFrom('user', 'nova'),
  data: fc.dictionary(fc.string({ unit: 'grapheme' }), fc.oneof(fc.string({ unit: 'grapheme' }), fc.integer(), fc.boolean(), fc.constant(null))),
  at: fc.date({ noInvalidDate: true, min: new Date('1970-01-01'), max: new Date('2999-01-01') }).map((date) => date.toISOString()),
})

function chainOf(entries: Told[]): ThreadLink[] {
  let { hash: prev_hash } = START
  return entries.map((entry, index) => {
    const link = { ...entry, seq: index + 1, prev_hash }
    const hash = linkHash(link)
    prev_hash = hash
    return { ...link, hash }
  })
}

const headOf = (links: ThreadLink[]) => ({ seq: links.length, hash: links.at(-1)?.hash ?? START.hash })

test('the three parts with the previous hash and the number between them are the canonical form', () => {
  fc.assert(fc.property(told, fc.integer({ min: 1 }), (entry, seq) => {
    const prev_hash = sha256('x')
    const [a, b, c] = linkParts(entry)

    assert.equal(`${a}${prev_hash}${b}${seq}${c}`, canonical({ ...entry, seq, prev_hash }))
    assert.equal(linkHash({ ...entry, seq, prev_hash }), sha256(canonical({ ...entry, seq, prev_hash })))
  }))
})

test('an untouched log holds from its first event to its head, however it is cut into pieces', () => {
  fc.assert(fc.property(fc.array(told, { maxLength: 12 }), fc.nat(12), (entries, at) => {
    const links = chainOf(entries)
    const first = checkLinks(START, links.slice(0, at))

    assert.equal(first.fault, undefined)
    assert.deepEqual(checkLinks(first.head, links.slice(at)), { head: headOf(links) })
    assert.equal(cutOf(headOf(links), headOf(links)), undefined)
  }))
})

test('AUD-03: every edit, removal, swap and cut of a log is found', () => {
  const edits: Array<(links: ThreadLink[], at: number) => ThreadLink[]> = [
    (links, at) => links.map((link, index) => (index === at ? { ...link, role: `${link.role}!` } : link)),
    (links, at) => links.map((link, index) => (index === at ? { ...link, data: { forged: true } } : link)),
    (links, at) => links.map((link, index) => (index === at ? { ...link, prev_hash: sha256('y') } : link)),
    (links, at) => links.map((link, index) => (index === at ? { ...link, hash: sha256('z') } : link)),
    (links, at) => links.toSpliced(at, 1),
    (links, at) => links.toSpliced(at, 0, links[at] as ThreadLink),
    (links, at) => links.slice(0, at),
  ]
  fc.assert(fc.property(fc.array(told, { minLength: 1, maxLength: 8 }), fc.nat(7), fc.constantFrom(...edits), (entries, at, edit) => {
    const links = chainOf(entries)

    const { head, fault } = checkLinks(START, edit(links, at % links.length))

    assert.ok(fault ?? cutOf(head, headOf(links)))
  }), { numRuns: 1_000 })
})

test('a rewritten link needs all after it rewritten, and then the head differs', () => {
  const links = chainOf([1, 2, 3].map((n) => ({ thread_id: 't', type: 'message.posted', role: 'user', data: { text: `${n}` }, at: '2026-01-01T00:00:00.000Z' })))
  const forged = chainOf(links.map(({ seq: _seq, prev_hash: _prev, hash: _hash, ...entry }, index) => (index === 1 ? { ...entry, data: { text: 'forged' } } : entry)))

  const { head, fault } = checkLinks(START, forged)

  assert.equal(fault, undefined)
  assert.deepEqual(cutOf(head, headOf(links)), { seq: 4, because: 'cut' })
  assert.equal(faultOf({ seq: 1, hash: links[0]?.hash ?? '' }, forged[2] as ThreadLink)?.because, 'missing')
})

test('who speaks: a person as user, Nova and agents as themselves, whatever else as the system', () => {
  assert.deepEqual((['person', 'nova', 'agent', 'automation', 'api_key', 'system'] as const).map((kind) => roleOf({ kind })), ['user', 'nova', 'agent', 'system', 'system', 'system'])
})
