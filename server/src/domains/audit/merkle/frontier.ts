import { EMPTY_ROOT, nodeHash } from './tree-hash.ts'

/** A growing tree as its complete subtrees alone, largest first: as many hashes as the size has ones in binary. */
export type Frontier = { size: number; hashes: string[] }

export const emptyFrontier = (): Frontier => ({ size: 0, hashes: [] })

/** Adds one leaf; what it completes is merged. Amortised two hashes a leaf. */
export function grow(frontier: Frontier, leaf: string): void {
  frontier.hashes.push(leaf)
  for (let size = frontier.size; size % 2 === 1; size = Math.floor(size / 2)) {
    const right = frontier.hashes.pop() ?? ''
    const left = frontier.hashes.pop() ?? ''
    frontier.hashes.push(nodeHash(left, right))
  }
  frontier.size += 1
}

/** The root of the tree as it is now. */
export const rootOf = ({ hashes }: Frontier): string => (hashes.length === 0 ? EMPTY_ROOT : hashes.slice(0, -1).reduceRight((right, left) => nodeHash(left, right), hashes.at(-1) ?? ''))
