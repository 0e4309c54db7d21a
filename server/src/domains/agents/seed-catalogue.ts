import type { Queries } from '../../platform/db/store.ts'
import { foldTitle } from '../../platform/text.ts'
import { sphereIdOf } from '../spheres/sphere-id.ts'
import { spheres } from '../spheres/sphere-list.ts'
import { allAgents } from './catalogue/all-agents.ts'
import { frequencyOf } from './frequency.ts'
import { positionOf } from './position.ts'
import { parkPositions, upsertAgents, upsertFleet, type FleetMember, type NewAgent } from './queries.ts'

/** The catalogue as rows, in its own order. The search key holds both languages, so that either finds. */
export const agentRows = (): NewAgent[] => allAgents.map(({ sphere, ...agent }, index) => ({
  ...agent, sphere_id: sphereIdOf(sphere) ?? 0, position: index + 1,
  search_key: foldTitle([agent.code, agent.name.fr, agent.name.en, agent.function.fr, agent.function.en].join(' ')),
}))

/** The fleet as rows: one point of the swarm for each agent, in a cluster for each sphere. */
export const fleetRows = (): Array<Omit<FleetMember, 'updated_at'>> => spheres.flatMap(({ code: sphere }, cluster) => {
  const crew = allAgents.filter((agent) => agent.sphere === sphere)
  return crew.map(({ code }, index) => ({ agent_code: code, frequency: frequencyOf(code), ...positionOf({ cluster, clusters: spheres.length, index, count: crew.length }) }))
})

/** Writes the 350 agents and their places in the fleet, as the owner of the database. A code, once given, is never taken back. */
export async function seedCatalogue(db: Queries, at: Date): Promise<void> {
  await parkPositions(db)
  await upsertAgents(db, agentRows())
  await upsertFleet(db, fleetRows().map((member) => ({ ...member, updated_at: at })))
}
