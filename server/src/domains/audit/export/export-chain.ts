import type { Store } from '../../../platform/db/store.ts'
import type { IdentityId } from '../../../platform/ids.ts'
import { readCheckpoint, type SignedCheckpoint } from '../anchors/checkpoint-line.ts'
import { extendTree } from '../anchors/extend-tree.ts'
import { listAnchors } from '../anchors/queries.ts'
import type { Signer } from '../anchors/signer.ts'
import { hashRanges } from '../anchors/tree-reader.ts'
import { EXPORT_FORMAT } from '../contract.ts'
import { openEvents, type Opened } from '../details/open-events.ts'
import { consistencyRanges } from '../merkle/ranges.ts'
import { EMPTY_ROOT } from '../merkle/tree-hash.ts'
import { findTombstone, type LinkRow } from '../queries.ts'
import { endsOf, walkChain } from '../verify/walk-chain.ts'
import { anchorLine, headerLine, linkLine, type HeaderV2, type OpenedLine } from './export-format.ts'

/** The newest checkpoints that an export holds, each with its proof; all of them are in the file of checkpoints. */
const ANCHORS_MAX = 100

type Given = { identityId: IdentityId; exportedAt: Date; signer: Signer }

/**
 * A chain as JSON lines: a header, one link a line, oldest first, then its newest checkpoints with their proofs. A broken
 * chain comes out as it is stored. Details are opened where their key still exists.
 */
export async function* exportChain(store: Store, { identityId, exportedAt, signer }: Given): AsyncGenerator<string> {
  const { head, last } = await endsOf(store, identityId)
  const { anchors, root, erased } = await proofsOf(store, identityId, Math.min(head.seq, last))
  const header: HeaderV2 = {
    format: EXPORT_FORMAT, identity_id: identityId, exported_at: exportedAt.toISOString(), events: head.seq, head: head.hash, root, anchors: anchors.length, erased,
    key: { id: signer.keyId, public_key: signer.publicKey },
  }
  yield headerLine(header)
  for await (const batch of openedLinks(store, identityId, last)) {
    yield batch.map(({ row, opened, sealed }) => linkLine({ seq: Number(row.seq), event: row.body, prev_hash: row.prev_hash, hash: row.hash }, sealed ? openedLine(opened) : undefined)).join('')
  }
  if (anchors.length > 0) yield anchors.map(anchorLine).join('')
}

export type OpenedRow = { row: LinkRow; body: Record<string, unknown>; opened: Opened | null; sealed: boolean }

/** The links of a chain in batches, their details opened. */
export async function* openedLinks(store: Store, identityId: IdentityId, last: number): AsyncGenerator<OpenedRow[]> {
  for await (const rows of walkChain(store, identityId, last)) {
    const bodies = rows.map(({ body }) => readBody(body))
    const opened = await store.within({ identityId }, (tx) => openEvents(tx, identityId, bodies))
    yield rows.map((row, at) => ({ row, body: bodies[at] ?? {}, opened: opened[at] ?? null, sealed: isSealed(bodies[at]) }))
  }
}

/** A body that somebody damaged is exported as it is, and opens nothing. */
function readBody(body: string): Record<string, unknown> {
  try {
    return JSON.parse(body) as Record<string, unknown>
  } catch {
    return {}
  }
}

const isSealed = (body: Record<string, unknown> | undefined): boolean => body?.v === 2 && typeof body.details === 'object' && body.details !== null && 'sealed' in body.details

const openedLine = (opened: Opened | null): OpenedLine => (opened?.key ? { details: opened.details, key: opened.key.toString('base64url'), salts: opened.salts } : null)

type Proofs = { anchors: Array<{ anchor: SignedCheckpoint; consistency: string[] }>; root: string; erased: number | null }

/** What proves the end of an export; for a chain that does not hold, an export without proofs says so by lacking them. */
async function proofsOf(store: Store, identityId: IdentityId, size: number): Promise<Proofs> {
  const [tombstone] = await store.within({ identityId }, (tx) => tx.send(findTombstone(tx.db, identityId)))
  const erased = tombstone ? Number(tombstone.seq) : null
  if (size === 0) return { anchors: [], root: EMPTY_ROOT, erased }
  try {
    await extendTree(store, identityId, size)
  } catch {
    return { anchors: [], root: EMPTY_ROOT, erased }
  }
  return store.within({ identityId }, async (tx) => {
    const rows = await tx.send(listAnchors(tx.db, identityId, { limit: ANCHORS_MAX - 1 }))
    const [root = EMPTY_ROOT] = await hashRanges(tx, identityId, [{ start: 0, end: size }])
    const anchors: Proofs['anchors'] = []
    for (const { line } of rows.toReversed()) {
      const anchor = readCheckpoint(line)
      if (anchor && anchor.size <= size) anchors.push({ anchor, consistency: await hashRanges(tx, identityId, consistencyRanges(anchor.size, size)) })
    }
    return { anchors, root, erased }
  })
}
