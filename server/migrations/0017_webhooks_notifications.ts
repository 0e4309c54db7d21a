import type { Kysely } from 'kysely'
import { announce, own, script } from './owned.ts'

/** Where durable followers of the events stand; webhook endpoints and their deliveries; notifications and how a person wants them. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await script(db, `
    create table event_cursors (
      name text primary key, seq bigint not null, failures integer not null default 0, next_attempt_at timestamptz
    );

    grant select, insert, update on event_cursors to chenu_server;
  `)
  await webhooks(db)
  await notifications(db)
}

async function webhooks(db: Kysely<unknown>): Promise<void> {
  await script(db, `
    create table webhooks (
      id uuid primary key, identity_id uuid not null, user_id uuid not null, url text not null, description text not null,
      events text[] not null, event_regex text not null, headers jsonb not null,
      secret text not null, secret_shown_at timestamptz, old_secret text, old_secret_until timestamptz,
      status text not null check (status in ('enabled', 'disabled')), disabled_because text, failures integer not null default 0,
      version integer not null default 1, created_at timestamptz not null, updated_at timestamptz not null
    );

    create index webhooks_of_identity on webhooks (identity_id, id);

    create index webhooks_of_user on webhooks (user_id) where status = 'enabled';

    create table webhook_deliveries (
      id uuid primary key, webhook_id uuid not null references webhooks on delete cascade, identity_id uuid not null, event_id uuid not null, event_name text not null,
      body text not null, status text not null check (status in ('waiting', 'sending', 'delivered', 'failed')), attempts integer not null default 0,
      next_attempt_at timestamptz not null, response_status integer, response_ms integer, response_text text, error text,
      created_at timestamptz not null, settled_at timestamptz, unique (webhook_id, event_id)
    );

    create index webhook_deliveries_of_webhook on webhook_deliveries (webhook_id, id);

    create index webhook_deliveries_due on webhook_deliveries (next_attempt_at) where status = 'waiting';

    create index webhook_deliveries_leased on webhook_deliveries (next_attempt_at) where status = 'sending';

    create index webhook_deliveries_by_age on webhook_deliveries (created_at);

    create table webhook_pace (identity_id uuid primary key, minute timestamptz not null, used integer not null);
  `)
  await own(db, 'webhooks', { grants: 'select, insert, update, delete' })
  await own(db, 'webhook_deliveries', { grants: 'select, insert, update, delete' })
  await own(db, 'webhook_pace', { grants: 'select, insert, update' })
  await announce(db, { type: 'webhook', table: 'webhooks', sphere: false, version: true, title: 'url' })
  await announce(db, { type: 'webhook_delivery', table: 'webhook_deliveries', sphere: false, version: false })
}

async function notifications(db: Kysely<unknown>): Promise<void> {
  await script(db, `
    create table notifications (
      id uuid primary key, user_id uuid not null, identity_id uuid, kind text not null, title jsonb not null, body jsonb not null, link text,
      ref_type text, ref_id uuid, event_id uuid not null, in_app boolean not null, created_at timestamptz not null, read_at timestamptz,
      mail text not null check (mail in ('none', 'waiting', 'sending', 'sent', 'failed', 'unknown')), mail_id uuid, mail_attempts integer not null default 0, mail_at timestamptz,
      unique (user_id, event_id, kind)
    );

    create index notifications_of_user on notifications (user_id, id) where in_app;

    create index notifications_unread on notifications (user_id) where in_app and read_at is null;

    create index notifications_to_mail on notifications (mail_at) where mail in ('waiting', 'sending');

    create index notifications_mailed on notifications (user_id, mail_at) where mail in ('sending', 'sent', 'unknown');

    create index notifications_by_age on notifications (created_at);

    create table notification_preferences (user_id uuid primary key, language text not null check (language in ('en', 'fr')), kinds jsonb not null, updated_at timestamptz not null);

    create view notification_rows with (security_invoker = true) as
      select id, case when user_id = app_user() then app_identity() else id end as identity_id from notifications;

    grant select on notification_rows to chenu_server;
  `)
  await own(db, 'notifications', { by: 'user', grants: 'select, insert, update, delete' })
  await own(db, 'notification_preferences', { by: 'user', grants: 'select, insert, update' })
  await announce(db, { type: 'notification', table: 'notification_rows', sphere: false, version: false })
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await script(db, `
    delete from owned_types where type in ('webhook', 'webhook_delivery', 'notification');

    drop view notification_rows;

    drop table notification_preferences, notifications, webhook_pace, webhook_deliveries, webhooks, event_cursors;
  `)
}
