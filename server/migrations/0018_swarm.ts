import type { Kysely } from 'kysely'
import { script } from './owned.ts'

/** Sceau sessions: anonymous, so there is nothing in a row that says whose it is. Only hashes of what opens them are kept. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await script(db, `
    create table sceau_sessions (
      attempt_hash text primary key, began_at timestamptz not null, session_hash text unique, validated_at timestamptz,
      duration_ms integer, frequency integer, swarm_activated_at timestamptz, expires_at timestamptz not null
    );

    create index sceau_sessions_by_expiry on sceau_sessions (expires_at);

    grant select, insert, update, delete on sceau_sessions to chenu_server;
  `)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await script(db, `drop table sceau_sessions;`)
}
