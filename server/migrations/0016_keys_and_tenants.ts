import type { Kysely } from 'kysely'
import { announce, own, script } from './owned.ts'

/** Tables whose rows lie in a sphere: a key that is limited to some spheres sees those rows alone. */
const IN_SPHERES = ['notes', 'tasks', 'threads', 'nova_runs']

/** Budgets, API keys with their spheres, organisations. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await budgets(db)
  await keys(db)
  await organisations(db)
}

/**
 * A budget is one row a month. `budget_take` is the one statement by which credits leave it: the condition is looked at
 * under the row's lock, so concurrent takers cannot pass the limit together.
 */
async function budgets(db: Kysely<unknown>): Promise<void> {
  await script(db, `
    create table budgets (
      identity_id uuid not null, scope text not null check (scope in ('identity', 'api_key')), scope_id uuid not null, period text not null,
      credit_limit bigint not null check (credit_limit >= 0), used bigint not null default 0 check (used >= 0), reserved bigint not null default 0 check (reserved >= 0),
      primary key (identity_id, scope, scope_id, period)
    ) with (fillfactor = 70);

    create table budget_reservations (
      id uuid primary key, identity_id uuid not null, key_id uuid, period text not null, credits bigint not null check (credits >= 0),
      state text not null default 'open' check (state in ('open', 'settled', 'expired')), created_at timestamptz not null, expires_at timestamptz not null
    );

    create index budget_reservations_due on budget_reservations (expires_at) where state = 'open';

    create index budget_reservations_by_age on budget_reservations (created_at);

    create function budget_take(of_identity uuid, of_scope text, of_id uuid, of_period text, credits bigint, default_limit bigint, to_reserve boolean) returns void volatile language plpgsql as $$
    declare known bigint;
    begin
      loop
        update budgets b set used = b.used + case when to_reserve then 0 else credits end, reserved = b.reserved + case when to_reserve then credits else 0 end
          where b.identity_id = of_identity and b.scope = of_scope and b.scope_id = of_id and b.period = of_period and b.used + b.reserved + credits <= b.credit_limit;
        if found then return; end if;
        if exists (select 1 from budgets b where b.identity_id = of_identity and b.scope = of_scope and b.scope_id = of_id and b.period = of_period) then
          raise exception using errcode = 'CB429', message = 'budget exceeded', detail = of_scope;
        end if;
        select b.credit_limit into known from budgets b where b.identity_id = of_identity and b.scope = of_scope and b.scope_id = of_id order by b.period desc limit 1;
        if known is null and default_limit is null then return; end if;
        insert into budgets values (of_identity, of_scope, of_id, of_period, coalesce(known, default_limit), 0, 0) on conflict do nothing;
      end loop;
    end $$;

    create function budget_charge(of_identity uuid, of_key uuid, of_period text, credits bigint, default_limit bigint) returns void volatile language plpgsql as $$
    begin
      perform budget_take(of_identity, 'identity', of_identity, of_period, credits, default_limit, false);
      if of_key is not null then perform budget_take(of_identity, 'api_key', of_key, of_period, credits, null, false); end if;
    end $$;

    create function budget_reserve(of_id uuid, of_identity uuid, of_key uuid, of_period text, credits bigint, default_limit bigint, at timestamptz, until timestamptz) returns void volatile language plpgsql as $$
    begin
      perform budget_take(of_identity, 'identity', of_identity, of_period, credits, default_limit, true);
      if of_key is not null then perform budget_take(of_identity, 'api_key', of_key, of_period, credits, null, true); end if;
      insert into budget_reservations values (of_id, of_identity, of_key, of_period, credits, 'open', at, until);
    end $$;

    create function budget_settle(of_id uuid, actual bigint, into_state text) returns boolean volatile language plpgsql as $$
    declare held budget_reservations;
    begin
      select * into held from budget_reservations r where r.id = of_id and r.state <> 'settled' and (into_state = 'settled' or r.state = 'open') for update;
      if not found then return false; end if;
      update budgets b set reserved = b.reserved - case when held.state = 'open' then held.credits else 0 end, used = b.used + actual
        where b.identity_id = held.identity_id and b.period = held.period and b.scope = 'identity' and b.scope_id = held.identity_id;
      update budgets b set reserved = b.reserved - case when held.state = 'open' then held.credits else 0 end, used = b.used + actual
        where b.identity_id = held.identity_id and b.period = held.period and b.scope = 'api_key' and b.scope_id = held.key_id;
      update budget_reservations r set state = into_state where r.id = of_id;
      return true;
    end $$;

    comment on function budget_settle(uuid, bigint, text) is 'Once: what is settled stays; what expired and ends after all is still counted.';
  `)
  await own(db, 'budgets', { grants: 'select, insert, update' })
  await own(db, 'budget_reservations', { grants: 'select, insert, update, delete' })
}

async function keys(db: Kysely<unknown>): Promise<void> {
  await script(db, `
    alter table sessions add column kind text not null default 'person' check (kind in ('person', 'api_key'));

    create or replace view session_rows with (security_invoker = true) as
      select id, case when user_id = app_user() then app_identity() else id end as identity_id from sessions where kind = 'person';

    create table api_keys (
      id uuid primary key, identity_id uuid not null, user_id uuid not null, session_id uuid not null unique, name text not null, scopes text[] not null, spheres smallint[],
      hash text unique, prefix text, last4 text, version integer not null default 1,
      created_at timestamptz not null, expires_at timestamptz not null, last_used_at timestamptz, revoked_at timestamptz
    );

    create index api_keys_of_identity on api_keys (identity_id, id);

    create function app_spheres() returns smallint[] stable parallel safe language sql as $$ select string_to_array(nullif(current_setting('app.spheres', true), ''), ',')::smallint[] $$;

    create policy key_spheres on thread_events as restrictive using (app_spheres() is null or exists (select 1 from threads t where t.id = thread_id));
  `)
  for (const table of IN_SPHERES) await script(db, `create policy key_spheres on ${table} as restrictive using (app_spheres() is null or sphere_id = any (app_spheres()))`)
  await own(db, 'api_keys', { grants: 'select, insert, update' })
  await announce(db, { type: 'api_key', table: 'api_keys', sphere: false, version: true, title: 'name' })
}

/**
 * What belongs to an organisation is seen by its members and written by our service alone. `my_organisations` asks with
 * the rights of its owner, since a policy of the members' table that read that table would ask itself.
 */
async function organisations(db: Kysely<unknown>): Promise<void> {
  await script(db, `
    create table organisations (id uuid primary key, name text not null, version integer not null default 1, created_at timestamptz not null, updated_at timestamptz not null);

    create table organisation_members (
      organisation_id uuid not null, user_id uuid not null, role text not null check (role in ('owner', 'admin', 'member', 'auditor')), joined_at timestamptz not null,
      primary key (organisation_id, user_id)
    );

    create index organisation_members_of_user on organisation_members (user_id, organisation_id);

    create table organisation_invitations (
      id uuid primary key, organisation_id uuid not null, email text not null, email_key text not null, role text not null check (role in ('owner', 'admin', 'member', 'auditor')),
      token_hash text unique, invited_by uuid not null, version integer not null default 1, created_at timestamptz not null, expires_at timestamptz not null,
      shown_at timestamptz, mailed_at timestamptz, mail_fate text, accepted_at timestamptz, revoked_at timestamptz
    );

    create index organisation_invitations_of on organisation_invitations (organisation_id, id);

    create index organisation_invitations_unsent on organisation_invitations (id) where mailed_at is null and shown_at is null and accepted_at is null and revoked_at is null;

    alter table identities add column organisation_id uuid;

    create index identities_of_organisation on identities (organisation_id, id) where organisation_id is not null;

    create function my_organisations() returns setof uuid stable security definer set search_path = public, pg_temp language sql as $$
      select m.organisation_id from organisation_members m where m.user_id = app_user() $$;

    create function may_audit(of_user uuid, of_identity uuid) returns boolean stable security definer set search_path = public, pg_temp language sql as $$
      select exists (select 1 from identities i join organisation_members m on m.organisation_id = i.organisation_id
        where i.id = of_identity and m.user_id = of_user and of_user = app_user() and m.role in ('owner', 'admin', 'auditor')) $$;

    create function may_work_in(of_user uuid, of_organisation uuid) returns boolean volatile security definer set search_path = public, pg_temp language plpgsql as $$
    begin
      if of_organisation is null then return true; end if;
      perform 1 from organisation_members m where m.organisation_id = of_organisation and m.user_id = of_user and m.role <> 'auditor' for share;
      return found;
    end $$;

    comment on function may_work_in(uuid, uuid) is 'Holds the membership until the transaction ends, so that nobody leaves between the answer and what is done by it.';

    revoke execute on function my_organisations(), may_audit(uuid, uuid), may_work_in(uuid, uuid) from public;

    grant execute on function my_organisations(), may_audit(uuid, uuid), may_work_in(uuid, uuid) to chenu_server;

    create view organisation_rows with (security_invoker = true) as
      select id, case when id in (select my_organisations()) then app_identity() else id end as identity_id, version, name from organisations;

    create view invitation_rows with (security_invoker = true) as
      select id, case when organisation_id in (select my_organisations()) then app_identity() else id end as identity_id, version, email from organisation_invitations;

    grant select on organisation_rows, invitation_rows to chenu_server;
  `)
  for (const [table, key] of [['organisations', 'id'], ['organisation_members', 'organisation_id'], ['organisation_invitations', 'organisation_id']] as const) {
    await script(db, `
      alter table ${table} enable row level security;

      create policy service on ${table} using (app_service() <> '');

      create policy member on ${table} for select using (${key} in (select my_organisations()));

      grant select, insert, update, delete on ${table} to chenu_server;
    `)
  }
  await announce(db, { type: 'organisation', table: 'organisation_rows', sphere: false, version: true, title: 'name' })
  await announce(db, { type: 'invitation', table: 'invitation_rows', sphere: false, version: true, title: 'email' })
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await script(db, `
    delete from owned_types where type in ('api_key', 'organisation', 'invitation');

    drop view organisation_rows, invitation_rows;

    drop table organisation_invitations, organisation_members, organisations cascade;

    drop function my_organisations();

    drop function may_audit(uuid, uuid);

    drop function may_work_in(uuid, uuid);

    drop index identities_of_organisation;

    alter table identities drop column organisation_id;

    drop policy key_spheres on thread_events;
  `)
  for (const table of IN_SPHERES) await script(db, `drop policy key_spheres on ${table}`)
  await script(db, `
    drop table api_keys;

    drop function app_spheres();

    create or replace view session_rows with (security_invoker = true) as
      select id, case when user_id = app_user() then app_identity() else id end as identity_id from sessions;

    delete from sessions where kind <> 'person';

    alter table sessions drop column kind;

    drop function budget_settle(uuid, bigint, text);

    drop function budget_reserve(uuid, uuid, uuid, text, bigint, bigint, timestamptz, timestamptz);

    drop function budget_charge(uuid, uuid, text, bigint, bigint);

    drop function budget_take(uuid, text, uuid, text, bigint, bigint, boolean);

    drop table budget_reservations, budgets;
  `)
}
