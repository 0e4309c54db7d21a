import { z } from 'zod'
import { pageInput } from '../../platform/http/page.ts'
import { findSphere } from './sphere-list.ts'

/** A sphere by id (1 to 9, 10 to 15 for the fleet's) or by code; see `sphereIdOf`. */
export const SphereInput = z.union([z.int().min(1).max(15), z.string().min(1).max(40)]).refine((given) => findSphere(given) !== undefined, { error: 'unknown sphere' })

/** Lists show what belongs to the nine spheres; `expansion` adds the six of the fleet. */
export const Include = z.enum(['expansion'])

const Names = z.object({ fr: z.string(), en: z.string() })

export const Sphere = z.object({
  id: z.int(), code: z.string(), name: z.string().describe('In the language of the reader.'), names: Names, icon: z.string(), colour: z.string(),
  core: z.boolean().describe('False for the six that only the fleet of AT·OM needs.'), agent_count: z.int(), themes: z.array(z.string()),
})

export const ListSpheres = z.strictObject({ ...pageInput, include: Include.optional() })
export const SphereKey = z.strictObject({ sphere: z.string().min(1).max(100).describe('An id, a code or a name by which a sphere is known.') })
