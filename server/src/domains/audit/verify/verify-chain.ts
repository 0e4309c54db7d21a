import type { Store } from '../../../platform/db/store.ts'
import type { IdentityId } from '../../../platform/ids.ts'
import { chainId } from '../anchors/checkpoint-line.ts'
import { isCanonical, type Verdict } from '../chain.ts'
import type { BrokenBecause } from '../contract.ts'
import { rootOf } from '../merkle/frontier.ts'
import type { LinkRow } from '../queries.ts'
import { beginWalk, endWalk, expectCheckpoint, stepWalk, trust, type ChainWalk } from './chain-walk.ts'
import { columnsAgree } from './columns-agree.ts'
import { findLargest, listSigned } from './queries.ts'
import { endsOf, walkChain } from './walk-chain.ts'

/** `events` hold from the first; those up to `anchored` are under a signed checkpoint, the rest is `not_anchored` yet. */
export type Verified = {
  valid: boolean; events: number; head: string; root: string; anchored: number; anchored_at: string | null; not_anchored: number
  /** Checkpoints signed with keys that are not believed here; nothing is concluded from them. */
  unknown: number
  first_broken?: { seq: number; because: BrokenBecause }
}

type Given = {
  /** Public keys whose checkpoints are believed. */
  keys?: string[]
  /** Checkpoints that were kept outside the database, as lines; those of other chains are passed over. */
  anchors?: Iterable<string>
  onProgress?: ((links: number) => void) | undefined
}

/** Checks a whole chain as it is stored: links, searched columns, its end against the head, and all that was signed of it. */
export async function verifyChain(store: Store, identityId: IdentityId, { keys = [], anchors = [], onProgress }: Given = {}): Promise<Verified> {
  const trusted = trust(chainId(identityId), keys)
  const walk = beginWalk()
  const { head, last } = await endsOf(store, identityId)
  const [largest] = await store.within({ identityId }, (tx) => tx.send(findLargest(tx.db, identityId)))
  for (const line of [...anchors, ...(largest ? [largest.line] : [])]) {
    const verdict = expectCheckpoint(walk, line, trusted)
    if (!verdict.valid) return present(walk, verdict)
  }
  let latest = -Infinity
  for await (const batch of walkChain(store, identityId, last)) {
    const upTo = Number(batch.at(-1)?.seq)
    const signed = await store.within({ identityId }, (tx) => tx.send(listSigned(tx.db, identityId, { after: walk.state.seq, upTo, limit: batch.length })))
    const forged = signed.map(({ line }) => expectCheckpoint(walk, line, trusted)).find(({ valid }) => !valid)
    if (forged) return present(walk, forged)
    for (const row of batch) {
      latest = Math.max(latest, row.at.getTime())
      const verdict = checkRow(walk, row, latest)
      if (!verdict.valid) return present(walk, verdict)
    }
    onProgress?.(walk.state.seq)
  }
  return present(walk, endWalk(walk, head))
}

function present({ state, tree, anchored, unknown }: ChainWalk, verdict: Verdict): Verified {
  const size = anchored?.size ?? 0
  return {
    valid: verdict.valid, events: state.seq, head: state.hash, root: rootOf(tree), anchored: size, anchored_at: anchored?.at ?? null, not_anchored: state.seq - size, unknown: unknown.size,
    ...(verdict.valid ? {} : { first_broken: { seq: verdict.seq, because: verdict.because } }),
  }
}

/** What is searched is looked at before the walk moves on, so that `events` counts only what holds in every way. */
function checkRow(walk: ChainWalk, row: LinkRow, latest: number): Verdict {
  const seq = Number(row.seq)
  const link = { seq, event: row.body, prev_hash: row.prev_hash, hash: row.hash }
  const before = walk.state
  const verdict = stepWalk(walk, link)
  if (!verdict.valid) return verdict
  const because = !isCanonical(row.body) ? 'not_canonical' : !columnsAgree(row) || row.latest.getTime() !== latest ? 'column_mismatch' : undefined
  if (because === undefined) return verdict
  walk.state = before
  return { valid: false, seq, because }
}
