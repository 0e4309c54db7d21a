import type { Kysely } from 'kysely'
import { announce, script } from './owned.ts'

/**
 * Identities and sessions belong to a user, not to an identity. To the boundary check (owner_of) they are shown as rows
 * of the acting identity when they are the same user's, else as somebody else's.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await script(db, `
    create view identity_rows with (security_invoker = true) as
      select id, case when user_id = app_user() then app_identity() else id end as identity_id, version, name from identities;

    create view session_rows with (security_invoker = true) as
      select id, case when user_id = app_user() then app_identity() else id end as identity_id from sessions;

    grant select on identity_rows, session_rows to chenu_server;

    create index refresh_tokens_by_expiry on refresh_tokens (expires_at);
  `)
  await announce(db, { type: 'identity', table: 'identity_rows', sphere: false, version: true, title: 'name' })
  await announce(db, { type: 'session', table: 'session_rows', sphere: false, version: false })
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await script(db, `
    delete from owned_types where type in ('identity', 'session');

    drop index refresh_tokens_by_expiry;

    drop view identity_rows, session_rows;
  `)
}
