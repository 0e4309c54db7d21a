import type { Kysely } from 'kysely'
import { announce, own, script } from './owned.ts'

/** Passkeys with their challenges, and accounts at OpenID providers. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await script(db, `
    create table passkeys (
      id uuid primary key references factors on delete cascade, user_id uuid not null, credential_id text not null unique, public_key bytea not null, counter bigint not null,
      transports text[] not null, name text not null, backed_up boolean not null, created_at timestamptz not null, last_used_at timestamptz
    );

    create index passkeys_of_user on passkeys (user_id, id);

    create table passkey_challenges (
      hash text primary key, user_id uuid, purpose text not null check (purpose in ('register', 'sign_in', 'step_up')), expires_at timestamptz not null
    );

    create index passkey_challenges_by_expiry on passkey_challenges (expires_at);

    create table external_accounts (
      id uuid primary key, user_id uuid not null references users, provider text not null, issuer text not null, subject text not null,
      created_at timestamptz not null, last_used_at timestamptz not null, unique (issuer, subject)
    );

    create index external_accounts_of_user on external_accounts (user_id, id);

    create table spent_flows (id uuid primary key, expires_at timestamptz not null);

    create index spent_flows_by_expiry on spent_flows (expires_at);

    alter table spent_flows enable row level security;

    create policy service_only on spent_flows using (app_service() <> '');

    grant select, insert, delete on spent_flows to chenu_server;

    create view passkey_rows with (security_invoker = true) as
      select id, case when user_id = app_user() then app_identity() else id end as identity_id from passkeys;

    create view external_account_rows with (security_invoker = true) as
      select id, case when user_id = app_user() then app_identity() else id end as identity_id from external_accounts;

    grant select on passkey_rows, external_account_rows to chenu_server;
  `)
  await own(db, 'passkeys', { by: 'user', grants: 'select, insert, update, delete' })
  await own(db, 'passkey_challenges', { by: 'user', grants: 'select, insert, delete' })
  await own(db, 'external_accounts', { by: 'user', grants: 'select, insert, update, delete' })
  await announce(db, { type: 'passkey', table: 'passkey_rows', sphere: false, version: false })
  await announce(db, { type: 'external_account', table: 'external_account_rows', sphere: false, version: false })
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await script(db, `
    delete from owned_types where type in ('passkey', 'external_account');

    drop view passkey_rows, external_account_rows;

    drop table spent_flows, external_accounts, passkey_challenges, passkeys;
  `)
}
