import type { Gate } from '../governance/gate.ts'
import type { Claude } from '../../adapters/llm/claude.ts'
import type { PlannerTool } from './offline/planner-tool.ts'

/** Nova of one instance: system intelligence behind the gate; never in the catalogue, never hired (invariant 4). */
export type Nova = {
  gate: Gate
  /** Claude, or null where no key is configured: then the offline planner serves. */
  claude: Claude | null
  plannerTools: () => PlannerTool[]
}

/** Nova as the gate and the record see it. */
export const NOVA_ACTOR = { kind: 'nova', id: 'nova' } as const

/** How long a process may work on a run before another one takes it over. */
export const LEASE_MS = 120_000
