import type { Kysely } from 'kysely'
import { script } from './owned.ts'

const SHOWN = [
  ['note', "'title', 'body', 'sphere_id', 'binned_at'"], ['task', "'title', 'due_at', 'status', 'sphere_id', 'binned_at'"], ['contact', "'name', 'email', 'binned_at'"],
  ['thread', "'title', 'status', 'sphere_id', 'binned_at'"], ['message', "'peer_name', 'peer_address', 'subject', 'read_at'"],
  ['identity', "'name'"],
] as const

/** The life of a checkpoint: what its approver is shown, where it came from, how it ended, and how far its effect got. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await script(db, `
    alter table checkpoints
      add column shown jsonb, add column shown_hash text,
      add column parent_id uuid, add column ended_because text check (ended_because in ('taken_back', 'stale', 'edited')),
      add column outcome jsonb, add column effect_answer text check (effect_answer in ('happened', 'did_not_happen', 'repeat')), add column effect_answered_at timestamptz;

    alter table checkpoints drop constraint checkpoints_effect_state_check;

    alter table checkpoints add constraint checkpoints_effect_state_check check (effect_state in ('intended', 'dispatched', 'confirmed', 'failed', 'unknown'));

    create index checkpoints_by_effect on checkpoints (identity_id, effect_state, id) where effect_state is not null;

    create index checkpoints_of_parent on checkpoints (parent_id) where parent_id is not null;

    alter table outbox add column checkpoint_id uuid;

    alter table owned_types add column shown_columns text[] not null default '{}';

    create function row_of(wanted_type text, wanted_id uuid) returns jsonb stable language plpgsql as $$
    declare kind owned_types; found jsonb;
    begin
      select * into kind from owned_types t where t.type = wanted_type;
      if kind is null or kind.shown_columns = '{}' then return null; end if;
      execute format('select to_jsonb(r) from %I r where r.id = $1', kind.table_name) into found using wanted_id;
      return (select jsonb_object_agg(e.key, e.value) from jsonb_each(found) e where e.key = any(kind.shown_columns));
    end $$;

    comment on function row_of(text, uuid) is 'What the approver of a change may read of a row. With the rights of its caller, so that row-level security hides the rows of other identities.';

    ${SHOWN.map(([type, columns]) => `update owned_types set shown_columns = array[${columns}] where type = '${type}';`).join('\n\n    ')}
  `)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await script(db, `
    drop function row_of(text, uuid);

    alter table owned_types drop column shown_columns;

    alter table outbox drop column checkpoint_id;

    drop index checkpoints_of_parent, checkpoints_by_effect;

    update checkpoints set effect_state = null where effect_state = 'failed';

    alter table checkpoints drop constraint checkpoints_effect_state_check;

    alter table checkpoints add constraint checkpoints_effect_state_check check (effect_state in ('intended', 'dispatched', 'confirmed', 'unknown'));

    alter table checkpoints
      drop column shown, drop column shown_hash, drop column parent_id, drop column ended_because,
      drop column outcome, drop column effect_answer, drop column effect_answered_at;
  `)
}
