import type { Queries } from '../../platform/db/store.ts'
import { upsertSpheres, type SphereRow } from './queries.ts'
import { spheres } from './sphere-list.ts'

/** The rows that other tables point at, as declared in sphere-list.ts. */
export const sphereRows = (): SphereRow[] => spheres.map(({ id, code, name, icon, colour, core, agents }) => ({ id, code, name, icon, colour, core, agent_count: agents }))

/** Writes the fifteen spheres, as the owner of the database; the server itself may only read them. */
export const seedSpheres = async (db: Queries): Promise<void> => { await upsertSpheres(db, sphereRows()) }
