import { sql, type Compilable, type RawBuilder } from 'kysely'
import { statement } from '../../../platform/db/statement.ts'
import type { Queries } from '../../../platform/db/store.ts'

type Of = { identityId: string; kind: string; id: string }

export type PauseInForce = { id: string; reason: 'flood' | 'blocked'; ends_at: Date | null }

/** The pause that an actor of an identity is under, if any; a block before a flood. */
export const findPause = ({ identityId, kind, id }: Of, at: Date): Compilable<PauseInForce> => statement(`
  select id, reason, ends_at from actor_pauses where identity_id = $1 and actor_kind = $2 and actor_id = $3 and lifted_at is null and (ends_at is null or ends_at > $4)
  order by ends_at desc nulls first limit 1`, [identityId, kind, id, at])

/** Until the transaction ends, other calls of this actor that would be held wait: two at once cannot both be the last that passes. */
export const lockActor = ({ identityId, kind, id }: Of): Compilable<unknown> => statement(`select pg_advisory_xact_lock(hashtextextended('held ' || $1 || $2 || $3, 0))`, [identityId, kind, id])

export type Held = { recent: number; open: number }

/** What an actor has had held, as far as the limits: of the last seconds what was not approved and not asked anew by a person, of the last hour what waits. */
export const countHeld = ({ identityId, kind, id }: Of, { since, hourAgo, now, held, open }: { since: Date; hourAgo: Date; now: Date; held: number; open: number }): RawBuilder<Held> => sql<Held>`
  select (select count(*)::int from (select 1 from checkpoints where identity_id = ${identityId} and actor_kind = ${kind} and actor_id = ${id} and created_at > ${since} and status in ('pending', 'rejected') and type <> 'identity_boundary' and parent_id is null limit ${held}) r) as recent,
    (select count(*)::int from (select 1 from checkpoints where identity_id = ${identityId} and actor_kind = ${kind} and actor_id = ${id} and created_at > ${hourAgo} and status = 'pending' and expires_at > ${now} and type <> 'identity_boundary' limit ${open}) o) as open`

export const insertPause = (db: Queries, p: { id: string; identityId: string; kind: string; actorId: string; reason: string; since: Date; endsAt: Date | null }) =>
  db.insertInto('actor_pauses').values({ id: p.id, identity_id: p.identityId, actor_kind: p.kind, actor_id: p.actorId, reason: p.reason, since: p.since, ends_at: p.endsAt })

export const liftPause = (db: Queries, identityId: string, id: string, at: Date) =>
  db.updateTable('actor_pauses').set((eb) => ({ lifted_at: at, version: eb('version', '+', 1) })).where('identity_id', '=', identityId).where('id', '=', id).where('lifted_at', 'is', null).returningAll()

/** Newest first, at most `limit` and one more. */
export const listPauses = (db: Queries, identityId: string, { before, limit }: { before: string | undefined; limit: number }) =>
  db.selectFrom('actor_pauses').selectAll().where('identity_id', '=', identityId).$if(before !== undefined, (b) => b.where('id', '<', before ?? '')).orderBy('id', 'desc').limit(limit + 1)

export type PauseRow = Awaited<ReturnType<ReturnType<typeof listPauses>['executeTakeFirstOrThrow']>>
