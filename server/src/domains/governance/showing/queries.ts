import { sql, type RawBuilder } from 'kysely'
import type { Queries } from '../../../platform/db/store.ts'

export type Scene = { identity: string; type: string; person: string; agent: string | null; rows: Array<Record<string, unknown> | null> }

/** The names of those that a call is about, and what the rows that it touches say now: one statement. */
export const readScene = (of: { identityId: string; actorId: string; types: string[]; ids: string[] }): RawBuilder<Scene> => sql<Scene>`
  select i.name as identity, i.type, u.name as person, (select a.name ->> 'en' from agents a where a.code = ${of.actorId}) as agent,
    (select coalesce(jsonb_agg(row_of(w.type, w.id) order by w.position), '[]') from unnest(${of.types}::text[], ${of.ids}::uuid[]) with ordinality as w(type, id, position)) as rows
  from identities i join users u on u.id = i.user_id where i.id = ${of.identityId}`

/** Keeps what the approver is shown; in the commit that opens the checkpoint. */
export const keepShown = (db: Queries, id: string, s: { shown: unknown; hash: string }) =>
  db.updateTable('checkpoints').set({ shown: JSON.stringify(s.shown), shown_hash: s.hash }).where('id', '=', id)
