import type { Kysely } from 'kysely'
import { own, script } from './owned.ts'

/** The server's role and row scope; accounts; the audit chain; events; idempotency; rate limits. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await rolesAndScope(db)
  await accounts(db)
  await audit(db)
  await eventsAndKeys(db)
}

async function rolesAndScope(db: Kysely<unknown>): Promise<void> {
  // The role is shared by all databases of one cluster, hence the guard against a concurrent creation.
  await script(db, `
    do $$ begin create role chenu_server nologin; exception when duplicate_object or unique_violation then null; end $$;

    grant usage on schema public to chenu_server;

    grant select on kysely_migration to chenu_server;

    create function app_identity() returns uuid stable parallel safe language sql as $$ select nullif(current_setting('app.identity_id', true), '')::uuid $$;

    create function app_user() returns uuid stable parallel safe language sql as $$ select nullif(current_setting('app.user_id', true), '')::uuid $$;

    create function app_service() returns text stable parallel safe language sql as $$ select coalesce(current_setting('app.service', true), '') $$;

    create table owned_types (type text primary key, table_name text not null, has_sphere boolean not null, has_version boolean not null, title_column text);

    grant select on owned_types to chenu_server;

    create function owner_of(wanted_type text, wanted_id uuid) returns table (identity_id uuid, sphere_id smallint, version integer)
    stable security definer set search_path = public, pg_temp language plpgsql as $$
    declare kind owned_types;
    begin
      select * into kind from owned_types t where t.type = wanted_type;
      if kind is null then return; end if;
      return query execute format('select r.identity_id, %s, %s from %I r where r.id = $1',
        case when kind.has_sphere then 'r.sphere_id' else 'null::smallint' end,
        case when kind.has_version then 'r.version' else '1' end, kind.table_name) using wanted_id;
    end $$;

    create function title_of(wanted_type text, wanted_id uuid) returns text stable language plpgsql as $$
    declare kind owned_types; title text;
    begin
      select * into kind from owned_types t where t.type = wanted_type;
      if kind.title_column is null then return null; end if;
      execute format('select r.%I from %I r where r.id = $1', kind.title_column, kind.table_name) into title using wanted_id;
      return title;
    end $$;

    comment on function title_of(text, uuid) is 'With the rights of its caller, so that row-level security hides the titles of other identities.';

    revoke execute on function owner_of(text, uuid) from public;

    grant execute on function owner_of(text, uuid) to chenu_server;
  `)
}

async function accounts(db: Kysely<unknown>): Promise<void> {
  await script(db, `
    create table users (
      id uuid primary key, email text not null, email_key text not null unique, name text not null,
      password_hash text not null, created_at timestamptz not null, updated_at timestamptz not null, disabled_at timestamptz
    );

    alter table users enable row level security;

    create policy own on users using (id = app_user() or app_service() <> '');

    grant select, insert, update on users to chenu_server;

    create table identities (
      id uuid primary key, user_id uuid not null references users, type text not null, name text not null, is_default boolean not null,
      config jsonb not null default '{}', version integer not null default 1,
      created_at timestamptz not null, updated_at timestamptz not null, archived_at timestamptz, unique (user_id, type, name)
    );

    create table sessions (
      id uuid primary key, user_id uuid not null references users, identity_id uuid not null references identities,
      created_at timestamptz not null, refreshed_at timestamptz not null, expires_at timestamptz not null,
      revoked_at timestamptz, revoked_because text
    );

    create index sessions_of_user on sessions (user_id, id);

    create table refresh_tokens (
      hash text primary key, session_id uuid not null references sessions, user_id uuid not null,
      created_at timestamptz not null, expires_at timestamptz not null, used_at timestamptz
    );

    create index refresh_tokens_of_session on refresh_tokens (session_id);
  `)
  await own(db, 'identities', { by: 'user', grants: 'select, insert, update' })
  await own(db, 'sessions', { by: 'user', grants: 'select, insert, update' })
  await own(db, 'refresh_tokens', { by: 'user', grants: 'select, insert, update, delete' })
}

/**
 * The chain: hash = SHA-256 of the RFC 8785 form of {"event", "prev_hash", "seq"}. The server's role can only read and
 * call audit_append, which takes the head's row lock, so events of one identity are numbered without gaps.
 */
async function audit(db: Kysely<unknown>): Promise<void> {
  await script(db, `
    create table audit_heads (identity_id uuid primary key, seq bigint not null, prev_hash text not null, hash text not null) with (fillfactor = 50);

    create table audit_events (
      identity_id uuid not null, seq bigint not null, id uuid not null, body text not null, prev_hash text not null, hash text not null,
      at timestamptz not null, action text not null, resource_type text, resource_id text, agent text,
      primary key (identity_id, seq)
    );

    create index audit_events_by_action on audit_events (identity_id, action, seq);

    create function audit_link(event_body text, previous text, number bigint) returns text immutable parallel safe language sql as $$
      select encode(sha256(convert_to('{"event":' || event_body || ',"prev_hash":"' || previous || '","seq":' || number || '}', 'UTF8')), 'hex') $$;

    create function audit_append(of_identity uuid, event_id uuid, event_body text, event_at timestamptz, event_action text, event_resource_type text, event_resource_id text, event_agent text)
    returns bigint security definer set search_path = public, pg_temp language plpgsql as $$
    declare head audit_heads;
    begin
      if of_identity is distinct from app_identity() and app_service() = '' then raise insufficient_privilege using message = 'audit scope'; end if;
      update audit_heads h set seq = h.seq + 1, prev_hash = h.hash, hash = audit_link(event_body, h.hash, h.seq + 1) where h.identity_id = of_identity returning * into head;
      if not found then
        insert into audit_heads as h values (of_identity, 1, repeat('0', 64), audit_link(event_body, repeat('0', 64), 1))
          on conflict (identity_id) do update set seq = h.seq + 1, prev_hash = h.hash, hash = audit_link(event_body, h.hash, h.seq + 1)
          returning * into head;
      end if;
      insert into audit_events values (of_identity, head.seq, event_id, event_body, head.prev_hash, head.hash, event_at, event_action, event_resource_type, event_resource_id, event_agent);
      return head.seq;
    end $$;

    revoke execute on function audit_append(uuid, uuid, text, timestamptz, text, text, text, text) from public;

    grant execute on function audit_append(uuid, uuid, text, timestamptz, text, text, text, text) to chenu_server;
  `)
  await own(db, 'audit_heads', { grants: 'select' })
  await own(db, 'audit_events', { grants: 'select' })
}

async function eventsAndKeys(db: Kysely<unknown>): Promise<void> {
  await script(db, `
    create table events (
      id uuid not null, seq bigint unique, identity_id uuid, user_id uuid, name text not null, channels text[] not null, data jsonb not null, at timestamptz not null
    );

    create index events_unclaimed on events (id) where seq is null;

    create index events_of_identity on events (identity_id, seq) where seq is not null;

    create table event_counter (id integer primary key check (id = 1), last bigint not null);

    insert into event_counter values (1, 0);

    grant select, update on event_counter to chenu_server;

    create table idempotency_keys (
      identity_id uuid not null, route text not null, key text not null, request_hash text not null, run_id uuid,
      status integer, headers jsonb, body jsonb, created_at timestamptz not null, primary key (identity_id, route, key)
    );

    create index idempotency_keys_by_age on idempotency_keys (created_at);

    create table rate_limits (key varchar(255) primary key, points integer not null default 0, expire bigint);

    grant select, insert, update, delete on rate_limits to chenu_server;
  `)
  await own(db, 'events', { grants: 'select, insert, update, delete' })
  // Events of the instance (no identity) are for everyone, those of an account (a user, no identity) for that user.
  await script(db, `create policy instance on events for select using (identity_id is null and (user_id is null or user_id = app_user()))`)
  await own(db, 'idempotency_keys', { grants: 'select, insert, update, delete' })
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await script(db, `
    drop table rate_limits, idempotency_keys, event_counter, events, audit_events, audit_heads, refresh_tokens, sessions, identities, users, owned_types cascade;

    drop function audit_append(uuid, uuid, text, timestamptz, text, text, text, text);

    drop function audit_link(text, text, bigint);

    drop function owner_of(text, uuid);

    drop function title_of(text, uuid);

    drop function app_identity();

    drop function app_user();

    drop function app_service();

    revoke all on schema public from chenu_server;

    revoke all on kysely_migration from chenu_server;
  `)
}
