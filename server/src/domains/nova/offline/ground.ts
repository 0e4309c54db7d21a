import type { Language } from '../../../platform/text.ts'
import type { PlannerTool } from './planner-tool.ts'
import type { Nouns } from './words/nouns.ts'

/** What every rule may look at: the whole text, the tools, and where and when it is said. */
export type Ground = { text: string; tools: PlannerTool[]; nouns: Nouns; language: Language; now: Date; timeZone: string }
