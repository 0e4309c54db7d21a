import type { z } from 'zod'
import type { CallerCtx } from '../../../platform/ctx.ts'
import { Conflict, NotFound } from '../../../platform/problems.ts'
import type { ConsistencyInput, ConsistencyProof, InclusionProof, ProofInput } from '../contract.ts'
import { consistencyRanges, inclusionRanges } from '../merkle/ranges.ts'
import { readCheckpoint } from './checkpoint-line.ts'
import { ChainBroken, extendTree } from './extend-tree.ts'
import { findAnchor, findCovering, readHead } from './queries.ts'
import { hashRanges } from './tree-reader.ts'

const Broken = () => Conflict({
  en: 'The chain does not hold, so nothing of it can be proved. GET /governance/audit/verify names the place.',
  fr: 'La chaîne ne tient pas, rien n’en peut être prouvé. GET /governance/audit/verify indique l’endroit.',
})

/** Grows the tree as far as it is asked for. Throws NotFound past the chain's end, Conflict when the chain does not hold. */
async function growTo({ platform: { store }, caller: { identityId } }: CallerCtx, size: number): Promise<void> {
  const [head] = await store.within({ identityId }, (tx) => tx.send(readHead(tx.db, identityId)))
  if (size > Number(head?.seq ?? 0)) throw NotFound()
  try {
    await extendTree(store, identityId, size)
  } catch (error) {
    throw error instanceof ChainBroken ? Broken() : error
  }
}

/** Proves that an event is in the chain's tree of a size. */
export async function proveInclusion(ctx: CallerCtx, { seq, size: wanted }: z.output<typeof ProofInput>): Promise<z.input<typeof InclusionProof>> {
  const { platform: { store }, caller: { identityId } } = ctx
  const [[covering], [head]] = await store.within({ identityId }, (tx) => Promise.all([tx.send(findCovering(tx.db, identityId, seq)), tx.send(readHead(tx.db, identityId))]))
  const size = wanted ?? Number(covering?.size ?? head?.seq ?? 0)
  if (seq > size) throw NotFound()
  await growTo(ctx, size)
  return store.within({ identityId }, async (tx) => {
    const [[leaf = '', root = '', ...proof], [anchor]] = await Promise.all([
      hashRanges(tx, identityId, [{ start: seq - 1, end: seq }, { start: 0, end: size }, ...inclusionRanges(seq - 1, size)]),
      tx.send(findAnchor(tx.db, identityId, size)),
    ])
    return { seq, leaf_index: seq - 1, leaf_hash: leaf, size, root, proof, checkpoint: anchor ? readCheckpoint(anchor.line) ?? null : null }
  })
}

/** Proves that a tree of a chain is the beginning of a later one. */
export async function proveConsistency(ctx: CallerCtx, { from, to: wanted }: z.output<typeof ConsistencyInput>): Promise<z.input<typeof ConsistencyProof>> {
  const { platform: { store }, caller: { identityId } } = ctx
  const [head] = await store.within({ identityId }, (tx) => tx.send(readHead(tx.db, identityId)))
  const to = wanted ?? Number(head?.seq ?? 0)
  if (from > to) throw NotFound()
  await growTo(ctx, to)
  const [fromRoot = '', toRoot = '', ...proof] = await store.within({ identityId }, (tx) =>
    hashRanges(tx, identityId, [{ start: 0, end: from }, { start: 0, end: to }, ...consistencyRanges(from, to)]))
  return { from, to, from_root: fromRoot, to_root: toRoot, proof }
}
