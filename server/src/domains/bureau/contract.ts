import { z } from 'zod'
import { page, pageInput } from '../../platform/http/page.ts'
import { HubState } from '../hubs/contract.ts'
import { SECTION_CODES } from '../spheres/bureau-sections.ts'
import { Sphere, SphereKey } from '../spheres/contract.ts'

export const BureauItem = z.object({
  type: z.enum(['note', 'task', 'thread', 'agent']), id: z.string().describe('The code of an agent, else the id.'), title: z.string(),
  status: z.string().nullable(), created_at: z.iso.datetime().nullable(), updated_at: z.iso.datetime().nullable(),
})

export const Section = z.object({ code: z.enum(SECTION_CODES), name: z.string(), order: z.int(), count: z.int(), items: z.array(BureauItem) })
export const Bureau = z.object({ sphere: Sphere, sections: z.array(Section), hubs: HubState })
export const SectionPage = page(BureauItem)

export const BureauKey = SphereKey
export const SectionKey = z.strictObject({ ...pageInput, ...SphereKey.shape, section: z.string().min(1).max(40).describe(SECTION_CODES.join(', ')) })
