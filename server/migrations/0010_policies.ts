import type { Kysely } from 'kysely'
import { announce, own, script } from './owned.ts'

/** Rules in writing, the versions of their sets, standing grants, and every decision on record. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await rules(db)
  await versions(db)
  await grants(db)
  await decisions(db)
}

async function rules(db: Kysely<unknown>): Promise<void> {
  await script(db, `
    create table governance_rules (
      id uuid primary key, rule_id uuid not null, identity_id uuid, layer text not null check (layer in ('instance', 'identity', 'grant')),
      name text not null, text text not null, effect text not null check (effect in ('permit', 'forbid')), sentence jsonb not null, laws text[] not null default '{}',
      author text not null, version integer not null, status text not null check (status in ('draft', 'shadow', 'active', 'retired')), shipped boolean not null default false,
      created_at timestamptz not null, updated_at timestamptz not null,
      unique (rule_id, version), check ((layer = 'instance') = (identity_id is null)), check (not shipped or layer = 'instance')
    );

    create unique index governance_rules_active on governance_rules (rule_id) where status = 'active';

    create index governance_rules_deciding on governance_rules (identity_id, layer) where status in ('active', 'shadow');

    create index governance_rules_of_identity on governance_rules (identity_id, id);

    alter table governance_rules enable row level security;

    create policy see on governance_rules for select using (identity_id = app_identity() or identity_id is null or app_service() <> '');

    create policy add on governance_rules for insert with check (identity_id = app_identity() or app_service() <> '');

    create policy change on governance_rules for update using (identity_id = app_identity() or app_service() <> '') with check (identity_id = app_identity() or app_service() <> '');

    comment on table governance_rules is 'Everybody reads the rules of the instance, which bind everybody; only a service changes them, behind the seal.';

    grant select, insert, update on governance_rules to chenu_server;
  `)
  await announce(db, { type: 'rule', table: 'governance_rules', sphere: false, version: true, title: 'name' })
}

/**
 * One row an identity that has rules or grants of its own, and one for the instance. `policy_version` locks before it
 * reads: each statement of a volatile function sees what was committed when it began.
 */
async function versions(db: Kysely<unknown>): Promise<void> {
  await script(db, `
    create table policy_versions (identity_id uuid primary key, version bigint not null, rules integer not null default 0, grants integer not null default 0);

    insert into policy_versions values ('00000000-0000-7000-8000-000000000000', 1);

    create function policy_version(of_identity uuid) returns table (instance bigint, own bigint, rules integer, grants integer)
    volatile security definer set search_path = public, pg_temp language plpgsql as $$
    begin
      perform pg_advisory_xact_lock_shared(1346848835, 0), pg_advisory_xact_lock_shared(1346848836, hashtext(of_identity::text));
      return query select i.version, coalesce(o.version, 0), coalesce(o.rules, 0), coalesce(o.grants, 0) from policy_versions i left join policy_versions o on o.identity_id = of_identity
        where i.identity_id = '00000000-0000-7000-8000-000000000000';
    end $$;

    create function policy_changes(of_identity uuid) returns void volatile language sql as $$
      select case when of_identity = '00000000-0000-7000-8000-000000000000' then pg_advisory_xact_lock(1346848835, 0) else pg_advisory_xact_lock(1346848836, hashtext(of_identity::text)) end $$;

    revoke execute on function policy_version(uuid), policy_changes(uuid) from public;

    grant execute on function policy_version(uuid), policy_changes(uuid) to chenu_server;
  `)
  await own(db, 'policy_versions', { grants: 'select, insert, update' })
}

async function grants(db: Kysely<unknown>): Promise<void> {
  await script(db, `
    create table standing_grants (
      id uuid primary key, identity_id uuid not null, user_id uuid not null, rule_id uuid not null references governance_rules,
      tool text not null, pattern jsonb not null, kind text not null check (kind in ('once', 'in_thread', 'always')), thread_id uuid,
      created_at timestamptz not null, ends_at timestamptz not null, revoked_at timestamptz, spent_at timestamptz, uses integer not null default 0, last_used_at timestamptz,
      checkpoint_id uuid not null, version integer not null default 1, check ((kind = 'in_thread') = (thread_id is not null))
    );

    create index standing_grants_live on standing_grants (identity_id, tool) where revoked_at is null and spent_at is null;

    create index standing_grants_of_identity on standing_grants (identity_id, id);
  `)
  await own(db, 'standing_grants', { grants: 'select, insert, update' })
  await announce(db, { type: 'grant', table: 'standing_grants', sphere: false, version: true, title: 'tool' })
}

async function decisions(db: Kysely<unknown>): Promise<void> {
  await script(db, `
    create table policy_decisions (
      id uuid primary key, identity_id uuid not null, at timestamptz not null, action text not null, effect text not null, verdict text not null check (verdict in ('allow', 'hold', 'deny')),
      policies text[] not null, requests jsonb, set_version text not null, shadow jsonb, grant_id uuid, checkpoint_id uuid
    );

    create index policy_decisions_of_identity on policy_decisions (identity_id, id);

    create index policy_decisions_at on policy_decisions (at);

    create index policy_decisions_of_checkpoint on policy_decisions (checkpoint_id) where checkpoint_id is not null;
  `)
  await own(db, 'policy_decisions', { grants: 'select, insert, delete' })
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await script(db, `
    delete from owned_types where type in ('rule', 'grant');

    drop table policy_decisions, standing_grants, policy_versions, governance_rules;

    drop function policy_version(uuid);

    drop function policy_changes(uuid);
  `)
}
