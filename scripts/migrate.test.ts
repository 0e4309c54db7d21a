import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { Client } from 'pg'
import { serverUrl } from '../server/src/testing/database.ts'
import { parseSource } from '../server/src/testing/tidy/source.ts'
import { nextMigration } from './new-migration.ts'

const NAME = `chenu_migrate_${randomBytes(6).toString('hex')}`
const url = (): string => Object.assign(new URL(serverUrl()), { pathname: `/${NAME}` }).href

async function query<Row>(address: string, statement: string): Promise<Row[]> {
  const client = new Client(address)
  await client.connect()
  try {
    return (await client.query(statement)).rows as Row[]
  } finally {
    await client.end()
  }
}

before(() => query(serverUrl(), `create database ${NAME}`))
after(() => query(serverUrl(), `drop database if exists ${NAME} with (force)`))

function migrate(...given: string[]): { code: number | null; said: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(import.meta.dirname, 'migrate.ts'), ...given], { encoding: 'utf8', env: { PATH: process.env.PATH, DATABASE_URL: url() } })
  return { code: status, said: `${stdout}${stderr}` }
}

/** Every column, index, policy, grant and function of the schema, as text. */
async function shapeOf(): Promise<string> {
  const parts = await query<{ line: string }>(url(), `
    select 'column ' || table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable || ' ' || coalesce(column_default, '') as line from information_schema.columns where table_schema = 'public' and table_name not like 'kysely%'
    union all select 'index ' || indexdef from pg_indexes where schemaname = 'public' and tablename not like 'kysely%'
    union all select 'policy ' || tablename || ' ' || policyname || ' ' || coalesce(qual, '') from pg_policies
    union all select 'grant ' || table_name || ' ' || privilege_type from information_schema.role_table_grants where grantee = 'chenu_server'
    union all select 'function ' || proname || ' ' || coalesce(proacl::text, '') from pg_proc where pronamespace = 'public'::regnamespace
    order by 1`)
  return parts.map(({ line }) => line).join('\n')
}

test('up applies everything, current says so, down takes one back, up brings it back', () => {
  assert.match(migrate('current').said, /^pending {19}0001_foundation$/m)
  assert.match(migrate('up').said, /^Applied 0001_foundation, .*\.$/m)
  assert.equal(migrate('up').said, 'Nothing to apply.\n')
  const applied = migrate('current').said
  assert.match(applied, /^\d{4}-\d\d-\d\dT[\d:.]+Z  0001_foundation$/m)
  assert.doesNotMatch(applied, /pending/)

  assert.match(migrate('down').said, /^Took \d{4}_[a-z_]+ back\.$/m)
  assert.match(migrate('current').said, /pending/)
  assert.match(migrate('up').said, /^Applied \d{4}_[a-z_]+\.$/m)
})

test('all the way down leaves nothing behind, and all the way up again gives the same schema', async () => {
  const before = await shapeOf()
  const count = migrate('current').said.trim().split('\n').length

  for (let n = 0; n < count; n += 1) assert.equal(migrate('down').code, 0)
  assert.equal(migrate('down').said, 'Nothing to take back.\n')
  assert.equal(await shapeOf(), '')

  assert.equal(migrate('up').code, 0)
  assert.equal(await shapeOf(), before)
})

test('a wrong verb, a name of other characters and a database that is not there are one sentence each', () => {
  for (const given of [[], ['sideways'], ['new'], ['new', '../../x']]) {
    const { code, said } = migrate(...given)
    assert.equal(code, 1)
    assert.match(said, /^Usage: .*\n$/)
  }
})

test('a new migration takes the next number and a name of words, and parses', () => {
  const next = nextMigration(['0001_foundation.ts', '0012_later.ts', 'owned.ts'], 'Add saved-searches')

  assert.equal(next?.file, '0013_add_saved_searches.ts')
  assert.match(next?.text ?? '', /export async function up\(db: Kysely<unknown>\)[\s\S]*export async function down/)
  parseSource('0013.ts', next?.text ?? '')
  assert.equal(nextMigration([], 'drop; table'), undefined)
})
