import type { SectionCode } from '../spheres/bureau-sections.ts'

export const KINDS = ['note', 'task', 'thread'] as const
export type Kind = (typeof KINDS)[number]

/**
 * What a section shows of what a person keeps: kinds, only those one can go on with (open tasks, active threads), and in
 * which order. A section that is not named here has other content, or none yet.
 */
export type Content = { kinds: Kind[]; ongoing: boolean; by: 'created' | 'edited' }

const contents: Partial<Record<SectionCode, Content>> = {
  quick_capture: { kinds: ['note', 'task'], ongoing: true, by: 'created' },
  resume_workspace: { kinds: ['note', 'task', 'thread'], ongoing: true, by: 'edited' },
  threads: { kinds: ['thread'], ongoing: false, by: 'created' },
  data_files: { kinds: ['note'], ongoing: false, by: 'created' },
}

export const contentOf = (section: SectionCode): Content | undefined => contents[section]

/** Rows of one kind and state. `ongoing` is true for every note. */
export type Tally = { kind: string; ongoing: boolean; count: string }

/** How many rows a section holds, from the tally of everything in its sphere. */
export const countOf = ({ kinds, ongoing }: Content, tallies: Tally[]): number =>
  tallies.filter((tally) => kinds.some((kind) => kind === tally.kind) && (tally.ongoing || !ongoing)).reduce((sum, { count }) => sum + Number(count), 0)
