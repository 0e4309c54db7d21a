import { checkHead, checkLink, EMPTY, linkText, type ChainState, type Link, type Verdict } from '../chain.ts'
import { isGenuine, readCheckpoint, type SignedCheckpoint } from '../anchors/checkpoint-line.ts'
import { keyIdOf } from '../anchors/signer.ts'
import { emptyFrontier, grow, rootOf, type Frontier } from '../merkle/frontier.ts'
import { leafHash } from '../merkle/tree-hash.ts'

/** A chain on its way from the first link to the last: what held so far, its tree, and the checkpoints that are still to come. */
export type ChainWalk = {
  state: ChainState
  tree: Frontier
  expected: Map<number, SignedCheckpoint[]>
  /** The largest genuine checkpoint that the chain agrees with. */
  anchored: SignedCheckpoint | null
  /** Sizes of checkpoints signed with keys that the verifier does not know; nothing is concluded from them. */
  unknown: Set<number>
}

export const beginWalk = (): ChainWalk => ({ state: EMPTY, tree: emptyFrontier(), expected: new Map(), anchored: null, unknown: new Set() })

type Trust = { chain: string; /** Public keys in base64url, by their ids. */ keys: Map<string, string> }

export const trust = (chain: string, publicKeys: string[]): Trust => ({ chain, keys: new Map(publicKeys.map((key) => [keyIdOf(key), key])) })

/** Notes a checkpoint that the chain must agree with once it is as long; those of other chains are passed over. */
export function expectCheckpoint(walk: ChainWalk, line: string, { chain, keys }: Trust): Verdict {
  const said = readCheckpoint(line)
  if (!said) return { valid: false, seq: 0, because: 'anchor_forged' }
  if (said.chain !== chain) return { valid: true }
  const key = keys.get(said.key)
  if (key === undefined) {
    walk.unknown.add(said.size)
    return { valid: true }
  }
  if (!isGenuine(said, key)) return { valid: false, seq: said.size, because: 'anchor_forged' }
  walk.expected.set(said.size, [...walk.expected.get(said.size) ?? [], said])
  return { valid: true }
}

/** Checks the next link, and the checkpoints that were signed when it was the last. Valid: the walk has moved on. */
export function stepWalk(walk: ChainWalk, link: Link): Verdict {
  const verdict = checkLink(walk.state, link)
  if (!verdict.valid) return verdict
  grow(walk.tree, leafHash(linkText(link.event, link.prev_hash, link.seq)))
  const due = walk.expected.get(link.seq)
  if (due) {
    const root = rootOf(walk.tree)
    if (due.some((said) => said.root !== root || said.head !== link.hash)) return { valid: false, seq: link.seq, because: 'anchor_mismatch' }
    walk.anchored = due.at(-1) ?? null
    walk.expected.delete(link.seq)
  }
  walk.state = { seq: link.seq, hash: link.hash }
  return verdict
}

/** Checks the end: against the head, and against what was signed of a longer chain. */
export function endWalk(walk: ChainWalk, head: ChainState): Verdict {
  const end = checkHead(walk.state, head)
  if (!end.valid) return end
  const longer = [...walk.expected.keys()].some((size) => size > walk.state.seq)
  return longer ? { valid: false, seq: walk.state.seq + 1, because: 'cut' } : { valid: true }
}
