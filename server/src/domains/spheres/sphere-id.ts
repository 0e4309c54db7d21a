import { findSphere } from './sphere-list.ts'

/** The personal sphere: where things go when nothing else is said. */
export const PERSONAL_SPHERE = 1

/** The id of a sphere that a checked input names; null when it names none. */
export const sphereIdOf = (given: string | number | undefined | null): number | null =>
  given === undefined || given === null ? null : findSphere(given)?.id ?? null

/** The live channel of a sphere. */
export const sphereChannel = (id: number): string => `sphere:${findSphere(id)?.code ?? id}`
