import { z } from 'zod'
import { pageInput } from '../../platform/http/page.ts'
import { Include, SphereInput } from '../spheres/contract.ts'
import { CAPABILITIES } from './catalogue/catalogue-agent.ts'

export const LEVELS = ['L1', 'L2', 'L3'] as const
export const AGENT_STATUSES = ['active', 'dormant', 'dispersed'] as const

const Names = z.object({ fr: z.string(), en: z.string() })

export const Agent = z.object({
  code: z.string(), sphere_id: z.int(), sphere: z.string(), level: z.enum(LEVELS), type: z.string(),
  name: z.string().describe('In the language of the reader.'), names: Names,
  function: z.string().describe('In the language of the reader.'), functions: Names,
  capabilities: z.array(z.enum(CAPABILITIES)),
  gated: z.boolean().describe('True when a human approves each use.'), gated_capabilities: z.array(z.enum(CAPABILITIES)),
  status: z.enum(AGENT_STATUSES).describe('Its state in AT·OM.'),
})

export const ListAgents = z.strictObject({
  ...pageInput, sphere: SphereInput.optional(), level: z.enum(LEVELS).optional(), gated: z.enum(['true', 'false']).optional(),
  capability: z.enum(CAPABILITIES).optional(), query: z.string().trim().max(300).optional(), include: Include.optional(),
})
export const AgentKey = z.strictObject({ code: z.string().min(1).max(20) })
export const AgentStats = z.object({
  total: z.int(), core: z.int().describe('Agents of the nine spheres.'), expansion: z.int(),
  by_sphere: z.record(z.string(), z.int()).describe('By the code of the sphere.'),
})
