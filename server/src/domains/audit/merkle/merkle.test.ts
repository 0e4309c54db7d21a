import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { provesConsistency, provesInclusion } from './check-proof.ts'
import { emptyFrontier, grow, rootOf } from './frontier.ts'
import { consistencyRanges, inclusionRanges, splitOf, subtreesOf, type Range } from './ranges.ts'
import { EMPTY_ROOT, leafHash, nodeHash } from './tree-hash.ts'

/** The definition of RFC 6962, word by word and without any saving: what everything else is measured against. */
function naive(leaves: Buffer[]): string {
  if (leaves.length === 0) return EMPTY_ROOT
  const [only] = leaves
  if (leaves.length === 1 && only) return leafHash(only)
  const split = splitOf(leaves.length)
  return nodeHash(naive(leaves.slice(0, split)), naive(leaves.slice(split)))
}

const hashesOf = (leaves: Buffer[], ranges: Range[]): string[] => ranges.map(({ start, end }) => naive(leaves.slice(start, end)))

// The eight leaves, the roots and the proofs of the reference implementation of Certificate Transparency (merkle_tree_test.cc).
const LEAVES = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'].map((hex) => Buffer.from(hex, 'hex'))
const ROOTS = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d', 'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77', 'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4', '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c', '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
]
const PATHS: Array<{ leaf: number; size: number; proof: string[] }> = [
  { leaf: 1, size: 1, proof: [] },
  { leaf: 1, size: 8, proof: ['96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7', '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e', '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4'] },
  { leaf: 6, size: 8, proof: ['bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b', 'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0', 'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7'] },
  { leaf: 3, size: 3, proof: ['fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125'] },
  { leaf: 2, size: 5, proof: ['6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d', '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e', 'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b'] },
]
const CONSISTENCIES: Array<{ from: number; to: number; proof: string[] }> = [
  { from: 1, to: 1, proof: [] },
  { from: 1, to: 8, proof: ['96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7', '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e', '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4'] },
  { from: 6, to: 8, proof: ['0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a', 'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0', 'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7'] },
  { from: 2, to: 5, proof: ['5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e', 'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b'] },
]

test('AUD-03: RFC 6962: the roots of the eight published leaves, at once and one by one', () => {
  const growing = emptyFrontier()
  assert.equal(rootOf(growing), 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')

  for (const [at, leaf] of LEAVES.entries()) {
    grow(growing, leafHash(leaf))
    assert.equal(rootOf(growing), ROOTS[at])
    assert.equal(naive(LEAVES.slice(0, at + 1)), ROOTS[at])
  }
})

test('AUD-03: RFC 6962: the published inclusion proofs are made and hold', () => {
  for (const { leaf, size, proof } of PATHS) {
    assert.deepEqual(hashesOf(LEAVES, inclusionRanges(leaf - 1, size)), proof, `${leaf} in ${size}`)
    assert.ok(provesInclusion({ leaf: leafHash(LEAVES[leaf - 1] ?? ''), index: leaf - 1, size, proof, root: ROOTS[size - 1] ?? '' }))
  }
})

test('AUD-03: RFC 6962: the published consistency proofs are made and hold', () => {
  for (const { from, to, proof } of CONSISTENCIES) {
    assert.deepEqual(hashesOf(LEAVES, consistencyRanges(from, to)), proof, `${from} to ${to}`)
    assert.ok(provesConsistency({ from, to, fromRoot: ROOTS[from - 1] ?? '', toRoot: ROOTS[to - 1] ?? '', proof }))
  }
})

const leavesOf = (count: number): Buffer[] => Array.from({ length: count }, (_, n) => Buffer.from(`leaf ${n}`))
const tree = fc.integer({ min: 1, max: 80 }).chain((size) => fc.record({ size: fc.constant(size), index: fc.nat(size - 1), from: fc.integer({ min: 1, max: size }) }))

test('property: every leaf of every tree has a proof, and no changed one holds', () => {
  fc.assert(fc.property(tree, fc.nat(), ({ size, index }, place) => {
    const leaves = leavesOf(size)
    const root = naive(leaves)
    const proof = hashesOf(leaves, inclusionRanges(index, size))
    const given = { leaf: leafHash(leaves[index] ?? ''), index, size, proof, root }
    assert.ok(provesInclusion(given))
    assert.ok(!provesInclusion({ ...given, leaf: leafHash('another') }))
    assert.ok(!provesInclusion({ ...given, proof: [...proof, root] }))
    assert.ok(!provesInclusion({ ...given, root: leafHash(root) }))
    if (size > 1) assert.ok(!provesInclusion({ ...given, proof: proof.with(place % proof.length, leafHash('forged')) }))
    if (size > 1) assert.ok(!provesInclusion({ ...given, index: (index + 1) % size }))
    assert.ok(!provesInclusion({ ...given, index: size }))
  }), { numRuns: 400 })
})

test('property: a tree is consistent with each of its beginnings, and with no other tree', () => {
  fc.assert(fc.property(tree, fc.nat(), ({ size, from }, place) => {
    const leaves = leavesOf(size)
    const [fromRoot, toRoot] = [naive(leaves.slice(0, from)), naive(leaves)]
    const proof = hashesOf(leaves, consistencyRanges(from, size))
    assert.ok(provesConsistency({ from, to: size, fromRoot, toRoot, proof }))
    const other = naive([...leaves.slice(0, from - 1), Buffer.from('another')])
    assert.ok(!provesConsistency({ from, to: size, fromRoot: other, toRoot, proof }))
    assert.ok(!provesConsistency({ from, to: size, fromRoot, toRoot: leafHash(toRoot), proof }))
    if (proof.length > 0) assert.ok(!provesConsistency({ from, to: size, fromRoot, toRoot, proof: proof.with(place % proof.length, leafHash('forged')) }))
  }), { numRuns: 400 })
})

test('property: the frontier has the root of the naive tree, whatever its size', () => {
  fc.assert(fc.property(fc.integer({ min: 0, max: 200 }), (size) => {
    const frontier = emptyFrontier()
    for (const leaf of leavesOf(size)) grow(frontier, leafHash(leaf))
    assert.equal(rootOf(frontier), naive(leavesOf(size)))
    assert.equal(frontier.hashes.length, size.toString(2).replaceAll('0', '').length)
  }))
})

test('property: the subtrees of a proof’s ranges are whole, aligned and cover them', () => {
  fc.assert(fc.property(tree, ({ size, index, from }) => {
    for (const range of [...inclusionRanges(index, size), ...consistencyRanges(from, size), { start: 0, end: size }]) {
      let at = range.start
      for (const { level, position } of subtreesOf(range)) {
        assert.equal(position * 2 ** level, at)
        at += 2 ** level
      }
      assert.equal(at, range.end)
    }
  }))
})
