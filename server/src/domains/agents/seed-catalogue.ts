import type { Queries } from '../../platform/db/store.ts'
import { foldTitle } from '../../platform/text.ts'
import { sphereIdOf } from '../spheres/sphere-id.ts'
import { allAgents } from './catalogue/all-agents.ts'
import { parkPositions, upsertAgents, type NewAgent } from './queries.ts'

/** The catalogue as rows, in its own order. The search key holds both languages, so that either finds. */
export const agentRows = (): NewAgent[] => allAgents.map(({ sphere, ...agent }, index) => ({
  ...agent, sphere_id: sphereIdOf(sphere) ?? 0, position: index + 1,
  search_key: foldTitle([agent.code, agent.name.fr, agent.name.en, agent.function.fr, agent.function.en].join(' ')),
}))

/** Writes the 350 agents, as the owner of the database. A code, once given, is never taken back. */
export async function seedCatalogue(db: Queries): Promise<void> {
  await parkPositions(db)
  await upsertAgents(db, agentRows())
}
