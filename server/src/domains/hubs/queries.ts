import { sql } from 'kysely'
import type { Queries } from '../../platform/db/store.ts'

/** Where an identity is. A thread that has gone into the bin, or to somebody else, is not shown. */
export const findHubState = (db: Queries, identityId: string) =>
  db.selectFrom('hub_states as h').leftJoin('threads as t', (join) => join.onRef('t.id', '=', 'h.thread_id').onRef('t.identity_id', '=', 'h.identity_id').on('t.binned_at', 'is', null))
    .select(['h.version', 'h.sphere_id', 'h.updated_at', 't.id as thread_id', 't.title as thread_title']).where('h.identity_id', '=', identityId)

export const findOpenThread = (db: Queries, identityId: string, id: string) =>
  db.selectFrom('threads').select(['id', 'title', 'sphere_id']).where('identity_id', '=', identityId).where('id', '=', id).where('binned_at', 'is', null).executeTakeFirst()

type Move = { sphereId: number; threadId: string | null; version: number | null; at: Date }

/**
 * Changes the whole context in one statement, so that no reader sees half of it. With `version`, only from that version
 * (0: none yet): of two who move from the same one, the second gets no row.
 */
export const moveHubs = (db: Queries, identityId: string, { sphereId, threadId, version, at }: Move) =>
  db.insertInto('hub_states').columns(['identity_id', 'sphere_id', 'thread_id', 'version', 'updated_at'])
    .expression(sql`select ${identityId}::uuid, ${sphereId}::smallint, ${threadId}::uuid, 1, ${at}::timestamptz
      where coalesce(${version}::int, 0) = 0 or exists (select from hub_states h where h.identity_id = ${identityId}::uuid)`)
    .onConflict((conflict) => conflict.column('identity_id').doUpdateSet((eb) => ({
      sphere_id: eb.ref('excluded.sphere_id'), thread_id: eb.ref('excluded.thread_id'), version: eb('hub_states.version', '+', 1), updated_at: eb.ref('excluded.updated_at'),
    })).where(sql<boolean>`${version}::int is null or hub_states.version = ${version}::int`))
    .returning(['version', 'updated_at']).executeTakeFirst()

export type HubRow = Awaited<ReturnType<ReturnType<typeof findHubState>['executeTakeFirstOrThrow']>>
