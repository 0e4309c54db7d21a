import type { Kysely } from 'kysely'
import { script } from './owned.ts'

/** A seat at a checkpoint of an organisation's identity lasts as long as its role: who left, or was lowered, decides and sees nothing there any more. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await script(db, `
    create function seat_stands(wanted uuid, who uuid) returns boolean
    stable security definer set search_path = public, pg_temp language sql as $$
      select exists (select 1 from checkpoints c join checkpoint_deciders d on d.checkpoint_id = c.id and d.user_id = who and d.identity_id = c.identity_id
        join identities i on i.id = c.identity_id
        where c.id = wanted and (c.decider_role is null or i.organisation_id is null or exists (select 1 from organisation_members m where m.organisation_id = i.organisation_id and m.user_id = who
          and array_position(array['owner', 'admin', 'member'], m.role) <= array_position(array['owner', 'admin', 'member'], c.decider_role)))) $$;

    comment on function seat_stands(uuid, uuid) is 'Whether a user is seated at a checkpoint and still has the role that it asks for.';

    revoke execute on function seat_stands(uuid, uuid) from public;

    grant execute on function seat_stands(uuid, uuid) to chenu_server;
  `)
  await standing(db, 'seat_stands(c.id, s.user_id)')
}

const standing = (db: Kysely<unknown>, isSeated: string): Promise<void> => script(db, `
  create or replace function standing(wanted uuid, who uuid, at timestamptz) returns uuid
  stable security definer set search_path = public, pg_temp language sql as $$
    select s.user_id from checkpoints c, stands_for(who, c.identity_id, c.user_id, at) s
    where c.id = wanted and who is not null and c.type <> 'identity_boundary' and not (c.exclude_requester and s.user_id = c.user_id)
      and case when c.seated then ${isSeated} else s.user_id = c.user_id end
    order by s.depth, s.user_id limit 1 $$;
`)

export async function down(db: Kysely<unknown>): Promise<void> {
  await standing(db, 'exists (select 1 from checkpoint_deciders d where d.checkpoint_id = c.id and d.user_id = s.user_id and d.identity_id = c.identity_id)')
  await script(db, `
    drop function seat_stands(uuid, uuid);
  `)
}
