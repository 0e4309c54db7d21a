import type { Level } from '../../governance/fence/dispersal.ts'

export type Member = { code: string; sphere_id: number; position: number }

/** The last digits of the positions that go: every fifth agent, then every second, the fifths among them. */
const PARTIAL = new Set([0, 5])
const HALF = new Set([0, 2, 5, 7, 9])

/** Who is dispersed, by the place in the catalogue alone: the same call chooses the same agents, and a higher level those of the lower ones too. */
export function chooseAgents(fleet: Member[], { level, sphereId }: { level: Level; sphereId: number | null }): string[] {
  const isChosen = ({ position, sphere_id: of }: Member): boolean => {
    if (level === 'total') return true
    if (level === 'partial') return PARTIAL.has(position % 10)
    return sphereId === null ? HALF.has(position % 10) : of === sphereId
  }
  return fleet.filter(isChosen).map(({ code }) => code)
}
