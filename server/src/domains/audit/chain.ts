import { canonical, sha256 } from '../../platform/canonical.ts'
import type { BrokenBecause } from './contract.ts'

/** The link before the first event of a chain. */
export const GENESIS = '0'.repeat(64)

/** One link as it is stored: `event` is the canonical text itself. */
export type Link = { seq: number; event: string; prev_hash: string; hash: string }

/** The RFC 8785 form of {"event", "prev_hash", "seq"}: what a link's hash is of, and what its leaf in the tree holds. */
export const linkText = (event: string, prevHash: string, seq: number): string => `{"event":${event},"prev_hash":"${prevHash}","seq":${seq}}`

/** The hash of a link: SHA-256 of its text; audit_append computes the same. */
export const linkHash = (event: string, prevHash: string, seq: number): string => sha256(linkText(event, prevHash, seq))

/** How far a chain holds: the number and the hash of its last good link. */
export type ChainState = { seq: number; hash: string }
export const EMPTY: ChainState = { seq: 0, hash: GENESIS }

export type Verdict = { valid: true } | { valid: false; seq: number; because: BrokenBecause }

/** Checks one link against the state before it. Valid: the state may advance to this link. */
export function checkLink(state: ChainState, link: Link): Verdict {
  const broken = (because: BrokenBecause): Verdict => ({ valid: false, seq: link.seq, because })
  if (link.seq > state.seq + 1) return broken('missing')
  if (link.seq !== state.seq + 1) return broken('reordered')
  if (link.prev_hash !== state.hash) return broken('broken_link')
  if (linkHash(link.event, link.prev_hash, link.seq) !== link.hash) return broken('changed')
  return { valid: true }
}

/** Checks the end of a chain against its head, which is kept apart from the links: a cut tail shows. */
export function checkHead(state: ChainState, head: ChainState): Verdict {
  if (state.seq < head.seq) return { valid: false, seq: state.seq + 1, because: 'cut' }
  if (state.seq > head.seq) return { valid: false, seq: head.seq + 1, because: 'head_mismatch' }
  return state.hash === head.hash ? { valid: true } : { valid: false, seq: head.seq, because: 'head_mismatch' }
}

/** True when the text is the canonical form of what it says. */
export function isCanonical(event: string): boolean {
  try {
    return canonical(JSON.parse(event)) === event
  } catch {
    return false
  }
}
