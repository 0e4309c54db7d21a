import { canonical, sha256 } from '../../platform/canonical.ts'

/** The link before the first event of a chain. */
export const GENESIS = '0'.repeat(64)

/** One link as it is stored and exported: `event` is the canonical text itself. */
export type Link = { seq: number; event: string; prev_hash: string; hash: string }

/** The hash of a link: SHA-256 of the RFC 8785 form of {"event", "prev_hash", "seq"}; audit_append computes the same. */
export const linkHash = (event: string, prevHash: string, seq: number): string =>
  sha256(`{"event":${event},"prev_hash":"${prevHash}","seq":${seq}}`)

export type ChainState = { seq: number; hash: string }
export type Verdict = { valid: true } | { valid: false; seq: number; because: 'missing' | 'reordered' | 'changed' | 'broken_link' | 'not_canonical' }

/** Checks one link against the state before it. Valid: `state` may advance to this link. */
export function checkLink(state: ChainState, link: Link): Verdict {
  const broken = (because: 'missing' | 'reordered' | 'changed' | 'broken_link' | 'not_canonical'): Verdict => ({ valid: false, seq: link.seq, because })
  if (link.seq > state.seq + 1) return broken('missing')
  if (link.seq !== state.seq + 1) return broken('reordered')
  if (link.prev_hash !== state.hash) return broken('broken_link')
  if (linkHash(link.event, link.prev_hash, link.seq) !== link.hash) return broken('changed')
  return { valid: true }
}

/** True when the text is the canonical form of what it says. */
export function isCanonical(event: string): boolean {
  try {
    return canonical(JSON.parse(event)) === event
  } catch {
    return false
  }
}
