import { z } from 'zod'
import { SphereInput } from '../spheres/contract.ts'
import { HUB_CODES } from '../spheres/hubs.ts'

const Place = z.object({ type: z.enum(['thread', 'sphere']), id: z.string(), title: z.string() })

export const Hub = z.object({
  code: z.enum(HUB_CODES), name: z.string(), role: z.string(), contains: z.array(z.string()),
  steps: z.array(z.int()).describe('Steps of the ten of a one-click run that happen here.'),
  current: Place.nullable().describe('What is open here.'),
})

const context = { version: z.int().describe('0 until the first change of context.'), sphere_id: z.int().nullable(), thread_id: z.uuid().nullable(), updated_at: z.iso.datetime().nullable() }

export const HubContext = z.object(context)
export const HubState = z.object({ ...context, hubs: z.array(Hub) })

export const GotoContext = z.strictObject({
  sphere_id: SphereInput.optional(), thread_id: z.uuid().optional(), version: z.int().min(0).max(2_147_483_647).optional(),
}).refine(({ sphere_id, thread_id }) => sphere_id !== undefined || thread_id !== undefined, { error: 'name a sphere or a thread', path: ['sphere_id'] })
