import type { Kysely } from 'kysely'
import { announce, own, script } from './owned.ts'

// No foreign keys to identities and spheres: neither is ever deleted, the gate has looked at the identity in the same
// transaction, and each key would lock the identity's row at every insert, which all runs of one person would contend for.
const OWNED = 'identity_id uuid not null, version integer not null default 1, created_at timestamptz not null, updated_at timestamptz not null, binned_at timestamptz'

/** What people keep: spheres, notes, tasks, contacts, threads, messages, payment orders; the agents; AT·OM. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await script(db, `
    create table spheres (id smallint primary key, code text not null unique, name jsonb not null, icon text not null, colour text, core boolean not null, agent_count integer not null);

    create table agents (
      code text primary key, sphere_id smallint not null references spheres, level text not null, type text not null, name jsonb not null, function jsonb not null,
      capabilities text[] not null, gated boolean not null, gated_capabilities text[] not null, position integer not null unique
    );

    create table hub_states (identity_id uuid primary key references identities, sphere_id smallint references spheres, thread_id uuid, workspace jsonb, version integer not null default 1, updated_at timestamptz not null);

    create table notes (id uuid primary key, ${OWNED}, sphere_id smallint not null, title text not null, title_key text not null, body text not null);

    create table tasks (
      id uuid primary key, ${OWNED}, sphere_id smallint not null, title text not null, title_key text not null,
      due_at timestamptz, status text not null check (status in ('open', 'done')), completed_at timestamptz
    );

    create table contacts (id uuid primary key, ${OWNED}, name text not null, title_key text not null, email text);

    create table threads (
      id uuid primary key, ${OWNED}, sphere_id smallint not null, title text not null, title_key text not null,
      status text not null check (status in ('active', 'archived')), last_seq integer not null default 0, last_hash text not null
    );

    create table thread_events (
      id uuid primary key, thread_id uuid not null references threads, identity_id uuid not null, seq integer not null,
      type text not null, role text not null, data jsonb not null, prev_hash text not null, hash text not null, at timestamptz not null, unique (thread_id, seq)
    );

    create table messages (
      id uuid primary key, identity_id uuid not null references identities, direction text not null check (direction in ('in', 'out')), channel text not null check (channel in ('instance', 'email')),
      peer_name text, peer_address text not null, subject text, body text not null, outbox_id uuid, created_at timestamptz not null, read_at timestamptz
    );

    create index messages_of_identity on messages (identity_id, id);

    create table payment_orders (
      id uuid primary key, identity_id uuid not null references identities, beneficiary text not null, amount_minor bigint not null check (amount_minor > 0), currency text not null,
      reference text, checkpoint_id uuid not null unique, status text not null check (status in ('approved')), approved_by uuid not null, created_at timestamptz not null
    );

    create index payment_orders_of_identity on payment_orders (identity_id, id);

    create table atom_resonance (id uuid primary key, identity_id uuid not null references identities, user_id uuid not null, agent_code text references agents, frequency integer not null, phase double precision not null, at timestamptz not null);

    create index atom_resonance_of_identity on atom_resonance (identity_id, id);

    create table atom_agents (agent_code text primary key references agents, status text not null check (status in ('active', 'dormant', 'dispersed')), frequency double precision not null, x double precision not null, y double precision not null, z double precision not null, updated_at timestamptz not null);

    grant select on spheres, agents to chenu_server;

    create function find_by_title(wanted_type text, pattern text) returns table (id uuid, title text, sphere_id smallint) stable language plpgsql as $$
    declare kind owned_types;
    begin
      select * into kind from owned_types t where t.type = wanted_type;
      if kind.title_column is null then return; end if;
      return query execute format('select r.id, r.%I, %s from %I r where r.title_key like $1 and r.binned_at is null order by r.id desc limit 11',
        kind.title_column, case when kind.has_sphere then 'r.sphere_id' else 'null::smallint' end, kind.table_name) using pattern;
    end $$;

    comment on function find_by_title(text, text) is 'With the rights of its caller: row-level security shows own rows only.';

    grant select, update on atom_agents to chenu_server;
  `)
  for (const [type, table] of [['note', 'notes'], ['task', 'tasks'], ['contact', 'contacts'], ['thread', 'threads']] as const) {
    await script(db, `
      create index ${table}_of_identity on ${table} (identity_id, id);

      create index ${table}_by_title on ${table} (identity_id, title_key);

      create index ${table}_binned on ${table} (binned_at) where binned_at is not null;
    `)
    await own(db, table, { grants: 'select, insert, update, delete' })
    await announce(db, { type, table, sphere: type !== 'contact', version: true, title: type === 'contact' ? 'name' : 'title' })
  }
  await own(db, 'hub_states', { grants: 'select, insert, update' })
  await own(db, 'thread_events', { grants: 'select, insert, delete' })
  // The log of a thread is append-only: only the bin's service removes a whole thread, 30 days after its deletion.
  await script(db, `create policy append_only on thread_events as restrictive for delete using (app_service() = 'bin')`)
  await own(db, 'messages', { grants: 'select, insert, update' })
  await own(db, 'payment_orders', { grants: 'select, insert' })
  await own(db, 'atom_resonance', { grants: 'select, insert' })
  await announce(db, { type: 'thread_event', table: 'thread_events', sphere: false, version: false })
  await announce(db, { type: 'message', table: 'messages', sphere: false, version: false })
  await announce(db, { type: 'payment_order', table: 'payment_orders', sphere: false, version: false })
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await script(db, `
    delete from owned_types where type in ('note', 'task', 'contact', 'thread', 'thread_event', 'message', 'payment_order');

    drop function find_by_title(text, text);

    drop table atom_agents, atom_resonance, payment_orders, messages, thread_events, threads, contacts, tasks, notes, hub_states, agents, spheres;
  `)
}
