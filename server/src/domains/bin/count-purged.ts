export const BINNED_KINDS = ['notes', 'tasks', 'contacts', 'threads'] as const
export type BinnedKind = (typeof BINNED_KINDS)[number]

/** How many things of each kind left the bin for good. */
export type Purged = Record<BinnedKind, number>

const none = (): Purged => ({ notes: 0, tasks: 0, contacts: 0, threads: 0 })

/** From the identity of each thing that is gone: how many of each kind every identity lost. */
export function countPurged(gone: Record<BinnedKind, string[]>): Map<string, Purged> {
  const counts = new Map<string, Purged>()
  for (const kind of BINNED_KINDS) {
    for (const identityId of gone[kind]) {
      const counted = counts.get(identityId) ?? none()
      counted[kind] += 1
      counts.set(identityId, counted)
    }
  }
  return counts
}

/** The sum of counts, kind by kind. */
export const sumPurged = (counts: Iterable<Purged>): Purged =>
  [...counts].reduce((sum, counted) => Object.fromEntries(BINNED_KINDS.map((kind) => [kind, sum[kind] + counted[kind]])) as Purged, none())
