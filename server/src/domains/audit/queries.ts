import { sql, type Compilable, type RawBuilder } from 'kysely'
import { statement } from '../../platform/db/statement.ts'
import type { Queries } from '../../platform/db/store.ts'

export type AuditRow = {
  identityId: string; id: string; body: string; at: Date; action: string
  resourceType: string | null; resourceId: string | null; agent: string | null; outcome: string
  /** Erasures before the key was made that sealed the details; null: none did. */
  epoch: number | null
}

/** Appends one event to its identity's chain; the function numbers and links it (server/migrations/0013). */
export const appendAudit = (row: AuditRow): Compilable<{ seq: string }> => statement('select audit_append($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) as seq', [
  row.identityId, row.id, row.body, row.at, row.action, row.resourceType, row.resourceId, row.agent, row.outcome, row.epoch,
])

type Filter = {
  action?: string | undefined; resourceType?: string | undefined; resourceId?: string | undefined; agent?: string | undefined; outcome?: string | undefined
  from?: Date | undefined; to?: Date | undefined; before?: string | undefined; limit: number
}

/** The number at which a chain reaches a time; past its end when it has not yet. Numbers and `latest` grow together, so a span of time is one of numbers. A subquery whole: under row-level security the planner takes a bare coalesce for leaky, and would walk. */
const firstSince = (identityId: string, time: Date) => sql<string>`(select coalesce((
  select e.seq from audit_events e where e.identity_id = ${identityId} and e.latest >= ${time} order by e.latest, e.seq limit 1), 9223372036854775807))`

/** Newest first by number, one more than `limit` so that the caller knows whether a page follows. */
export const listAudit = (db: Queries, identityId: string, f: Filter) =>
  db.selectFrom('audit_events').select(['seq', 'body', 'prev_hash', 'hash']).where('identity_id', '=', identityId)
    .$if(f.before !== undefined, (q) => q.where('seq', '<', f.before ?? ''))
    .$if(f.action !== undefined, (q) => q.where('action', '=', f.action ?? ''))
    .$if(f.resourceType !== undefined, (q) => q.where('resource_type', '=', f.resourceType ?? ''))
    .$if(f.resourceId !== undefined, (q) => q.where('resource_id', '=', f.resourceId ?? ''))
    .$if(f.agent !== undefined, (q) => q.where('agent', '=', f.agent ?? ''))
    .$if(f.outcome !== undefined, (q) => q.where('outcome', '=', f.outcome ?? ''))
    .$if(f.from !== undefined, (q) => q.where('seq', '>=', firstSince(identityId, f.from ?? new Date(0))))
    .$if(f.to !== undefined, (q) => q.where('seq', '<', firstSince(identityId, f.to ?? new Date(0))))
    .orderBy('seq', 'desc').limit(f.limit + 1)

export type Ends = { head_seq: string | null; head_hash: string | null; last_seq: string | null }

/** The head as it is kept apart, and the last number that is there, as of one moment. */
export const readEnds = (identityId: string): RawBuilder<Ends> => sql<Ends>`
  select (select h.seq from audit_heads h where h.identity_id = ${identityId}) as head_seq,
    (select h.hash from audit_heads h where h.identity_id = ${identityId}) as head_hash,
    (select max(e.seq) from audit_events e where e.identity_id = ${identityId}) as last_seq`

/** The links after one number up to another, oldest first. */
export const listLinks = (db: Queries, identityId: string, { after, upTo, limit }: { after: number; upTo: number; limit: number }) =>
  db.selectFrom('audit_events').selectAll().where('identity_id', '=', identityId).where('seq', '>', String(after)).where('seq', '<=', String(upTo))
    .orderBy('seq').limit(limit)

export type ListedRow = Awaited<ReturnType<ReturnType<typeof listAudit>['executeTakeFirstOrThrow']>>
export type LinkRow = Awaited<ReturnType<ReturnType<typeof listLinks>['executeTakeFirstOrThrow']>>

/** The last erasure of an identity: what came before it has no details any more. */
export const findTombstone = (db: Queries, identityId: string) =>
  db.selectFrom('audit_events').select('seq').where('identity_id', '=', identityId).where('action', '=', 'identity.erased').orderBy('seq', 'desc').limit(1)
