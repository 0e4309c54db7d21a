import type { Kysely } from 'kysely'
import { announce, script } from './owned.ts'

/**
 * The fence in its strengths: a hold and a dispersal stand beside the stop in its one row, so that one read says all of
 * them; pauses of one agent, automation, identity or sphere; and the one-time codes that a dispersal takes.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await script(db, `
    alter table fence
      add column stopped_version bigint not null default 0,
      add column held_by text, add column held_reason text, add column held_since timestamptz,
      add column dispersal text check (dispersal in ('partial', 'sectoral', 'total')),
      add column dispersal_by text, add column dispersal_reason text, add column dispersal_since timestamptz, add column dispersal_sphere smallint references spheres;

    update fence set stopped_version = version where state = 'dormant';

    create table fence_pauses (
      id uuid primary key, scope text not null check (scope in ('agent', 'automation', 'identity', 'sphere')), target text not null,
      identity_id uuid references identities on delete cascade, set_by text not null check (set_by in ('architect', 'operator', 'owner', 'safeguard')),
      reason text not null, since timestamptz not null
    );

    create unique index fence_pauses_once on fence_pauses (scope, target, set_by, coalesce(identity_id, '00000000-0000-0000-0000-000000000000'));

    create index fence_pauses_of_identity on fence_pauses (identity_id, id);

    create index fence_pauses_of_all on fence_pauses (id) where identity_id is null;

    alter table fence_pauses enable row level security;

    create policy own on fence_pauses using (identity_id is null or identity_id = app_identity() or app_service() <> '')
      with check (identity_id = app_identity() or app_service() <> '');

    grant select, insert, delete on fence_pauses to chenu_server;

    create index outbox_unknown on outbox (id) where status = 'sending' or (status = 'failed' and last_error = 'unknown');

    create table dispersal_codes (
      id uuid primary key, hash text not null unique, issued_to text not null, created_at timestamptz not null, expires_at timestamptz not null,
      spent_at timestamptz, level text check (level in ('partial', 'sectoral', 'total'))
    );

    create index dispersal_codes_by_time on dispersal_codes (created_at);

    create index dispersal_codes_spent on dispersal_codes (spent_at) where spent_at is not null;

    alter table dispersal_codes enable row level security;

    create policy service_only on dispersal_codes using (app_service() <> '');

    grant select, insert, update, delete on dispersal_codes to chenu_server;
  `)
  await announce(db, { type: 'pause', table: 'fence_pauses', sphere: false, version: false })
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await script(db, `
    delete from owned_types where type = 'pause';

    drop table dispersal_codes, fence_pauses;

    drop index outbox_unknown;

    alter table fence drop column stopped_version, drop column held_by, drop column held_reason, drop column held_since, drop column dispersal,
      drop column dispersal_by, drop column dispersal_reason, drop column dispersal_since, drop column dispersal_sphere;
  `)
}
