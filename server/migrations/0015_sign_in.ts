import type { Kysely } from 'kysely'
import { own, script } from './owned.ts'

/** Second factors with their recovery codes and challenges; letters of the instance to a person, and what they prove. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await script(db, `
    alter table users add column email_verified_at timestamptz;

    alter table sessions add column proved_at timestamptz;

    create table factors (
      id uuid primary key, user_id uuid not null references users, kind text not null check (kind in ('totp', 'passkey')),
      secret bytea, last_step bigint, created_at timestamptz not null, activated_at timestamptz
    );

    create unique index factors_totp on factors (user_id, (activated_at is null)) where kind = 'totp';

    create index factors_of_user on factors (user_id);

    create index factors_unfinished on factors (created_at) where activated_at is null;

    create table recovery_codes (hash text primary key, user_id uuid not null references users, created_at timestamptz not null, used_at timestamptz);

    create index recovery_codes_of_user on recovery_codes (user_id);

    create table sign_in_challenges (
      hash text primary key, user_id uuid not null references users, tries integer not null default 0,
      created_at timestamptz not null, expires_at timestamptz not null, used_at timestamptz
    );

    create index sign_in_challenges_of_user on sign_in_challenges (user_id);

    create index sign_in_challenges_by_expiry on sign_in_challenges (expires_at);

    create table email_changes (
      id uuid primary key, user_id uuid not null references users, email text not null, email_key text not null, old_email text not null,
      created_at timestamptz not null, confirmed_at timestamptz
    );

    create index email_changes_of_user on email_changes (user_id, id);

    create index email_changes_by_age on email_changes (created_at);

    create table mailed_tokens (
      hash text primary key, user_id uuid not null references users, purpose text not null check (purpose in ('reset_password', 'verify_email', 'change_email')),
      email_key text not null, change_id uuid references email_changes on delete cascade, created_at timestamptz not null, expires_at timestamptz not null, used_at timestamptz
    );

    create index mailed_tokens_of_user on mailed_tokens (user_id);

    create index mailed_tokens_of_change on mailed_tokens (change_id) where change_id is not null;

    create index mailed_tokens_by_expiry on mailed_tokens (expires_at);

    create table letters (
      id uuid primary key, user_id uuid references users, kind text not null, language text not null check (language in ('en', 'fr')), change_id uuid,
      attempts integer not null default 0, due_at timestamptz not null, created_at timestamptz not null
    );

    create index letters_due on letters (due_at);

    comment on column letters.user_id is 'Null: nobody has that address. The row is there so that asking for a reset is the same work either way.';
  `)
  for (const table of ['factors', 'recovery_codes', 'sign_in_challenges', 'email_changes', 'mailed_tokens', 'letters']) await own(db, table, { by: 'user', grants: 'select, insert, update, delete' })
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await script(db, `
    drop table letters, mailed_tokens, email_changes, sign_in_challenges, recovery_codes, factors;

    alter table sessions drop column proved_at;

    alter table users drop column email_verified_at;
  `)
}
