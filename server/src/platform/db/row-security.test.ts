import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import { startStore, type Member, type TestStore } from '../../testing/store.ts'

type Column = { name: string; type: string; needed: boolean; choices: string[] }
type Table = { name: string; owner: 'identity_id' | 'user_id'; columns: Column[] }

let house: TestStore
let tables: Table[]
let ada: Member
let bob: Member

before(async () => {
  house = await startStore()
  tables = await listOwned()
  ada = await house.member()
  bob = await house.member()
  for (const table of tables) for (const member of [ada, bob]) await insertRow(table, member)
})
after(() => house.close())

/** Every table of the database whose rows belong to an identity or a user, with what a row of it needs. */
async function listOwned(): Promise<Table[]> {
  const { rows } = await house.owner.query<{ table_name: string; column_name: string; data_type: string; needed: boolean; choices: string[] }>(`
    select c.table_name, c.column_name, c.data_type, c.is_nullable = 'NO' and c.column_default is null as needed,
      coalesce((select array_agg(m[1]) from pg_constraint k, regexp_matches(pg_get_constraintdef(k.oid), '''([^'']+)''::text', 'g') m
        where k.conrelid = format('public.%I', c.table_name)::regclass and k.contype = 'c' and pg_get_constraintdef(k.oid) ~ ('\\m' || c.column_name || '\\M')), '{}') as choices
    from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
    where c.table_schema = 'public' and t.table_type = 'BASE TABLE' order by c.table_name, c.ordinal_position`)
  const byTable = Map.groupBy(rows, (row) => row.table_name)
  return [...byTable].flatMap(([name, columns]) => {
    const has = (column: string): boolean => columns.some(({ column_name }) => column_name === column)
    // Accounts are a person's and reach over their identities; everything else is an identity's.
    const owner = ['identities', 'sessions', 'refresh_tokens', 'notifications'].includes(name) ? 'user_id' as const : has('identity_id') ? 'identity_id' as const : has('user_id') ? 'user_id' as const : undefined
    if (!owner) return []
    return [{ name, owner, columns: columns.map(({ column_name, data_type, needed, choices }) => ({ name: column_name, type: data_type, needed, choices })) }]
  })
}

let counter = 0

/** A value that a column takes; unique where it matters. */
function valueFor({ type, choices }: Column): unknown {
  counter += 1
  if (choices.length > 0) return choices[0]
  switch (type) {
    case 'uuid': return `00000000-0000-7000-8000-${String(counter).padStart(12, '0')}`
    case 'jsonb': return '{}'
    case 'boolean': return false
    case 'ARRAY': return []
    case 'timestamp with time zone': return new Date(0)
    case 'date': return '2026-01-02'
    case 'bytea': return '\\x00'
    case 'smallint': case 'integer': case 'bigint': case 'double precision': case 'numeric': return counter
    default: return `text ${counter}`
  }
}

async function insertRow({ name, owner, columns }: Table, member: Member): Promise<void> {
  const given = columns.filter((column) => column.needed || column.name === owner)
  const values = given.map((column) => (column.name === 'identity_id' ? member.identityId : column.name === 'user_id' ? member.userId : valueFor(column)))
  const client = await house.owner.connect()
  try {
    // What the rows refer to does not matter here.
    await client.query('set session_replication_role = replica')
    // Nor what columns promise each other: in this database of the test's own it is given up.
    const { rows: checks } = await client.query<{ conname: string }>(`select conname from pg_constraint where conrelid = $1::regclass and contype = 'c' and cardinality(conkey) > 1`, [name])
    for (const { conname } of checks) await client.query(`alter table ${name} drop constraint "${conname}"`)
    await client.query(`insert into ${name} (${given.map((column) => column.name).join(', ')}) values (${given.map((_, at) => `$${at + 1}`).join(', ')}) on conflict do nothing`, values)
    await client.query('set session_replication_role = origin')
  } finally {
    client.release()
  }
}

const ownerOf = ({ owner }: Table, member: Member): string => (owner === 'identity_id' ? member.identityId : member.userId)

/** Runs a statement in the scope of a member, as the server's role; rolled back afterwards. */
async function asServer<Row>(member: Member | undefined, statement: string): Promise<Row[]> {
  let rows: Row[] = []
  await house.store.within(member ?? {}, async (tx) => {
    rows = await tx.send(sql.raw<Row>(statement).compile(tx.db))
    throw new Error('roll back')
  }).catch((error: Error & { code?: string }) => {
    if (error.code) throw error
  })
  return rows
}

async function mayDo(table: string, right: 'SELECT' | 'INSERT' | 'UPDATE' | 'DELETE'): Promise<boolean> {
  const { rows: [answer] } = await house.store.pool.query<{ may: boolean }>('select has_table_privilege($1, $2) as may', [table, right])
  return answer?.may === true
}

test('IDB-16: every table with an owner is under row-level security', async () => {
  const { rows } = await house.owner.query<{ relname: string }>(`select relname from pg_class where relrowsecurity and relnamespace = 'public'::regnamespace`)
  const secured = new Set(rows.map(({ relname }) => relname))

  assert.ok(tables.length >= 15, `${tables.length} tables`)
  assert.deepEqual(tables.filter(({ name }) => !secured.has(name)).map(({ name }) => name), [])
})

test('IDB-16: a query that forgot its where sees the rows of its own scope alone, in every table', async () => {
  for (const table of tables) {
    const { rows: [stored] } = await house.owner.query(`select count(distinct ${table.owner})::int as owners from ${table.name} where ${table.owner} in ($1, $2)`, [ownerOf(table, ada), ownerOf(table, bob)])
    assert.equal(stored.owners, 2, `${table.name} holds rows of both`)
    if (!await mayDo(table.name, 'SELECT')) continue

    for (const member of [ada, bob]) {
      const seen = await asServer<Record<string, string>>(member, `select distinct ${table.owner} from ${table.name} where ${table.owner} is not null`)
      assert.deepEqual(seen.map((row) => row[table.owner]), [ownerOf(table, member)], table.name)
    }
  }
})

test('IDB-16: without a scope there is nothing to see, in every table', async () => {
  // What belongs to nobody, such as the rules of the instance, is everybody's to read.
  for (const { name, owner } of tables) {
    if (await mayDo(name, 'SELECT')) assert.deepEqual(await asServer(undefined, `select 1 from ${name} where ${owner} is not null`), [], name)
  }
})

test('IDB-16: an update or a delete that forgot its where changes the rows of its own scope alone', async () => {
  for (const table of tables) {
    const settable = table.columns.find(({ type }) => type !== 'ARRAY') ?? { name: table.owner }
    for (const [right, statement] of [['UPDATE', `update ${table.name} set ${settable.name} = ${settable.name} returning ${table.owner}`], ['DELETE', `delete from ${table.name} returning ${table.owner}`]] as const) {
      if (!await mayDo(table.name, right)) continue
      const touched = await asServer<Record<string, string>>(ada, statement).catch((error: { code?: string }) => {
        assert.equal(error.code, '23503', `${right} ${table.name}`)
        return []
      })
      assert.ok(touched.every((row) => row[table.owner] === ownerOf(table, ada)), `${right} ${table.name}`)
    }
  }
})

test('IDB-16: a row cannot be written into another scope', async () => {
  for (const table of tables) {
    if (!await mayDo(table.name, 'INSERT')) continue
    const given = table.columns.filter((column) => column.needed || column.name === table.owner)
    const values = given.map((column) => {
      const value = column.name === 'identity_id' ? bob.identityId : column.name === 'user_id' ? bob.userId : valueFor(column)
      return value instanceof Date ? `'${value.toISOString()}'` : Array.isArray(value) ? `'{}'` : typeof value === 'number' || typeof value === 'boolean' ? String(value) : `'${String(value)}'`
    })
    await assert.rejects(asServer(ada, `insert into ${table.name} (${given.map(({ name }) => name).join(', ')}) values (${values.join(', ')})`), { code: '42501' }, table.name)
  }
})

test('IDB-16: positive control: with the policy off, the same query shows the rows of both', async () => {
  await house.owner.query('alter table notes disable row level security')
  const seen = await asServer(ada, 'select distinct identity_id from notes')
  await house.owner.query('alter table notes enable row level security')

  assert.equal(seen.length, 2)
})
