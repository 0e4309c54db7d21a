import type { Queries } from '../../platform/db/store.ts'

export const readState = (db: Queries) => db.selectFrom('fence').select(['state', 'since', 'reason']).where('id', '=', 1)

export const countActive = (db: Queries) => db.selectFrom('atom_agents').select((eb) => eb.fn.countAll<string>().as('active')).where('status', '=', 'active')

/** Moves every agent that is in one state into another; those that are dispersed stay so. */
export const moveFleet = (db: Queries, { from, to, at }: { from: 'active' | 'dormant'; to: 'active' | 'dormant'; at: Date }) =>
  db.updateTable('atom_agents').set({ status: to, updated_at: at }).where('status', '=', from).returning('agent_code')

const clusters = (db: Queries) => db.selectFrom('atom_agents').innerJoin('agents', 'agents.code', 'atom_agents.agent_code').innerJoin('spheres', 'spheres.id', 'agents.sphere_id')
  .select((eb) => ['spheres.id', 'spheres.code', eb.fn.countAll<string>().as('agents'), eb.fn.countAll<string>().filterWhere('atom_agents.status', '=', 'active').as('active')])
  .groupBy(['spheres.id', 'spheres.code']).orderBy('spheres.id')

export const listClusters = (db: Queries) => clusters(db)

export const findCluster = (db: Queries, sphereId: number) => clusters(db).where('spheres.id', '=', sphereId)

export const findMember = (db: Queries, code: string) => db.selectFrom('atom_agents').innerJoin('agents', 'agents.code', 'atom_agents.agent_code')
  .select(['atom_agents.agent_code', 'atom_agents.status', 'agents.sphere_id']).where('atom_agents.agent_code', '=', code)

type NewResonance = { id: string; identityId: string; userId: string; agentCode: string | null; frequency: number; phase: number; at: Date }

export const insertResonance = (db: Queries, r: NewResonance) => db.insertInto('atom_resonance').values({
  id: r.id, identity_id: r.identityId, user_id: r.userId, agent_code: r.agentCode, frequency: r.frequency, phase: r.phase, at: r.at,
})

export type ClusterRow = Awaited<ReturnType<ReturnType<typeof listClusters>['executeTakeFirstOrThrow']>>
