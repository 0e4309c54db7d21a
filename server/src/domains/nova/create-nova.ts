import { createClaude } from '../../adapters/llm/claude.ts'
import type { InFlight } from '../governance/fence/in-flight.ts'
import type { Gate } from '../governance/gate.ts'
import type { Nova } from './nova.ts'
import { plannerToolOf, type PlannerTool } from './offline/planner-tool.ts'

/** Nova over a gate; what the planner knows is read from the actions once, when all of them are registered. */
export function createNova(gate: Gate, inFlight: Pick<InFlight, 'start'>): Nova {
  let tools: PlannerTool[] | undefined
  return {
    gate, inFlight, claude: createClaude(gate.platform.settings),
    plannerTools: () => (tools ??= [...gate.actions.values()].map(plannerToolOf)),
  }
}
