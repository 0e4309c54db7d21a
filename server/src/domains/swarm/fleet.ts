import type { Platform } from '../../platform/ctx.ts'
import { ServiceUnavailable } from '../../platform/problems.ts'
import { DORMANT, RUNNING, TARGET } from '../atom/frequency.ts'
import { listFleet, readFenceState, type FleetRow } from './queries.ts'

/** One agent as a point of the swarm. `frequency` is its wave: a display value made from its code. */
export type Member = { id: string; sphere: string; x: number; y: number; z: number; frequency: number; status: string }

export type Fleet = { frequency: number; members: Member[] }

/** The fleet as it is in the database now, in the order of the catalogue. */
export async function readFleet({ store }: Platform): Promise<Fleet> {
  const [[fence], rows] = await store.within({ service: 'atom' }, (tx) => Promise.all([tx.send(readFenceState(tx.db)), tx.send(listFleet(tx.db))]))
  if (!fence) throw ServiceUnavailable({ retryAfterSeconds: 1 })
  return { frequency: fence.state === 'dormant' ? DORMANT : RUNNING, members: rows.map(memberOf) }
}

const memberOf = ({ code, ...row }: FleetRow): Member => ({ id: code, ...row })

export const isActive = ({ status }: Member): boolean => status === 'active'

/** Share of the fleet that may act now, 0 to 1, with three decimals. */
export const harmonyOf = (members: Member[]): number => (members.length === 0 ? 0 : Math.round((members.filter(isActive).length / members.length) * 1_000) / 1_000)

export function presentStatus({ frequency, members }: Fleet, active: boolean) {
  const spheres = Object.fromEntries([...Map.groupBy(members, ({ sphere }) => sphere)].map(([sphere, crew]) => [sphere, { count: crew.length, active: crew.filter(isActive).length }]))
  return { active, agent_count: members.filter(isActive).length, frequency, target: TARGET, harmony: harmonyOf(members), spheres }
}
