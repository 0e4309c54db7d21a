import type { Nova } from './nova.ts'
import { plannerToolOf, type PlannerTool } from './sentences/planner-tool.ts'

/** Nova over a gate; what the planner knows is read from the actions once, when all of them are registered. */
export function createNova({ gate, claude, inFlight }: Pick<Nova, 'gate' | 'claude' | 'inFlight'>): Nova {
  let tools: PlannerTool[] | undefined
  return {
    gate, claude, inFlight,
    plannerTools: () => (tools ??= [...gate.actions.values()].map(plannerToolOf)),
  }
}
