import { randomInt } from 'node:crypto'
import type { Pool } from 'pg'
import { newId } from '../../../platform/ids.ts'

type Column = { name: string; type: string; check: string | null }

/** Tables whose rows belong to an identity, except those that an erasure leaves. */
export async function ownedTables(owner: Pool): Promise<string[]> {
  const { rows } = await owner.query<{ name: string }>(`
    select c.table_name as name from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
    where c.table_schema = 'public' and c.column_name = 'identity_id' and t.table_type = 'BASE TABLE' order by 1`)
  return rows.map(({ name }) => name)
}

/** A value that fits a column: the canary wherever a text may stand, else something of its type and of its check. */
function valueFor({ type, check }: Column, canary: string): unknown {
  const allowed = /'([^']+)'::/.exec(check ?? '')?.[1]
  if (allowed !== undefined && /^(text|character varying)$/.test(type)) return allowed
  switch (type) {
    case 'text': case 'character varying': return `${canary} ${newId()}`
    case 'jsonb': case 'json': return JSON.stringify({ canary })
    case 'text[]': return [canary]
    case 'uuid': return newId()
    case 'uuid[]': return [newId()]
    case 'smallint[]': case 'integer[]': return [1]
    case 'boolean': return true
    case 'date': return '2026-01-02'
    case 'bytea': return Buffer.from(canary)
    case 'bigint': case 'integer': return check === null ? randomInt(1_000_000_000) : 1
    default: return /timestamp/.test(type) ? '2026-01-02T03:04:05Z' : 1
  }
}

/** Writes one row into a table that belongs to the identity and holds the canary in every column that can. As the owner, past every key to other tables. */
export async function plantCanary(owner: Pool, { table, identityId, canary }: { table: string; identityId: string; canary: string }): Promise<void> {
  const { rows } = await owner.query<Column>(`
    select a.attname as name, format_type(a.atttypid, null) as type,
      (select string_agg(pg_get_constraintdef(k.oid), ' ') from pg_constraint k where k.conrelid = a.attrelid and k.contype = 'c' and a.attnum = any (k.conkey) and cardinality(k.conkey) = 1) as check
    from pg_attribute a where a.attrelid = $1::regclass and a.attnum > 0 and not a.attisdropped and a.attgenerated = '' and a.attidentity = ''`, [table])
  const names = rows.map(({ name }) => `"${name}"`).join(', ')
  const client = await owner.connect()
  try {
    await client.query('begin; set local session_replication_role = replica')
    // What columns promise each other is no matter here: in this database of the test's own it is given up.
    const checks = await client.query<{ name: string }>(`select conname as name from pg_constraint where conrelid = $1::regclass and contype = 'c' and cardinality(conkey) > 1`, [table])
    for (const { name } of checks.rows) await client.query(`alter table ${table} drop constraint "${name}"`)
    await client.query(`insert into ${table} (${names}) values (${rows.map((_, n) => `$${n + 1}`).join(', ')})`, rows.map((column) => (column.name === 'identity_id' ? identityId : valueFor(column, canary))))
    await client.query('commit')
  } finally {
    await client.query('rollback')
    client.release()
  }
}

/** Every table of the database, the queue's included, in which a text still stands. */
export async function tablesWith(owner: Pool, text: string): Promise<string[]> {
  const { rows } = await owner.query<{ name: string }>(`select format('%I.%I', table_schema, table_name) as name from information_schema.tables where table_schema in ('public', 'pgboss') and table_type = 'BASE TABLE'`)
  const found: string[] = []
  for (const { name } of rows) if ((await owner.query(`select 1 from ${name} r where to_jsonb(r)::text like $1 limit 1`, [`%${text}%`])).rows.length > 0) found.push(name)
  return found
}
