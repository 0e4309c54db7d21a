import type { ClusterRow } from './queries.ts'

/** A cluster as events tell it. */
export const presentCluster = ({ id, code, agents, active }: ClusterRow, frequency: number) =>
  ({ sphere_id: id, sphere: code, agents: Number(agents), active: Number(active), frequency })
