import type { Settings } from '../../platform/settings.ts'
import type { Gate } from '../governance/gate.ts'
import type { InFlight } from '../governance/fence/in-flight.ts'
import type { Claude } from '../../adapters/llm/claude.ts'
import type { Worker } from '../governance/fence/share-fence.ts'
import type { RunState } from './run/run-state.ts'
import type { PlannerTool } from './sentences/planner-tool.ts'

/** Nova of one instance: system intelligence behind the gate; never in the catalogue, never hired (invariant 4). */
export type Nova = {
  gate: Gate
  /** Claude, or null where no key is configured: then the offline planner serves. */
  claude: Claude | null
  /** Calls to the outside begin while the fence lets them, and are aborted by the kill-switch. */
  inFlight: Pick<InFlight, 'start'>
  plannerTools: () => PlannerTool[]
}

/** Nova as the gate and the record see it. */
export const NOVA_ACTOR = { kind: 'nova', id: 'nova' } as const

/** Nova at work on a run, as the fence sees it. */
export const workerOf = ({ identityId, sphereId }: Pick<RunState, 'identityId' | 'sphereId'>, { begun }: { begun: boolean }): Worker =>
  ({ identityId, actor: NOVA_ACTOR, begun, spheres: [sphereId] })

const LEASE_MS = 120_000

/** Until when a process may work on a run, a call of the model included, before another one takes it over. */
export const leaseEnd = ({ NOVA_TIMEOUT_SECONDS }: Settings, now: Date): Date => new Date(now.getTime() + LEASE_MS + NOVA_TIMEOUT_SECONDS * 1_000)
