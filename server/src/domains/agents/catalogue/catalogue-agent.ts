import type { Bilingual } from '../../../platform/text.ts'
import type { SphereCode } from '../../spheres/sphere-list.ts'

/** What an agent can be asked for; the catalogue knows these 23 and no other. */
export const CAPABILITIES = [
  'analysis', 'summarization', 'classification', 'extraction',
  'text_generation', 'code_generation', 'image_generation', 'audio_generation',
  'data_processing', 'document_processing', 'email_drafting', 'message_drafting', 'notification_drafting',
  'recommendation', 'scoring', 'prioritization', 'research', 'search', 'fact_check',
  'brainstorm', 'design_assist', 'content_planning', 'scheduling',
] as const
export type Capability = (typeof CAPABILITIES)[number]

/**
 * Authority, lowest last: L3 does one narrow task; L2 weighs several sources or plans several steps, which a person
 * then decides on; L1 puts work in order for a person, who starts each step. L0 is Nova, which nobody hires.
 *
 * Of the 226 core agents one is L1 (T030), 26 are L2 and 199 are L3; the expansion has 14 L2 and no second L1.
 */
export type AgentLevel = 'L1' | 'L2' | 'L3'

/**
 * `orchestrator` is L1 and `specialist` every L2. Among the L3, an `analyzer` reads what exists, a `specialist`
 * makes images, sound or code, and a `support` drafts, arranges or advises.
 */
export type AgentType = 'orchestrator' | 'specialist' | 'analyzer' | 'support'

/** An agent as the catalogue declares it: data only, the same for everybody, never ranked. */
export type CatalogueAgent = {
  /** Prefix of its sphere and a number, such as `P001`. */
  code: string
  sphere: SphereCode
  level: AgentLevel
  type: AgentType
  name: Bilingual
  /** What it does, in one sentence. */
  function: Bilingual
  /** Its main one first. */
  capabilities: Capability[]
  /** True when what it makes is meant to be sent, paid, filed or published, so that a human approves each use. */
  gated: boolean
  /** Those of its capabilities whose result leaves; empty unless `gated`. */
  gated_capabilities: Capability[]
}
