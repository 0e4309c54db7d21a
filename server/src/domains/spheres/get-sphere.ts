import { NotFound } from '../../platform/problems.ts'
import { findSphere, type Sphere } from './sphere-list.ts'

/** The sphere of an address: by id, code or alias. Throws NotFound. */
export function getSphere(given: string): Sphere {
  const sphere = findSphere(given)
  if (!sphere) throw NotFound()
  return sphere
}
