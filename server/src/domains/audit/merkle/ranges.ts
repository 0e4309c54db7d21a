/** Leaves from `start` up to, not including, `end`. */
export type Range = { start: number; end: number }

/** The largest power of two that is smaller than `n`, for n ≥ 2: where RFC 6962 splits a tree. */
export function splitOf(n: number): number {
  let split = 1
  while (split * 2 < n) split *= 2
  return split
}

/** The ranges whose hashes prove that a leaf lies in a tree, from the leaf up (RFC 6962, section 2.1.1). */
export function inclusionRanges(index: number, size: number, start = 0): Range[] {
  if (size <= 1) return []
  const split = splitOf(size)
  return index < split
    ? [...inclusionRanges(index, split, start), { start: start + split, end: start + size }]
    : [...inclusionRanges(index - split, size - split, start + split), { start, end: start + split }]
}

/** The ranges whose hashes prove that a tree of `from` leaves is the beginning of one of `to` (RFC 6962, section 2.1.2). */
export function consistencyRanges(from: number, to: number): Range[] {
  return from <= 0 || from >= to ? [] : sub({ from, size: to, start: 0, whole: true })
}

function sub({ from, size, start, whole }: { from: number; size: number; start: number; whole: boolean }): Range[] {
  if (from === size) return whole ? [] : [{ start, end: start + size }]
  const split = splitOf(size)
  return from <= split
    ? [...sub({ from, size: split, start, whole }), { start: start + split, end: start + size }]
    : [...sub({ from: from - split, size: size - split, start: start + split, whole: false }), { start, end: start + split }]
}

/** A complete subtree: the 2^level leaves from position × 2^level. */
export type Subtree = { level: number; position: number }

/** The complete subtrees that make up a range of a tree, left to right. The range begins where a split lies. */
export function subtreesOf({ start, end }: Range): Subtree[] {
  const found: Subtree[] = []
  for (let at = start; at < end;) {
    let level = 0
    while (at % 2 ** (level + 1) === 0 && at + 2 ** (level + 1) <= end) level += 1
    found.push({ level, position: at / 2 ** level })
    at += 2 ** level
  }
  return found
}
