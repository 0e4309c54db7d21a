import { sql, type Compilable, type RawBuilder } from 'kysely'
import { statement } from '../../../platform/db/statement.ts'
import type { Queries } from '../../../platform/db/store.ts'

/** The elevations in force of an actor, at most 50. */
export const findElevations = ({ identityId, kind, id }: { identityId: string; kind: string; id: string }, at: Date): Compilable<{ checkpoint_id: string; scope: string }> => statement(`
  select checkpoint_id, scope from elevations where identity_id = $1 and actor_kind = $2 and actor_id = $3 and ends_at > $4 and starts_at <= $4 and revoked_at is null order by ends_at desc limit 50`, [identityId, kind, id, at])

type New = { id: string; checkpointId: string; identityId: string; kind: string; actorId: string; scope: string; startsAt: Date; endsAt: Date }

export const insertElevation = (db: Queries, e: New) => db.insertInto('elevations').values({
  id: e.id, checkpoint_id: e.checkpointId, identity_id: e.identityId, actor_kind: e.kind, actor_id: e.actorId, scope: e.scope, starts_at: e.startsAt, ends_at: e.endsAt,
})

export const revokeElevation = (db: Queries, identityId: string, checkpointId: string, at: Date) =>
  db.updateTable('elevations').set({ revoked_at: at }).where('identity_id', '=', identityId).where('checkpoint_id', '=', checkpointId).where('revoked_at', 'is', null).where('ends_at', '>', at).returningAll()

export type RequestRow = { id: string; status: string; args: unknown; actor_kind: string; actor_id: string | null; created_at: Date; starts_at: Date | null; ends_at: Date | null }

/** Requests for elevations, newest first; the status is that of the request, and of the right once it was given. */
export const listRequests = (identityId: string, { status, before, limit, at }: { status: string | undefined; before: string | undefined; limit: number; at: Date }): RawBuilder<RequestRow> => sql<RequestRow>`
  select * from (
    select c.id, c.args, coalesce(e.actor_kind, c.actor_kind) as actor_kind, coalesce(e.actor_id, c.actor_id) as actor_id, c.created_at, e.starts_at, e.ends_at,
      case when c.status = 'approved' then case when e.revoked_at is not null then 'revoked' when e.ends_at > ${at} then 'approved' when e.id is null then 'denied' else 'expired' end
        when c.status = 'rejected' then 'denied' when c.status = 'pending' and c.expires_at <= ${at} then 'expired' else c.status end as status
    from checkpoints c left join elevations e on e.checkpoint_id = c.id
    where c.identity_id = ${identityId} and c.tool = 'elevations.request' and (${before ?? null}::uuid is null or c.id < ${before ?? null}::uuid)
  ) r where ${status ?? null}::text is null or r.status = ${status ?? null}::text order by id desc limit ${limit + 1}`
