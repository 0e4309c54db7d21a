import type { Kysely } from 'kysely'
import { own, script } from './owned.ts'

/** The record: keys of its details, the Merkle tree and its signed checkpoints, what filters search, retention, erasure. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await searched(db)
  await keys(db)
  await tree(db)
  await append(db)
  await erase(db)
}

/**
 * `latest` is the greatest time of the chain so far: unlike `at` it never goes back, so a span of time is a span of
 * numbers. Every filter has an index that ends in the number, the order of the list.
 */
async function searched(db: Kysely<unknown>): Promise<void> {
  await script(db, `
    alter table audit_events add column outcome text, add column latest timestamptz;

    update audit_events e set outcome = e.body::jsonb ->> 'outcome', latest = o.latest
      from (select identity_id, seq, max(at) over (partition by identity_id order by seq) as latest from audit_events) o where o.identity_id = e.identity_id and o.seq = e.seq;

    alter table audit_events alter column outcome set not null, alter column latest set not null;

    create index audit_events_by_outcome on audit_events (identity_id, outcome, seq);

    create index audit_events_by_resource_type on audit_events (identity_id, resource_type, seq);

    create index audit_events_by_resource on audit_events (identity_id, resource_id, seq);

    create index audit_events_by_agent on audit_events (identity_id, agent, seq) where agent is not null;

    create index audit_events_by_time on audit_events (identity_id, latest, seq);

    alter table audit_heads add column latest timestamptz not null default '-infinity', add column anchored bigint not null default 0, add column epoch integer not null default 0;

    update audit_heads h set latest = e.latest from audit_events e where e.identity_id = h.identity_id and e.seq = h.seq;
  `)
}

/** One key an identity and day, wrapped with the instance's; whoever destroys it destroys what it sealed, and no hash. */
async function keys(db: Kysely<unknown>): Promise<void> {
  await script(db, `
    create table audit_keys (
      id uuid primary key, identity_id uuid not null, period date not null, wrapped_by text not null, wrapped text not null, created_at timestamptz not null,
      unique (identity_id, period, wrapped_by)
    );

    create table audit_retention (identity_id uuid primary key, retention_days integer not null check (retention_days between 1 and 36500), updated_at timestamptz not null);

    create function audit_key(of_identity uuid, of_period date, by_master text, new_id uuid, new_key text, now_is timestamptz) returns table (id uuid, wrapped text, epoch integer)
    security definer set search_path = public, pg_temp language plpgsql as $$
    #variable_conflict use_column
    begin
      if of_identity is distinct from app_identity() and app_service() = '' then raise insufficient_privilege using message = 'audit scope'; end if;
      if not exists (select 1 from audit_keys k where k.identity_id = of_identity and k.period = of_period and k.wrapped_by = by_master) then
        insert into audit_keys values (new_id, of_identity, of_period, by_master, new_key, now_is) on conflict (identity_id, period, wrapped_by) do nothing;
      end if;
      return query select k.id, k.wrapped, coalesce((select h.epoch from audit_heads h where h.identity_id = of_identity), 0)
        from audit_keys k where k.identity_id = of_identity and k.period = of_period and k.wrapped_by = by_master;
    end $$;

    revoke execute on function audit_key(uuid, date, text, uuid, text, timestamptz) from public;

    grant execute on function audit_key(uuid, date, text, uuid, text, timestamptz) to chenu_server;
  `)
  await own(db, 'audit_keys', { grants: 'select, update (wrapped, wrapped_by), delete' })
  await own(db, 'audit_retention', { grants: 'select, insert, update, delete' })
}

/** Nodes of complete subtrees from 256 leaves up, the signed checkpoints, and which chains wait for the next one. */
async function tree(db: Kysely<unknown>): Promise<void> {
  await script(db, `
    create table audit_nodes (identity_id uuid not null, level smallint not null, position bigint not null, hash text not null, primary key (identity_id, level, position));

    create table audit_anchors (identity_id uuid not null, size bigint not null, line text not null, at timestamptz not null, primary key (identity_id, size));

    create table audit_pending (identity_id uuid primary key, since timestamptz not null);

    create index audit_pending_by_age on audit_pending (since);

    create function audit_anchored(of_identity uuid, of_size bigint, anchored_at timestamptz) returns void security definer set search_path = public, pg_temp language plpgsql as $$
    declare head audit_heads;
    begin
      if app_service() <> 'anchor' then raise insufficient_privilege using message = 'audit scope'; end if;
      update audit_heads h set anchored = greatest(h.anchored, of_size) where h.identity_id = of_identity returning * into head;
      if head.seq > head.anchored then update audit_pending p set since = anchored_at where p.identity_id = of_identity;
      else delete from audit_pending p where p.identity_id = of_identity; end if;
    end $$;

    create function audit_pending_claim(of_identity uuid) returns table (identity_id uuid) security definer set search_path = public, pg_temp language plpgsql as $$
    begin
      if app_service() <> 'anchor' then raise insufficient_privilege using message = 'audit scope'; end if;
      return query select p.identity_id from audit_pending p where p.identity_id = of_identity for update skip locked;
    end $$;

    revoke execute on function audit_anchored(uuid, bigint, timestamptz), audit_pending_claim(uuid) from public;

    grant execute on function audit_anchored(uuid, bigint, timestamptz), audit_pending_claim(uuid) to chenu_server;

    insert into audit_pending select identity_id, latest from audit_heads;
  `)
  await own(db, 'audit_nodes', { grants: 'select, insert' })
  await own(db, 'audit_anchors', { grants: 'select, insert' })
  await own(db, 'audit_pending', { grants: 'select' })
}

/** As in 0001, and: what filters search, the chain's latest time, who waits for a checkpoint, and that the key is not one that was destroyed meanwhile. */
async function append(db: Kysely<unknown>): Promise<void> {
  await script(db, `
    drop function audit_append(uuid, uuid, text, timestamptz, text, text, text, text);

    create function audit_append(of_identity uuid, event_id uuid, event_body text, event_at timestamptz, event_action text, event_resource_type text, event_resource_id text, event_agent text, event_outcome text, key_epoch integer)
    returns bigint security definer set search_path = public, pg_temp language plpgsql as $$
    declare head audit_heads;
    begin
      if of_identity is distinct from app_identity() and app_service() = '' then raise insufficient_privilege using message = 'audit scope'; end if;
      update audit_heads h set seq = h.seq + 1, prev_hash = h.hash, hash = audit_link(event_body, h.hash, h.seq + 1), latest = greatest(h.latest, event_at) where h.identity_id = of_identity returning * into head;
      if not found then
        insert into audit_heads as h (identity_id, seq, prev_hash, hash, latest) values (of_identity, 1, repeat('0', 64), audit_link(event_body, repeat('0', 64), 1), event_at)
          on conflict (identity_id) do update set seq = h.seq + 1, prev_hash = h.hash, hash = audit_link(event_body, h.hash, h.seq + 1), latest = greatest(h.latest, event_at)
          returning * into head;
      end if;
      if head.epoch <> key_epoch then raise serialization_failure using message = 'audit key'; end if;
      insert into audit_events (identity_id, seq, id, body, prev_hash, hash, at, action, resource_type, resource_id, agent, outcome, latest)
        values (of_identity, head.seq, event_id, event_body, head.prev_hash, head.hash, event_at, event_action, event_resource_type, event_resource_id, event_agent, event_outcome, head.latest);
      if head.seq = head.anchored + 1 then insert into audit_pending values (of_identity, event_at) on conflict do nothing; end if;
      return head.seq;
    end $$;

    revoke execute on function audit_append(uuid, uuid, text, timestamptz, text, text, text, text, text, integer) from public;

    grant execute on function audit_append(uuid, uuid, text, timestamptz, text, text, text, text, text, integer) to chenu_server;
  `)
}

/**
 * Erases every row of an identity in every table that has an identity_id, whichever they come to be, except the record's
 * own and its sessions, which end. Every transaction in an identity's scope shares a lock on it (store.ts), which this
 * takes alone: so nothing that began before is committed after. The count of each table and the hash of what was come back.
 */
async function erase(db: Kysely<unknown>): Promise<void> {
  await script(db, `
    create function erase_identity(of_identity uuid) returns jsonb security definer set search_path = public, pg_temp language plpgsql as $$
    declare waiting text[]; later text[]; name text; gone bigint; hashes text; counts jsonb := '{}'; said text := '';
    begin
      if not exists (select 1 from identities i where i.id = of_identity and i.user_id = app_user()) then raise insufficient_privilege using message = 'audit scope'; end if;
      perform pg_advisory_xact_lock(hashtextextended(of_identity::text, 0));
      update audit_heads h set epoch = h.epoch + 1 where h.identity_id = of_identity;
      waiting := array(select c.relname::text from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'identity_id' and not a.attisdropped
        where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
          and c.relname not in ('audit_events', 'audit_heads', 'audit_nodes', 'audit_anchors', 'audit_pending', 'sessions') order by 1);
      while cardinality(waiting) > 0 loop
        later := '{}';
        foreach name in array waiting loop
          begin
            execute format('with gone as (delete from %I x where x.identity_id = $1 returning encode(sha256(convert_to(to_jsonb(x)::text, ''UTF8'')), ''hex'') as hash)
              select count(*), coalesce(encode(sha256(convert_to(string_agg(hash, '''' order by hash), ''UTF8'')), ''hex''), '''') from gone', name) into gone, hashes using of_identity;
            if gone > 0 then
              counts := counts || jsonb_build_object(name, gone);
              said := said || name || ' ' || gone || ' ' || hashes || E'\n';
            end if;
          exception when foreign_key_violation then later := later || name;
          end;
        end loop;
        if later = waiting then raise exception 'these tables hold each other: %', later; end if;
        waiting := later;
      end loop;
      if to_regclass('pgboss.job') is not null then execute 'delete from pgboss.job where data->>''identity_id'' = $1' using of_identity::text; end if;
      update identities i set config = '{}' where i.id = of_identity;
      return jsonb_build_object('counts', counts, 'hash', encode(sha256(convert_to(said, 'UTF8')), 'hex'));
    end $$;

    revoke execute on function erase_identity(uuid) from public;

    grant execute on function erase_identity(uuid) to chenu_server;
  `)
  // What the lock reads is what the row said before its change: the commitment of the record, for no statement more.
  await script(db, `
    drop function lock_owned(text, uuid);

    create function lock_owned(wanted_type text, wanted_id uuid) returns jsonb volatile security definer set search_path = public, pg_temp language plpgsql as $$
    declare kind owned_types; state jsonb;
    begin
      select * into kind from owned_types t where t.type = wanted_type;
      if kind is null then return null; end if;
      execute format('select to_jsonb(r) from %I r where r.id = $1 and r.identity_id = app_identity() for update', kind.table_name) into state using wanted_id;
      return state;
    end $$;

    revoke execute on function lock_owned(text, uuid) from public;

    grant execute on function lock_owned(text, uuid) to chenu_server;
  `)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await script(db, `
    drop function erase_identity(uuid);

    drop function audit_append(uuid, uuid, text, timestamptz, text, text, text, text, text, integer);

    drop function audit_key(uuid, date, text, uuid, text, timestamptz);

    drop function audit_anchored(uuid, bigint, timestamptz);

    drop function audit_pending_claim(uuid);

    drop function lock_owned(text, uuid);

    drop table audit_pending, audit_anchors, audit_nodes, audit_retention, audit_keys;

    drop index audit_events_by_outcome, audit_events_by_resource_type, audit_events_by_resource, audit_events_by_agent, audit_events_by_time;

    alter table audit_events drop column outcome, drop column latest;

    alter table audit_heads drop column latest, drop column anchored, drop column epoch;

    create function lock_owned(wanted_type text, wanted_id uuid) returns void volatile security definer set search_path = public, pg_temp language plpgsql as $$
    declare kind owned_types;
    begin
      select * into kind from owned_types t where t.type = wanted_type;
      if kind is null then return; end if;
      execute format('select 1 from %I r where r.id = $1 and r.identity_id = app_identity() for update', kind.table_name) using wanted_id;
    end $$;

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

    revoke execute on function lock_owned(text, uuid), audit_append(uuid, uuid, text, timestamptz, text, text, text, text) from public;

    grant execute on function lock_owned(text, uuid), audit_append(uuid, uuid, text, timestamptz, text, text, text, text) to chenu_server;
  `)
}
