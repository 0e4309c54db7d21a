import { nodeHash } from './tree-hash.ts'

type Inclusion = { leaf: string; index: number; size: number; proof: string[]; root: string }

/** True when the proof leads from the leaf to the root of the tree (RFC 9162, section 2.1.3.2, the same proofs as RFC 6962's). */
export function provesInclusion({ leaf, index, size, proof, root }: Inclusion): boolean {
  if (!Number.isSafeInteger(index) || index < 0 || index >= size) return false
  let [at, last, hash] = [index, size - 1, leaf]
  for (const sibling of proof) {
    if (last === 0) return false
    if (at % 2 === 1 || at === last) {
      hash = nodeHash(sibling, hash)
      while (at % 2 === 0 && at !== 0) [at, last] = [at / 2, Math.floor(last / 2)]
    } else hash = nodeHash(hash, sibling)
    at = Math.floor(at / 2)
    last = Math.floor(last / 2)
  }
  return last === 0 && hash === root
}

type Consistency = { from: number; to: number; fromRoot: string; toRoot: string; proof: string[] }

/** True when the smaller tree is the beginning of the larger one (RFC 9162, section 2.1.4.2). */
export function provesConsistency({ from, to, fromRoot, toRoot, proof }: Consistency): boolean {
  if (from === to) return proof.length === 0 && fromRoot === toRoot
  if (from <= 0 || from > to || proof.length === 0) return false
  const path = Number.isInteger(Math.log2(from)) ? [fromRoot, ...proof] : proof
  let [at, last] = [from - 1, to - 1]
  while (at % 2 === 1) [at, last] = [Math.floor(at / 2), Math.floor(last / 2)]
  let [older, newer] = [path[0] ?? '', path[0] ?? '']
  for (const hash of path.slice(1)) {
    if (last === 0) return false
    if (at % 2 === 1 || at === last) {
      older = nodeHash(hash, older)
      newer = nodeHash(hash, newer)
      while (at % 2 === 0 && at !== 0) [at, last] = [at / 2, Math.floor(last / 2)]
    } else newer = nodeHash(newer, hash)
    at = Math.floor(at / 2)
    last = Math.floor(last / 2)
  }
  return last === 0 && older === fromRoot && newer === toRoot
}
