import type { Kysely } from 'kysely'
import { own, script } from './owned.ts'

const KEPT = [['note', 'notes', 'title, body'], ['task', 'tasks', 'title, due_at, status'], ['contact', 'contacts', 'name, email'], ['thread', 'threads', 'title']] as const

/** What a record said before each change, so that an UPDATE can be undone; and the lock that an approval is spent under. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await script(db, `
    create table record_versions (
      identity_id uuid not null, type text not null, record_id uuid not null, version integer not null, data jsonb not null, replaced_at timestamptz not null,
      primary key (type, record_id, version)
    );

    create function keep_version() returns trigger security definer set search_path = public, pg_temp language plpgsql as $$
    begin
      insert into record_versions values (old.identity_id, tg_argv[0], old.id, old.version, to_jsonb(old) - 'title_key' - 'identity_id', new.updated_at)
        on conflict do nothing;
      return new;
    end $$;

    create function forget_versions() returns trigger security definer set search_path = public, pg_temp language plpgsql as $$
    begin
      delete from record_versions v where v.type = tg_argv[0] and v.record_id = old.id;
      return old;
    end $$;

    create function lock_owned(wanted_type text, wanted_id uuid) returns void volatile security definer set search_path = public, pg_temp language plpgsql as $$
    declare kind owned_types;
    begin
      select * into kind from owned_types t where t.type = wanted_type;
      if kind is null then return; end if;
      execute format('select 1 from %I r where r.id = $1 and r.identity_id = app_identity() for update', kind.table_name) using wanted_id;
    end $$;

    revoke execute on function lock_owned(text, uuid), keep_version(), forget_versions() from public;

    grant execute on function lock_owned(text, uuid) to chenu_server;
  `)
  await own(db, 'record_versions', { grants: 'select' })
  for (const [type, table, columns] of KEPT) {
    const changed = columns.split(', ').map((column) => `old.${column} is distinct from new.${column}`).join(' or ')
    await script(db, `
      create trigger keep_version before update on ${table} for each row when (${changed}) execute function keep_version('${type}');

      create trigger forget_versions after delete on ${table} for each row execute function forget_versions('${type}');
    `)
  }
}

export async function down(db: Kysely<unknown>): Promise<void> {
  for (const [, table] of KEPT) await script(db, `drop trigger keep_version on ${table}; drop trigger forget_versions on ${table};`)
  await script(db, 'drop function keep_version(); drop function forget_versions(); drop function lock_owned(text, uuid); drop table record_versions;')
}
