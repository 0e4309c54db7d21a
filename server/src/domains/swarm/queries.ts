import { sql } from 'kysely'
import type { Queries } from '../../platform/db/store.ts'

export const insertAttempt = (db: Queries, a: { hash: string; at: Date; expiresAt: Date }) =>
  db.insertInto('sceau_sessions').values({ attempt_hash: a.hash, began_at: a.at, expires_at: a.expiresAt })

export const findAttempt = (db: Queries, hash: string) => db.selectFrom('sceau_sessions').select(['began_at', 'validated_at', 'expires_at']).where('attempt_hash', '=', hash)

type Validated = { attemptHash: string; sessionHash: string; at: Date; durationMs: number; frequency: number; expiresAt: Date }

/** Turns an attempt into a session, once: of two calls that end one touch, one gets the row. */
export const validateAttempt = (db: Queries, v: Validated) =>
  db.updateTable('sceau_sessions').set({ session_hash: v.sessionHash, validated_at: v.at, duration_ms: v.durationMs, frequency: v.frequency, expires_at: v.expiresAt })
    .where('attempt_hash', '=', v.attemptHash).where('validated_at', 'is', null).where('expires_at', '>', v.at).returning('expires_at')

/** Ends an attempt that was let go too early: the touch begins anew. */
export const deleteAttempt = (db: Queries, hash: string) => db.deleteFrom('sceau_sessions').where('attempt_hash', '=', hash).where('validated_at', 'is', null)

export const findSceau = (db: Queries, sessionHash: string, now: Date) =>
  db.selectFrom('sceau_sessions').select(['session_hash', 'validated_at', 'duration_ms', 'frequency', 'swarm_activated_at', 'expires_at']).where('session_hash', '=', sessionHash).where('expires_at', '>', now)

export const activateSwarm = (db: Queries, sessionHash: string, at: Date) =>
  db.updateTable('sceau_sessions').set((eb) => ({ swarm_activated_at: eb.fn.coalesce('swarm_activated_at', sql<Date>`${at}`) })).where('session_hash', '=', sessionHash)

/** Forgets up to `limit` attempts and sessions whose time is over. */
export const deleteOverSceaux = (db: Queries, now: Date, limit: number) => db.deleteFrom('sceau_sessions')
  .where('attempt_hash', 'in', (eb) => eb.selectFrom('sceau_sessions').select('attempt_hash').where('expires_at', '<=', now).orderBy('expires_at').limit(limit).forUpdate().skipLocked()).returning('attempt_hash')

export const readFenceState = (db: Queries) => db.selectFrom('fence').select(['state', 'since']).where('id', '=', 1)

/** An agent that is paused for everyone, itself or with the sphere that is its home, may not act. */
const STATUS = sql<string>`case when atom_agents.status = 'active' and exists (select 1 from fence_pauses p where p.identity_id is null
  and ((p.scope = 'agent' and p.target = agents.code) or (p.scope = 'sphere' and p.target = agents.sphere_id::text))) then 'paused' else atom_agents.status end`

/** The whole fleet in the order of the catalogue, which never changes: a member's index in it names it in binary frames. */
export const listFleet = (db: Queries) => db.selectFrom('atom_agents').innerJoin('agents', 'agents.code', 'atom_agents.agent_code').innerJoin('spheres', 'spheres.id', 'agents.sphere_id')
  .select(['agents.code', 'spheres.code as sphere', STATUS.as('status'), 'atom_agents.frequency', 'atom_agents.x', 'atom_agents.y', 'atom_agents.z']).orderBy('agents.position').limit(1_000)

export type FleetRow = Awaited<ReturnType<ReturnType<typeof listFleet>['executeTakeFirstOrThrow']>>
export type SceauRow = Awaited<ReturnType<ReturnType<typeof findSceau>['executeTakeFirstOrThrow']>>
