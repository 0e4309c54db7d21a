import type { Kysely } from 'kysely'
import { announce, own, script } from './owned.ts'

/** Who decides: seats, votes, delegation, advice; pauses of what floods; elevations; what was seen to of the backlog. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await script(db, `
    alter table checkpoints
      add column actor_kind text not null default 'person', add column actor_id text,
      add column quorum smallint not null default 1 check (quorum >= 1), add column decider_role text, add column exclude_requester boolean not null default false,
      add column seated boolean not null default false, add column cannot_be_met boolean not null default false,
      add column approved_by uuid[] not null default '{}', add column approved_seats uuid[] not null default '{}',
      add column escalated_at timestamptz, add column warned_at timestamptz, add column resolved_at timestamptz;

    create index checkpoints_by_actor on checkpoints (identity_id, actor_kind, actor_id, created_at);

    create index checkpoints_of_identity on checkpoints (identity_id, id);

    create function epoch_ms(at timestamptz) returns bigint immutable parallel safe language sql as $$ select (extract(epoch from (at - '1970-01-01 00:00:00+00'::timestamptz)) * 1000)::bigint $$;

    create index checkpoints_escalating on checkpoints (((epoch_ms(created_at) + epoch_ms(expires_at)) / 2)) where status = 'pending' and escalated_at is null;

    create index checkpoints_expiring on checkpoints (((epoch_ms(created_at) + 3 * epoch_ms(expires_at)) / 4)) where status = 'pending' and warned_at is null;

    create index checkpoints_backlog on checkpoints (identity_id, id) where status = 'expired' and resolved_at is null;

    create table checkpoint_deciders (
      checkpoint_id uuid not null references checkpoints, user_id uuid not null, identity_id uuid not null, primary key (checkpoint_id, user_id)
    );

    create index checkpoint_deciders_of_user on checkpoint_deciders (user_id, checkpoint_id);

    create table checkpoint_votes (
      checkpoint_id uuid not null references checkpoints, user_id uuid not null, identity_id uuid not null, seat_user_id uuid not null,
      verdict text not null check (verdict in ('approved', 'rejected', 'cancelled')), note text, at timestamptz not null,
      primary key (checkpoint_id, user_id), unique (checkpoint_id, seat_user_id)
    );

    create table checkpoint_advice (
      id uuid primary key, checkpoint_id uuid not null references checkpoints, identity_id uuid not null, actor_kind text not null, actor_id text not null,
      recommends text not null check (recommends in ('approve', 'reject', 'unsure')), text text not null, at timestamptz not null
    );

    create index checkpoint_advice_of on checkpoint_advice (checkpoint_id, id);

    create table delegations (
      id uuid primary key, identity_id uuid not null, from_user_id uuid not null, to_user_id uuid not null, starts_at timestamptz not null, ends_at timestamptz not null,
      created_at timestamptz not null, revoked_at timestamptz, version integer not null default 1, check (from_user_id <> to_user_id), check (ends_at >= starts_at)
    );

    create index delegations_to on delegations (to_user_id, ends_at) where revoked_at is null;

    create index delegations_from on delegations (from_user_id, ends_at) where revoked_at is null;

    create index delegations_of_identity on delegations (identity_id, id);

    create table actor_pauses (
      id uuid primary key, identity_id uuid not null, actor_kind text not null, actor_id text not null, reason text not null check (reason in ('flood', 'blocked')),
      since timestamptz not null, ends_at timestamptz, lifted_at timestamptz, version integer not null default 1
    );

    create index actor_pauses_open on actor_pauses (identity_id, actor_kind, actor_id) where lifted_at is null;

    create index actor_pauses_of_identity on actor_pauses (identity_id, id);

    create table elevations (
      id uuid primary key, checkpoint_id uuid not null unique, identity_id uuid not null, actor_kind text not null, actor_id text not null, scope text not null,
      starts_at timestamptz not null, ends_at timestamptz not null, revoked_at timestamptz
    );

    create index elevation_requests on checkpoints (identity_id, id) where tool = 'elevations.request';

    create index elevations_of_actor on elevations (identity_id, actor_kind, actor_id, ends_at);
  `)
  await standing(db)
  await own(db, 'checkpoint_deciders', { grants: 'select, insert' })
  await own(db, 'checkpoint_votes', { grants: 'select, insert' })
  await own(db, 'checkpoint_advice', { grants: 'select, insert' })
  await own(db, 'delegations', { grants: 'select, insert, update' })
  await own(db, 'actor_pauses', { grants: 'select, insert, update' })
  await own(db, 'elevations', { grants: 'select, insert, update' })
  await script(db, `
    create policy of_giver on delegations as restrictive for insert with check (from_user_id = app_user());

    create policy to_me on delegations for select using (to_user_id = app_user());

    create policy seen_by_deciders on checkpoints for select using (standing(id, app_user(), null) is not null);

    create policy seen_by_deciders on checkpoint_votes for select using (standing(checkpoint_id, app_user(), null) is not null);

    create policy seen_by_deciders on checkpoint_advice for select using (standing(checkpoint_id, app_user(), null) is not null);
  `)
  await announce(db, { type: 'delegation', table: 'delegations', sphere: false, version: true })
  await announce(db, { type: 'actor_pause', table: 'actor_pauses', sphere: false, version: true })
}

/**
 * These work with their owner's rights, because a delegation of somebody else's and a checkpoint of another identity must
 * be read to say who may decide; what they answer is a user's id, or the ids of checkpoints that the asking user may decide.
 */
async function standing(db: Kysely<unknown>): Promise<void> {
  await script(db, `
    create function stands_for(who uuid, of_identity uuid, of_user uuid, at timestamptz) returns table (user_id uuid, depth integer)
    stable security definer set search_path = public, pg_temp language sql as $$
      with recursive stands(user_id, depth) as (
        select who, 0
        union
        select d.from_user_id, s.depth + 1 from stands s join delegations d on d.to_user_id = s.user_id
          where d.revoked_at is null and d.ends_at > coalesce(at, now()) and (at is null or d.starts_at <= at)
            and (d.identity_id = of_identity or d.from_user_id <> of_user) and who <> of_user and s.depth < 5
      )
      select user_id, depth from stands $$;

    create function standing(wanted uuid, who uuid, at timestamptz) returns uuid
    stable security definer set search_path = public, pg_temp language sql as $$
      select s.user_id from checkpoints c, stands_for(who, c.identity_id, c.user_id, at) s
      where c.id = wanted and who is not null and c.type <> 'identity_boundary' and not (c.exclude_requester and s.user_id = c.user_id)
        and case when c.seated then exists (select 1 from checkpoint_deciders d where d.checkpoint_id = c.id and d.user_id = s.user_id and d.identity_id = c.identity_id) else s.user_id = c.user_id end
      order by s.depth, s.user_id limit 1 $$;

    comment on function standing(uuid, uuid, timestamptz) is 'Whose seat at a checkpoint a user fills: their own, or that of one who delegated to them; null for none. Without a time, delegations that have begun or will begin count.';

    create function to_decide(at timestamptz, before uuid, most integer) returns setof uuid
    stable security definer set search_path = public, pg_temp language sql as $$
      with recursive stands(user_id, depth) as (
        select app_user(), 0
        union
        select d.from_user_id, s.depth + 1 from stands s join delegations d on d.to_user_id = s.user_id where d.revoked_at is null and d.starts_at <= at and d.ends_at > at and s.depth < 5
      ), near as (
        select c.id from checkpoints c where c.identity_id = app_identity() and c.status = 'pending' and c.expires_at > at and not c.seated
        union select c.id from checkpoints c join stands s on s.user_id = c.user_id and s.depth > 0 where c.status = 'pending' and c.expires_at > at and not c.seated
        union select c.id from checkpoint_deciders d join stands s on s.user_id = d.user_id join checkpoints c on c.id = d.checkpoint_id where c.status = 'pending' and c.expires_at > at
      )
      select n.id from near n where (before is null or n.id < before) and standing(n.id, app_user(), at) is not null order by n.id desc limit least(most, 201) $$;

    create function hearers_of(users uuid[], of_identity uuid, of_user uuid, at timestamptz) returns setof uuid
    stable security definer set search_path = public, pg_temp language sql as $$
      with recursive heard(user_id, depth) as (
        select u, 0 from unnest(users) u
        union
        select d.to_user_id, h.depth + 1 from heard h join delegations d on d.from_user_id = h.user_id
          where d.revoked_at is null and d.starts_at <= at and d.ends_at > at and (d.identity_id = of_identity or d.from_user_id <> of_user) and d.to_user_id <> of_user and h.depth < 5
      )
      select distinct user_id from heard limit 1000 $$;

    create function delegation_reaches(from_user uuid, to_user uuid, at timestamptz) returns boolean
    stable security definer set search_path = public, pg_temp language sql as $$
      with recursive reached(user_id) as (
        select from_user
        union
        select d.to_user_id from reached r join delegations d on d.from_user_id = r.user_id where d.revoked_at is null and d.ends_at > at
      )
      select exists (select 1 from reached where user_id = to_user) $$;

    create index checkpoints_of_user on checkpoints (user_id, id) where status = 'pending' and not seated;

    revoke execute on function stands_for(uuid, uuid, uuid, timestamptz), standing(uuid, uuid, timestamptz), to_decide(timestamptz, uuid, integer), hearers_of(uuid[], uuid, uuid, timestamptz), delegation_reaches(uuid, uuid, timestamptz) from public;

    grant execute on function standing(uuid, uuid, timestamptz), to_decide(timestamptz, uuid, integer), hearers_of(uuid[], uuid, uuid, timestamptz), delegation_reaches(uuid, uuid, timestamptz) to chenu_server;
  `)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await script(db, `
    delete from owned_types where type in ('delegation', 'actor_pause');

    drop policy seen_by_deciders on checkpoints;

    drop table elevations, actor_pauses, checkpoint_advice, checkpoint_votes, checkpoint_deciders, delegations cascade;

    drop function to_decide(timestamptz, uuid, integer);

    drop function hearers_of(uuid[], uuid, uuid, timestamptz);

    drop function delegation_reaches(uuid, uuid, timestamptz);

    drop function standing(uuid, uuid, timestamptz);

    drop function stands_for(uuid, uuid, uuid, timestamptz);

    drop index elevation_requests, checkpoints_of_identity, checkpoints_by_actor, checkpoints_escalating, checkpoints_expiring, checkpoints_backlog, checkpoints_of_user;

    drop function epoch_ms(timestamptz);

    alter table checkpoints drop column actor_kind, drop column actor_id, drop column quorum, drop column decider_role, drop column exclude_requester, drop column seated,
      drop column cannot_be_met, drop column approved_by, drop column approved_seats, drop column escalated_at, drop column warned_at, drop column resolved_at;
  `)
}
