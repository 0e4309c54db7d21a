import type { Kysely } from 'kysely'
import { fleet } from './domains/agents/fleet.ts'
import { agentRows, seedCatalogue } from './domains/agents/seed-catalogue.ts'
import { seedRules, shippedRows } from './domains/policies/seed-rules.ts'
import { seedSpheres, sphereRows } from './domains/spheres/seed-spheres.ts'
import { canonical, sha256 } from './platform/canonical.ts'
import { systemClock } from './platform/clock.ts'
import { seedOnce } from './platform/db/seed-once.ts'
import type { Queries } from './platform/db/store.ts'

/** Changes when anything changes that the seeds write. */
export const seedsHash = (): string => sha256(canonical({ spheres: sphereRows(), agents: agentRows(), fleet: fleet(), rules: shippedRows() }))

/** Writes the spheres, the agents and the fleet as the database's owner, after every migration; true when something was new. */
export const seed = (owner: Kysely<unknown>): Promise<boolean> => seedOnce(owner, seedsHash(), async (db) => {
  await seedSpheres(db)
  await seedCatalogue(db)
  await seedFleet(db)
  await seedRules(db, systemClock.now())
})

/** Puts the agents into the fleet as active. One that is there keeps its state and its wave, and takes its place in the swarm. */
async function seedFleet(db: Queries): Promise<void> {
  const at = systemClock.now()
  await db.insertInto('atom_agents').values(fleet().map((member) => ({ ...member, status: 'active', updated_at: at })))
    .onConflict((conflict) => conflict.column('agent_code').doUpdateSet((eb) => ({ x: eb.ref('excluded.x'), y: eb.ref('excluded.y'), z: eb.ref('excluded.z') }))).execute()
}
