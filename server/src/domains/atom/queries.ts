import { sql } from 'kysely'
import type { Queries } from '../../platform/db/store.ts'

export const readState = (db: Queries) => db.selectFrom('fence').selectAll().where('id', '=', 1)

export const countPausesByScope = (db: Queries) => db.selectFrom('fence_pauses').select((eb) => ['scope', eb.fn.countAll<string>().as('count')]).groupBy('scope')

export const countByStatus = (db: Queries) => db.selectFrom('atom_agents').select((eb) => ['status', eb.fn.countAll<string>().as('count')]).groupBy('status')

/** Moves every agent that is in one state into another; those that are dispersed stay so. */
export const moveFleet = (db: Queries, { from, to, at }: { from: 'active' | 'dormant'; to: 'active' | 'dormant'; at: Date }) =>
  db.updateTable('atom_agents').set({ status: to, updated_at: at }).where('status', '=', from).returning('agent_code')

/** Brings every agent back, from dormancy and dispersal alike. */
export const gatherFleet = (db: Queries, at: Date) => db.updateTable('atom_agents').set({ status: 'active', updated_at: at }).where('status', '<>', 'active').returning('agent_code')

/** Brings the dispersed agents of one sphere back. */
export const gatherSphere = (db: Queries, { sphereId, at }: { sphereId: number; at: Date }) => db.updateTable('atom_agents').set({ status: 'active', updated_at: at })
  .where('status', '=', 'dispersed').where('agent_code', 'in', (eb) => eb.selectFrom('agents').select('code').where('sphere_id', '=', sphereId)).returning('agent_code')

/** Disperses these agents; those that are dispersed already are not told again. */
export const disperseAgents = (db: Queries, { codes, at }: { codes: string[]; at: Date }) => db.updateTable('atom_agents').set({ status: 'dispersed', updated_at: at })
  .where('agent_code', 'in', codes).where('status', '<>', 'dispersed').returning('agent_code')

/** The fleet in the order of the catalogue: 350 agents, no more. */
export const listFleet = (db: Queries) => db.selectFrom('agents').select(['code', 'sphere_id', 'position']).orderBy('position').limit(350)

/** A sphere by its id or its code. */
export const findSphere = (db: Queries, named: string) => db.selectFrom('spheres').select(['id', 'code']).where((eb) => eb.or([eb('code', '=', named), eb(eb.cast('id', 'text'), '=', named)]))

const clusters = (db: Queries) => db.selectFrom('atom_agents').innerJoin('agents', 'agents.code', 'atom_agents.agent_code').innerJoin('spheres', 'spheres.id', 'agents.sphere_id')
  .select((eb) => ['spheres.id', 'spheres.code', eb.fn.countAll<string>().as('agents'), eb.fn.countAll<string>().filterWhere('atom_agents.status', '=', 'active').as('active')])
  .groupBy(['spheres.id', 'spheres.code']).orderBy('spheres.id')

export const listClusters = (db: Queries) => clusters(db)

export const findCluster = (db: Queries, sphereId: number) => clusters(db).where('spheres.id', '=', sphereId)

export const findMember = (db: Queries, code: string) => db.selectFrom('atom_agents').innerJoin('agents', 'agents.code', 'atom_agents.agent_code')
  .select(['atom_agents.agent_code', 'atom_agents.status', 'agents.sphere_id']).where('atom_agents.agent_code', '=', code)

export const findIdentityOwner = (db: Queries, id: string) => db.selectFrom('identities').select('id').where('id', '=', id)

type NewResonance = { id: string; identityId: string; userId: string; agentCode: string | null; frequency: number; phase: number; at: Date }

// Spelled out, not bound: parameters match no partial index.
/** Approved effects of which it is not known whether they happened, oldest first. */
export const listUnsettled = (db: Queries, limit: number) => db.selectFrom('checkpoints').select(['id', 'effect', 'tool', 'effect_state', 'decided_at'])
  .where(sql<boolean>`effect_state in ('dispatched', 'unknown')`).orderBy('id').limit(limit)

/** What was leaving, and what may or may not have left. */
export const listLeaving = (db: Queries, limit: number) => db.selectFrom('outbox').select(['id', 'kind', 'status', 'created_at'])
  .where(sql<boolean>`(status = 'sending' or (status = 'failed' and last_error = 'unknown'))`).orderBy('id', 'desc').limit(limit)

export const countWaiting = (db: Queries) => db.selectFrom('checkpoints').select((eb) => eb.fn.countAll<string>().as('count')).where(sql<boolean>`status = 'pending'`)

export const countUnsent = (db: Queries) => db.selectFrom('outbox').select((eb) => eb.fn.countAll<string>().as('count')).where(sql<boolean>`status in ('waiting', 'sending')`)

export const insertResonance = (db: Queries, r: NewResonance) => db.insertInto('atom_resonance').values({
  id: r.id, identity_id: r.identityId, user_id: r.userId, agent_code: r.agentCode, frequency: r.frequency, phase: r.phase, at: r.at,
})

export type ClusterRow = Awaited<ReturnType<ReturnType<typeof listClusters>['executeTakeFirstOrThrow']>>
