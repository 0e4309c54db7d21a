import { sql, type RawBuilder } from 'kysely'
import type { Queries } from '../../../platform/db/store.ts'

export type Node = { level: number; position: number; hash: string }

/** Those nodes of a chain's tree that are kept, by level and position. */
export const listNodes = (identityId: string, wanted: Array<Omit<Node, 'hash'>>): RawBuilder<Node> => sql<Node>`
  select n.level::int as level, n.position::float8 as position, n.hash from audit_nodes n
  join unnest(${wanted.map(({ level }) => level)}::int[], ${wanted.map(({ position }) => position)}::bigint[]) as w(level, position) on w.level = n.level and w.position = n.position
  where n.identity_id = ${identityId}`

export const insertNodes = (db: Queries, identityId: string, nodes: Node[]) => db.insertInto('audit_nodes')
  .values(nodes.map((node) => ({ identity_id: identityId, level: node.level, position: String(node.position), hash: node.hash }))).onConflict((conflict) => conflict.doNothing())

/** How many nodes of a level are kept: they begin at 0 and have no gaps. */
export const lastNode = (db: Queries, identityId: string, level: number) =>
  db.selectFrom('audit_nodes').select('position').where('identity_id', '=', identityId).where('level', '=', level).orderBy('position', 'desc').limit(1)

/** The links from one number to another, oldest first. */
export const listSpan = (db: Queries, identityId: string, { from, to }: { from: number; to: number }) =>
  db.selectFrom('audit_events').select(['seq', 'body', 'prev_hash', 'hash']).where('identity_id', '=', identityId)
    .where('seq', '>=', String(from)).where('seq', '<=', String(to)).orderBy('seq').limit(to - from + 1)

/** Takes a chain that waits for its checkpoint; no row when none is due any more, or another node has it. */
export const claimPending = (identityId: string): RawBuilder<{ identity_id: string }> => sql<{ identity_id: string }>`
  select identity_id from audit_pending_claim(${identityId})`

/** Chains that wait for a checkpoint since a time, or with so many events, oldest first. */
export const listDue = (db: Queries, { since, events, limit }: { since: Date; events: number; limit: number }) =>
  db.selectFrom('audit_pending as p').innerJoin('audit_heads as h', 'h.identity_id', 'p.identity_id').select('p.identity_id')
    .where((eb) => eb.or([eb('p.since', '<=', since), eb(sql`h.seq - h.anchored`, '>=', events)])).orderBy('p.since').limit(limit)

export const readHead = (db: Queries, identityId: string) => db.selectFrom('audit_heads').select(['seq', 'hash', 'anchored']).where('identity_id', '=', identityId)

export const insertAnchor = (db: Queries, identityId: string, a: { size: number; line: string; at: Date }) =>
  db.insertInto('audit_anchors').values({ identity_id: identityId, size: String(a.size), line: a.line, at: a.at })

/** Notes how far a chain is anchored, and since when the rest of it waits. */
export const noteAnchored = (identityId: string, size: number, at: Date): RawBuilder<unknown> => sql`select audit_anchored(${identityId}, ${size}, ${at})`

/** Checkpoints of a chain, largest first, one more than `limit`. */
export const listAnchors = (db: Queries, identityId: string, { before, limit }: { before?: string | undefined; limit: number }) =>
  db.selectFrom('audit_anchors').select(['size', 'line']).where('identity_id', '=', identityId)
    .$if(before !== undefined, (q) => q.where('size', '<', before ?? '')).orderBy('size', 'desc').limit(limit + 1)

export const findAnchor = (db: Queries, identityId: string, size: number) =>
  db.selectFrom('audit_anchors').select('line').where('identity_id', '=', identityId).where('size', '=', String(size))

/** The smallest checkpoint that covers an event. */
export const findCovering = (db: Queries, identityId: string, seq: number) =>
  db.selectFrom('audit_anchors').select('size').where('identity_id', '=', identityId).where('size', '>=', String(seq)).orderBy('size').limit(1)
