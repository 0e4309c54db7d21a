import { sql, type Kysely } from 'kysely'

type AnyDb = Kysely<unknown>

/** Runs a script of several statements. Migrations own their text, so nothing here comes from a caller. */
export const script = async (db: AnyDb, text: string): Promise<void> => { await sql.raw(text).execute(db) }

/**
 * Puts a table under row-level security: the server's role sees only the rows of the scope's identity
 * (or, for `by: 'user'`, of its user), unless the transaction declares one of our services.
 */
export const own = (db: AnyDb, table: string, given: { grants: string; by?: 'identity' | 'user' }): Promise<void> => script(db, `
  alter table ${table} enable row level security;
  create policy own on ${table} using (${given.by ?? 'identity'}_id = app_${given.by ?? 'identity'}() or app_service() <> '');
  grant ${given.grants} on ${table} to chenu_server;
`)

/** Tells the boundary check where rows of a type live, so that a foreign id is told from one that exists nowhere. */
export const announce = (db: AnyDb, given: { type: string; table: string; sphere: boolean; version: boolean; title?: string }): Promise<void> => script(db, `
  insert into owned_types (type, table_name, has_sphere, has_version, title_column) values ('${given.type}', '${given.table}', ${given.sphere}, ${given.version}, ${given.title ? `'${given.title}'` : 'null'});
`)
