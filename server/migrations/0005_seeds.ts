import type { Kysely } from 'kysely'
import { script } from './owned.ts'

/** What the seeds need: the hash of those last written, so that a start with nothing new writes nothing; a folded text to find agents by. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await script(db, `
    create table seeds (id integer primary key check (id = 1), hash text not null);

    insert into seeds values (1, '');

    alter table agents add column search_key text not null default '';
  `)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await script(db, `
    alter table agents drop column search_key;

    drop table seeds;
  `)
}
