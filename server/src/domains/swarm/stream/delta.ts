import type { Member } from '../fleet.ts'

/** The members that differ from what was told last, by their index in the catalogue. Positions never change. */
export function changedMembers(before: readonly Member[], after: readonly Member[]): number[] {
  return after.flatMap((member, index) => (isSame(before[index], member) ? [] : [index]))
}

const isSame = (a: Member | undefined, b: Member): boolean => a !== undefined && a.id === b.id && a.status === b.status && a.frequency === b.frequency && a.x === b.x && a.y === b.y && a.z === b.z
