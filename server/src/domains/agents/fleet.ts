import { spheres } from '../spheres/sphere-list.ts'
import { allAgents } from './catalogue/all-agents.ts'
import { frequencyOf } from './frequency.ts'
import { positionOf, type Point } from './position.ts'

export type FleetMember = Point & { agent_code: string; frequency: number }

/** The fleet of AT·OM: one point of the swarm for each agent of the catalogue, in a cluster for each sphere. */
export const fleet = (): FleetMember[] => spheres.flatMap(({ code: sphere }, cluster) => {
  const crew = allAgents.filter((agent) => agent.sphere === sphere)
  return crew.map(({ code }, index) => ({ agent_code: code, frequency: frequencyOf(code), ...positionOf({ cluster, clusters: spheres.length, index, count: crew.length }) }))
})
