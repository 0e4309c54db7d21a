import type { Kysely } from 'kysely'
import { script } from './owned.ts'

/**
 * A thread may go to another identity with its log. The log stays append-only: one column may change, whose it is, and
 * only while the transfer's service moves a whole thread.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await script(db, `
    grant update (identity_id) on thread_events to chenu_server;

    create policy moved_only on thread_events as restrictive for update using (app_service() = 'transfer');
  `)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await script(db, `
    drop policy moved_only on thread_events;

    revoke update (identity_id) on thread_events from chenu_server;
  `)
}
