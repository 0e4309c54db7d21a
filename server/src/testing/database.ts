import { createHash, randomBytes } from 'node:crypto'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { Client, Pool } from 'pg'
import { migrateUp, openAsOwner } from '../platform/db/migrate.ts'
import { installJobs } from '../platform/jobs/install.ts'
import { seed, seedsHash } from '../seed.ts'

const MIGRATIONS = join(import.meta.dirname, '../../migrations')

/** The owner's address of the PostgreSQL that `npm test` started. */
export function serverUrl(): string {
  const url = process.env.CHENU_TEST_POSTGRES
  if (!url) throw new Error('CHENU_TEST_POSTGRES is not set: run the tests with `npm test`, or `npm test -- path/to/file.test.ts` for one file')
  return url
}

const urlOf = (database: string): string => Object.assign(new URL(serverUrl()), { pathname: `/${database}` }).href

async function asAdmin<T>(work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client(serverUrl())
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

/** The migrated database that every test's own is copied from; made once for the migrations and seeds as they are now. */
export async function ensureTemplate(): Promise<string> {
  const hash = createHash('sha256')
  for (const file of readdirSync(MIGRATIONS).toSorted()) hash.update(readFileSync(join(MIGRATIONS, file)))
  hash.update(seedsHash())
  const name = `chenu_template_${hash.digest('hex').slice(0, 12)}`
  await asAdmin(async (client) => {
    await client.query('select pg_advisory_lock(77001)')
    const { rows } = await client.query('select 1 from pg_database where datname = $1 and datistemplate', [name])
    if (rows.length > 0) return
    await client.query(`drop database if exists ${name} with (force)`)
    await client.query(`create database ${name}`)
    const owner = await openAsOwner(urlOf(name))
    try {
      await migrateUp(owner.db)
      await installJobs(urlOf(name))
      await seed(owner.db)
    } finally {
      await owner.close()
    }
    await client.query(`alter database ${name} is_template true`)
  })
  return name
}

export type TestDatabase = { url: string; name: string; owner: Pool; drop(): Promise<void> }

/** A database of the test's own, copied from the migrated template. */
export async function createDatabase(): Promise<TestDatabase> {
  const template = await ensureTemplate()
  const name = `chenu_test_${randomBytes(6).toString('hex')}`
  // One copy at a time: PostgreSQL refuses to copy a template that another session is copying.
  await asAdmin(async (client) => {
    await client.query('select pg_advisory_lock(77002)')
    await client.query(`create database ${name} template ${template} strategy file_copy`)
  })
  const owner = new Pool({ connectionString: urlOf(name), max: 4 })
  owner.on('error', () => {})
  return {
    url: urlOf(name), name, owner,
    async drop() {
      await owner.end()
      await asAdmin((client) => client.query(`drop database if exists ${name} with (force)`))
    },
  }
}
