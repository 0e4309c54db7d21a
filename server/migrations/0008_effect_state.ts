import type { Kysely } from 'kysely'
import { script } from './owned.ts'

/** How far the effect of an approved checkpoint has come; null: nothing was approved yet. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await script(db, `
    alter table checkpoints add column effect_state text check (effect_state in ('intended', 'dispatched', 'confirmed', 'unknown'));

    create index checkpoints_unsettled on checkpoints (id) where effect_state in ('intended', 'dispatched', 'unknown');
  `)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await script(db, `
    drop index checkpoints_unsettled;

    alter table checkpoints drop column effect_state;
  `)
}
