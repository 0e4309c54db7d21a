import type { Kysely } from 'kysely'
import { announce, own, script } from './owned.ts'

/** The fence, checkpoints, the outbox and Nova's runs. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await script(db, `
    create table fence (
      id integer primary key check (id = 1), state text not null check (state in ('operational', 'dormant')),
      reason text, since timestamptz not null, changed_by text not null, version bigint not null
    );

    insert into fence values (1, 'operational', null, now(), 'system', 1);

    grant select, update on fence to chenu_server;

    create table checkpoints (
      id uuid primary key, identity_id uuid not null, user_id uuid not null, run_id uuid, via text not null, type text not null, effect text not null,
      tool text, args jsonb, action text not null, action_hash text not null, summary jsonb not null,
      status text not null check (status in ('pending', 'approved', 'rejected', 'expired', 'cancelled')),
      created_at timestamptz not null, expires_at timestamptz not null, decided_at timestamptz, decided_by uuid, note text, spent_at timestamptz, version integer not null default 1
    );

    create unique index checkpoints_open on checkpoints (identity_id, action_hash) where status = 'pending' and type <> 'identity_boundary';

    create index checkpoints_by_status on checkpoints (identity_id, status, id);

    create index checkpoints_due on checkpoints (expires_at) where status = 'pending';

    create table outbox (
      id uuid primary key, identity_id uuid not null references identities, kind text not null, payload jsonb not null,
      status text not null check (status in ('waiting', 'sending', 'sent', 'failed')), attempts integer not null default 0,
      next_attempt_at timestamptz not null, created_at timestamptz not null, sent_at timestamptz, last_error text
    );

    create index outbox_due on outbox (next_attempt_at) where status in ('waiting', 'sending');

    create table nova_runs (
      id uuid primary key, identity_id uuid not null, user_id uuid not null, session_id uuid not null, sphere_id smallint, thread_id uuid,
      message text not null, planner text not null, status text not null, intent jsonb, lanes jsonb not null, actions jsonb not null, output jsonb,
      snapshot jsonb, snapshot_hash text, encoding jsonb, usage jsonb not null, cost jsonb not null, credits bigint not null,
      checkpoint_id uuid, audit_event_id uuid, error jsonb, steps jsonb, lease_until timestamptz,
      request_id text not null, created_at timestamptz not null, updated_at timestamptz not null, completed_at timestamptz, version integer not null default 1
    );

    create index nova_runs_of_identity on nova_runs (identity_id, id);

    create index nova_runs_open on nova_runs (lease_until) where status = 'processing';
  `)
  await own(db, 'checkpoints', { grants: 'select, insert, update' })
  await own(db, 'outbox', { grants: 'select, insert, update' })
  await own(db, 'nova_runs', { grants: 'select, insert, update' })
  await announce(db, { type: 'checkpoint', table: 'checkpoints', sphere: false, version: true })
  await announce(db, { type: 'run', table: 'nova_runs', sphere: true, version: true })
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await script(db, `
    delete from owned_types where type in ('checkpoint', 'run');

    drop table nova_runs, outbox, checkpoints, fence;
  `)
}
