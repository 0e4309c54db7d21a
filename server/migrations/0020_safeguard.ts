import type { Kysely } from 'kysely'
import { own, script } from './owned.ts'

/** The ethical safeguard: its state, what it saw, and what it answered. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await script(db, `
    create table safeguard (
      id integer primary key check (id = 1), state text not null check (state in ('nominal', 'elevated', 'critical', 'dispersed')),
      score real not null, since timestamptz not null, changed_by text not null, reason text, counted_from timestamptz not null, checked_at timestamptz not null
    );

    insert into safeguard values (1, 'nominal', 1, now(), 'safeguard', null, now(), now());

    create table safeguard_sightings (
      id uuid primary key, kind text not null, source text not null, identity_id uuid, amount integer not null check (amount > 0), at timestamptz not null
    );

    create index safeguard_sightings_by_source on safeguard_sightings (kind, source, at);

    create index safeguard_sightings_by_age on safeguard_sightings (at);

    create table safeguard_answers (
      id uuid primary key, kind text not null, severity text not null check (severity in ('low', 'medium', 'high')), answer text not null check (answer in ('alert', 'temporary_block', 'partial', 'sectoral', 'total')),
      source text not null, identity_id uuid, actor_kind text, actor_id text, at timestamptz not null,
      given_at timestamptz, pause_id uuid, until timestamptz, lifted_at timestamptz, told_at timestamptz, attempts integer not null default 0
    );

    create index safeguard_answers_by_time on safeguard_answers (at);

    create index safeguard_answers_due on safeguard_answers (id) where given_at is null;

    create index safeguard_answers_blocking on safeguard_answers (until) where lifted_at is null and until is not null;

    create index safeguard_answers_untold on safeguard_answers (id) where told_at is null;

    alter table safeguard enable row level security;

    create policy service_only on safeguard using (app_service() <> '');

    grant select, update on safeguard to chenu_server;
  `)
  for (const table of ['safeguard_sightings', 'safeguard_answers']) await own(db, table, { grants: 'select, insert, update, delete' })
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await script(db, `drop table safeguard_answers, safeguard_sightings, safeguard;`)
}
