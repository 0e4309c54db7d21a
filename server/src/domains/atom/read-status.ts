import type { z } from 'zod'
import type { Platform } from '../../platform/ctx.ts'
import { ServiceUnavailable } from '../../platform/problems.ts'
import type { Status } from './contract.ts'
import { DORMANT, frequencyOf, TARGET } from './frequency.ts'
import { countByStatus, countPausesByScope, readState } from './queries.ts'

type View = z.input<typeof Status>
type FenceRow = Awaited<ReturnType<ReturnType<typeof readState>['executeTakeFirstOrThrow']>>

/** The state as it is in the database now. Roles and counts only: whose agents or identities are paused is nobody else's to see. */
export async function readStatus({ store }: Platform): Promise<View> {
  const [[fence], counts, pauses] = await store.within({ service: 'atom' }, (tx) => Promise.all([tx.send(readState(tx.db)), tx.send(countByStatus(tx.db)), tx.send(countPausesByScope(tx.db))]))
  if (!fence) throw ServiceUnavailable({ retryAfterSeconds: 1 })
  const isDormant = fence.state !== 'operational'
  const count = (status: string): number => Number(counts.find((one) => one.status === status)?.count ?? 0)
  const paused = (scope: string): number => Number(pauses.find((one) => one.scope === scope)?.count ?? 0)
  const states = statesOf(fence)
  const [strongest] = states
  return {
    status: isDormant ? 'dormant' : 'operational', frequency: frequencyOf(fence.state), agents_active: isDormant ? 0 : count('active'), kill_switch: isDormant,
    target: TARGET, dormant_frequency: DORMANT, strength: strongest?.strength ?? 'none',
    by: strongest?.by ?? fence.changed_by, since: strongest?.since ?? fence.since.toISOString(), reason: strongest ? strongest.reason : fence.reason,
    dispersed: count('dispersed'), agents: { total: counts.reduce((sum, one) => sum + Number(one.count), 0), active: count('active'), dormant: count('dormant'), dispersed: count('dispersed') },
    states, pauses: { agent: paused('agent'), automation: paused('automation'), identity: paused('identity'), sphere: paused('sphere') },
  }
}

/** What stands, the strongest first. */
function statesOf(f: FenceRow): View['states'] {
  const states: View['states'] = []
  if (f.state !== 'operational') states.push({ strength: 'kill', by: f.changed_by, reason: f.reason, since: f.since.toISOString() })
  if (f.dispersal !== null && f.dispersal_since) states.push({ strength: 'disperse', by: f.dispersal_by ?? 'unknown', reason: f.dispersal_reason, since: f.dispersal_since.toISOString(), level: f.dispersal as 'partial' })
  if (f.held_since) states.push({ strength: 'hold', by: f.held_by ?? 'unknown', reason: f.held_reason, since: f.held_since.toISOString() })
  return states
}
