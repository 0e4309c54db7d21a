import { setImmediate as breathe } from 'node:timers/promises'
import type { Store, Tx } from '../../../platform/db/store.ts'
import type { IdentityId } from '../../../platform/ids.ts'
import { checkLink, EMPTY, linkText, type ChainState } from '../chain.ts'
import type { BrokenBecause } from '../contract.ts'
import { emptyFrontier, grow, rootOf } from '../merkle/frontier.ts'
import { subtreesOf } from '../merkle/ranges.ts'
import { leafHash, nodeHash } from '../merkle/tree-hash.ts'
import { insertNodes, lastNode, listNodes, listSpan, type Node } from './queries.ts'

/** Leaves under the smallest node that is kept: 256. What lies below is computed from the links, which are there anyway. */
export const TILE_LEVEL = 8
export const TILE = 2 ** TILE_LEVEL
const TILES_AT_ONCE = 4

/** The chain does not hold where the tree was to grow: nothing of it is signed. */
export class ChainBroken extends Error {
  override name = 'ChainBroken'
  readonly seq: number
  readonly because: BrokenBecause
  constructor(seq: number, because: BrokenBecause) {
    super(`${because} at ${seq}`)
    this.seq = seq
    this.because = because
  }
}

/**
 * Computes the nodes over the first `size` links that are not kept yet, 1,024 links at a time, each batch in a transaction
 * of its own: it holds little, goes on where it was interrupted, and two nodes at once write the same rows once.
 */
export async function extendTree(store: Store, identityId: IdentityId, size: number): Promise<void> {
  for (let more = true; more;) {
    more = await store.within({ identityId, service: 'anchor' }, (tx) => extendOnce(tx, identityId, size))
    await breathe()
  }
}

async function extendOnce(tx: Tx, identityId: IdentityId, size: number): Promise<boolean> {
  const [last] = await tx.send(lastNode(tx.db, identityId, TILE_LEVEL))
  const kept = last ? Number(last.position) + 1 : 0
  const tiles = Math.min(TILES_AT_ONCE, Math.floor(size / TILE) - kept)
  if (tiles <= 0) return false
  const [links, lefts] = await Promise.all([readLinks(tx, identityId, { after: kept * TILE, upTo: (kept + tiles) * TILE }), readLefts(tx, identityId, kept)])
  const nodes: Node[] = []
  for (let tile = 0; tile < tiles; tile += 1) {
    const frontier = emptyFrontier()
    for (const leaf of links.leaves.slice(tile * TILE, (tile + 1) * TILE)) grow(frontier, leaf)
    nodes.push(...climb(lefts, { level: TILE_LEVEL, position: kept + tile, hash: rootOf(frontier) }))
  }
  await tx.send(insertNodes(tx.db, identityId, nodes))
  return true
}

/** A new node and those that it completes, up to the first whose right half is missing. */
function climb(lefts: Map<number, string>, node: Node): Node[] {
  const made = [node]
  for (let { level, position, hash } = node; ; level += 1) {
    if (position % 2 === 0) {
      lefts.set(level, hash)
      return made
    }
    hash = nodeHash(lefts.get(level) ?? '', hash)
    position = (position - 1) / 2
    made.push({ level: level + 1, position, hash })
  }
}

/** The left halves that wait for their right one when so many tiles are complete, by level. */
async function readLefts(tx: Tx, identityId: IdentityId, tiles: number): Promise<Map<number, string>> {
  const wanted = subtreesOf({ start: 0, end: tiles }).map(({ level, position }) => ({ level: level + TILE_LEVEL, position }))
  const nodes = wanted.length === 0 ? [] : await tx.send<Node>(listNodes(identityId, wanted).compile(tx.db))
  return new Map(nodes.map(({ level, hash }) => [level, hash]))
}

/** Reads and checks the links after one number up to another; their leaves, and where the chain stands then. Throws ChainBroken. */
export async function readLinks(tx: Tx, identityId: IdentityId, { after, upTo }: { after: number; upTo: number }): Promise<{ leaves: string[]; state: ChainState }> {
  const rows = await tx.send(listSpan(tx.db, identityId, { from: Math.max(after, 1), to: upTo }))
  const before = after === 0 ? undefined : rows.shift()
  let state: ChainState = before ? { seq: Number(before.seq), hash: before.hash } : EMPTY
  if (state.seq !== after) throw new ChainBroken(after, 'missing')
  const leaves: string[] = []
  for (const { seq, body, prev_hash, hash } of rows) {
    const verdict = checkLink(state, { seq: Number(seq), event: body, prev_hash, hash })
    if (!verdict.valid) throw new ChainBroken(verdict.seq, verdict.because)
    leaves.push(leafHash(linkText(body, prev_hash, Number(seq))))
    state = { seq: Number(seq), hash }
  }
  if (state.seq < upTo) throw new ChainBroken(state.seq + 1, 'cut')
  return { leaves, state }
}
