import type { Kysely } from 'kysely'
import { script } from './owned.ts'

/** Where durable followers of the events stand. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await script(db, `
    create table event_cursors (
      name text primary key, seq bigint not null, failures integer not null default 0, next_attempt_at timestamptz
    );

    grant select, insert, update on event_cursors to chenu_server;
  `)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await script(db, 'drop table event_cursors')
}
