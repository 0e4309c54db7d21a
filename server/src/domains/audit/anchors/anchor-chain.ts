import type { Platform } from '../../../platform/ctx.ts'
import type { Tx } from '../../../platform/db/store.ts'
import type { IdentityId } from '../../../platform/ids.ts'
import { chainId, isGenuine, readCheckpoint, signCheckpoint } from './checkpoint-line.ts'
import { ChainBroken, extendTree, readLinks, TILE } from './extend-tree.ts'
import { anchorFileOf, appendAnchor } from './publish-anchor.ts'
import { claimPending, insertAnchor, listAnchors, noteAnchored, readHead } from './queries.ts'
import type { Signer } from './signer.ts'
import { hashRanges } from './tree-reader.ts'

/**
 * Signs a checkpoint of a chain as it is now; the line, or undefined when nothing waits or another node is at it. The line
 * is on the disk before the database knows of it: a crash between the two leaves one line more, which is as true. Throws
 * ChainBroken where what is new does not hold, or what was signed before is no longer there.
 */
export async function anchorChain(platform: Platform, signer: Signer, identityId: IdentityId): Promise<string | undefined> {
  const { store, clock, settings } = platform
  const scope = { identityId, service: 'anchor' }
  const [head] = await store.within(scope, (tx) => tx.send(readHead(tx.db, identityId)))
  if (!head) return undefined
  const size = Number(head.seq)
  await extendTree(store, identityId, size)
  return store.within(scope, async (tx) => {
    const [claimed] = await tx.send(claimPending(identityId).compile(tx.db))
    if (!claimed) return undefined
    const before = await ensureContinued(tx, signer, { identityId, size })
    if (before === size) return undefined
    const whole = Math.floor((size - 1) / TILE) * TILE
    const { state } = await readLinks(tx, identityId, { after: whole, upTo: size })
    const [root = ''] = await hashRanges(tx, identityId, [{ start: 0, end: size }])
    const at = clock.now()
    const line = signCheckpoint(signer, { chain: chainId(identityId), size, root, head: state.hash, at })
    await appendAnchor(anchorFileOf(settings), line)
    tx.atClose(() => insertAnchor(tx.db, identityId, { size, line, at }))
    tx.atClose(() => noteAnchored(identityId, size, at).compile(tx.db))
    return line
  })
}

/** The size of the last checkpoint, whose root the tree still has: what was signed once is never contradicted. */
async function ensureContinued(tx: Tx, signer: Signer, { identityId, size }: { identityId: IdentityId; size: number }): Promise<number> {
  const [last] = await tx.send(listAnchors(tx.db, identityId, { limit: 1 }))
  if (!last) return 0
  const signed = readCheckpoint(last.line)
  const from = Number(last.size)
  if (!signed || signed.size !== from || (signed.key === signer.keyId && !isGenuine(signed, signer.publicKey))) throw new ChainBroken(from, 'anchor_forged')
  if (from > size) throw new ChainBroken(size + 1, 'cut')
  const [root] = await hashRanges(tx, identityId, [{ start: 0, end: from }])
  if (root !== signed.root) throw new ChainBroken(from, 'anchor_mismatch')
  return from
}
