import type { Tx } from '../../../platform/db/store.ts'
import type { IdentityId } from '../../../platform/ids.ts'
import { linkText } from '../chain.ts'
import { emptyFrontier, grow, rootOf } from '../merkle/frontier.ts'
import { subtreesOf, type Range, type Subtree } from '../merkle/ranges.ts'
import { leafHash, nodeHash } from '../merkle/tree-hash.ts'
import { TILE, TILE_LEVEL } from './extend-tree.ts'
import { listNodes, listSpan, type Node } from './queries.ts'

const nameOf = ({ level, position }: Subtree): string => `${level}/${position}`

/**
 * The hashes of ranges of a chain's tree, which `extendTree` has grown that far. Whole tiles come from the kept nodes in
 * one question; what is smaller is computed from the links of the few tiles that the ranges cut: 255 links each at most.
 */
export async function hashRanges(tx: Tx, identityId: IdentityId, ranges: Range[]): Promise<string[]> {
  const parts = ranges.map(subtreesOf)
  const all = parts.flat()
  const large = all.filter(({ level }) => level >= TILE_LEVEL)
  const nodes = large.length === 0 ? [] : await tx.send<Node>(listNodes(identityId, large).compile(tx.db))
  const known = new Map(nodes.map((node) => [nameOf(node), node.hash]))
  await addSmall(tx, identityId, { small: all.filter(({ level }) => level < TILE_LEVEL), known })
  return parts.map((subtrees) => subtrees.map((subtree) => {
    const hash = known.get(nameOf(subtree))
    if (hash === undefined) throw new Error(`The tree has no node ${nameOf(subtree)}`)
    return hash
  }).reduceRight((right, left) => nodeHash(left, right)))
}

async function addSmall(tx: Tx, identityId: IdentityId, { small, known }: { small: Subtree[]; known: Map<string, string> }): Promise<void> {
  const tiles = new Set(small.map(({ level, position }) => Math.floor(position * 2 ** level / TILE)))
  for (const tile of tiles) {
    const inTile = small.filter(({ level, position }) => Math.floor(position * 2 ** level / TILE) === tile)
    const end = Math.max(...inTile.map(({ level, position }) => (position + 1) * 2 ** level))
    const rows = await tx.send(listSpan(tx.db, identityId, { from: tile * TILE + 1, to: end }))
    const leaves = rows.map(({ body, prev_hash, seq }) => leafHash(linkText(body, prev_hash, Number(seq))))
    for (const subtree of inTile) known.set(nameOf(subtree), hashOf(leaves, subtree, tile))
  }
}

function hashOf(leaves: string[], { level, position }: Subtree, tile: number): string {
  const start = position * 2 ** level - tile * TILE
  const frontier = emptyFrontier()
  for (const leaf of leaves.slice(start, start + 2 ** level)) grow(frontier, leaf)
  return rootOf(frontier)
}
