import { z } from 'zod'
import { findSphere } from './sphere-list.ts'

/** A sphere by id (1 to 9, 10 to 15 for the fleet's) or by code; see `sphereIdOf`. */
export const SphereInput = z.union([z.int().min(1).max(15), z.string().min(1).max(40)]).refine((given) => findSphere(given) !== undefined, { error: 'unknown sphere' })
