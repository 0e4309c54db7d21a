import { sql } from 'kysely'
import type { Queries } from '../../platform/db/store.ts'
import { containing } from '../../platform/text.ts'
import type { RunState } from './run/run-state.ts'

const json = (value: unknown): string | null => (value === null || value === undefined ? null : JSON.stringify(value))

const columnsOf = (run: RunState, at: Date) => ({
  status: run.status, intent: json(run.intent), lanes: JSON.stringify(run.lanes), actions: JSON.stringify(run.actions), output: json(run.output),
  usage: JSON.stringify(run.usage), cost: JSON.stringify(run.cost), credits: run.credits, checkpoint_id: run.checkpointId, audit_event_id: run.auditEventId,
  error: json(run.error), steps: json(run.remaining), updated_at: at, completed_at: run.completedAt,
})

export const insertRun = (db: Queries, run: RunState, at: Date, leaseUntil: Date | null) => db.insertInto('nova_runs').values({
  id: run.id, identity_id: run.identityId, user_id: run.userId, session_id: run.sessionId, sphere_id: run.sphereId, thread_id: run.threadId, message: run.message, planner: run.planner,
  snapshot: json(run.snapshot), snapshot_hash: run.snapshotHash, encoding: JSON.stringify({ ...run.encoding, language: run.language }), request_id: run.requestId,
  created_at: run.createdAt, lease_until: leaseUntil, ...columnsOf(run, at),
})

/**
 * Writes the run over the version that was read. It travels with COMMIT, where nobody looks at its result: no row divides by
 * zero (22012), so what another process has taken over rolls back, with the effect in the same transaction.
 */
export const updateRun = (db: Queries, run: RunState, at: Date, leaseUntil: Date | null) => db
  .with('saved', (q) => q.updateTable('nova_runs').set({ ...columnsOf(run, at), lease_until: leaseUntil, version: run.version + 1 })
    .where('identity_id', '=', run.identityId).where('id', '=', run.id).where('version', '=', run.version).returning('id'))
  .selectFrom('saved').select(sql<number>`1 / count(*)`.as('saved'))

export const findRun = (db: Queries, identityId: string, id: string) =>
  db.selectFrom('nova_runs').selectAll().where('identity_id', '=', identityId).where('id', '=', id)

type Filter = { status?: string | undefined; threadId?: string | undefined; before?: string | undefined; limit: number }

export const listRuns = (db: Queries, identityId: string, f: Filter) => db.selectFrom('nova_runs').selectAll().where('identity_id', '=', identityId)
  .$if(f.status !== undefined, (q) => q.where('status', '=', f.status ?? ''))
  .$if(f.threadId !== undefined, (q) => q.where('thread_id', '=', f.threadId ?? ''))
  .$if(f.before !== undefined, (q) => q.where('id', '<', f.before ?? ''))
  .orderBy('id', 'desc').limit(f.limit + 1)

/** Takes over up to `limit` runs whose process died while it worked on them: their lease is over. */
export const claimAbandoned = (db: Queries, now: Date, leaseUntil: Date, limit: number) => db.updateTable('nova_runs').set((eb) => ({ lease_until: leaseUntil, version: eb('version', '+', 1) }))
  .where('id', 'in', (eb) => eb.selectFrom('nova_runs').select('id').where('status', '=', 'processing').where('lease_until', '<', now).orderBy('lease_until').limit(limit).forUpdate().skipLocked())
  .returningAll()

export type Titled = { id: string; title: string; sphere_id: number | null }

/** The caller's own rows of a type whose folded title is exactly `key`, at most 11. */
export const findTitled = (type: string, key: string) => sql<Titled>`select id, title, sphere_id from find_by_title(${type}, ${key.replace(/[\\%_]/g, (mark) => `\\${mark}`)})`

/** Those whose folded title only holds `key`. */
export const findTitledLike = (type: string, key: string) => sql<Titled>`select id, title, sphere_id from find_by_title(${type}, ${containing(key)})`

export type RunRow = Awaited<ReturnType<ReturnType<typeof findRun>['executeTakeFirstOrThrow']>>
