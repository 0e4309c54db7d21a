import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { Kysely, PostgresDialect } from 'kysely'
import { Migrator, type Migration, type MigrationResult } from 'kysely/migration'
import { Pool } from 'pg'
import { StartupError } from '../startup-error.ts'
import { databaseRefusal } from './database-refusal.ts'

const FOLDER = join(import.meta.dirname, '../../../migrations')

export type Owner = { db: Kysely<unknown>; pool: Pool; close(): Promise<void> }

/** Opens the database as its owner: for migrations and seeds alone; the server works under its own role. */
export async function openAsOwner(url: string): Promise<Owner> {
  const pool = new Pool({ connectionString: url, max: 2, connectionTimeoutMillis: 5_000, application_name: 'chenu-owner' })
  pool.on('error', () => {})
  await ensureReachable(pool)
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) })
  return { db, pool, close: () => db.destroy() }
}

const OLDEST_MAJOR = 15
const NEWEST_MAJOR = 18

async function ensureReachable(pool: Pool): Promise<void> {
  try {
    const { rows } = await pool.query<{ version: string }>(`select current_setting('server_version_num') as version`)
    ensureSupported(Number(rows[0]?.version))
  } catch (error) {
    await pool.end()
    const refusal = databaseRefusal(error)
    if (refusal instanceof StartupError) throw refusal
    throw new StartupError('DATABASE_URL: no PostgreSQL answers at that address.')
  }
}

/** Throws StartupError for a release of PostgreSQL that is not supported. @param version as in `server_version_num`, such as 150018 */
export function ensureSupported(version: number): void {
  const major = Math.floor(version / 10_000)
  if (!(major >= OLDEST_MAJOR && major <= NEWEST_MAJOR)) throw new StartupError(`DATABASE_URL: PostgreSQL ${major} is not supported; use ${OLDEST_MAJOR} to ${NEWEST_MAJOR}.`)
}

async function readMigrations(): Promise<Record<string, Migration>> {
  const files = (await readdir(FOLDER)).filter((file) => /^\d{4}_[a-z_]+\.ts$/.test(file)).toSorted()
  const entries = await Promise.all(files.map(async (file) => [file.slice(0, -3), await import(join(FOLDER, file)) as Migration] as const))
  return Object.fromEntries(entries)
}

const migratorOf = (db: Kysely<unknown>): Migrator => new Migrator({ db, provider: { getMigrations: readMigrations } })

const namesOf = ({ results, error }: { results?: MigrationResult[]; error?: unknown }): string[] => {
  if (error) throw error
  return (results ?? []).map((result) => result.migrationName)
}

/** Applies every pending migration, all in one transaction; the names of those applied. */
export const migrateUp = async (db: Kysely<unknown>): Promise<string[]> => namesOf(await migratorOf(db).migrateToLatest())

/** Takes the newest migration back; its name, or nothing when none is left. */
export const migrateDown = async (db: Kysely<unknown>): Promise<string[]> => namesOf(await migratorOf(db).migrateDown())

/** Every migration with the time it was applied, undefined for a pending one. */
export const listMigrations = async (db: Kysely<unknown>): Promise<Array<{ name: string; at: Date | undefined }>> =>
  (await migratorOf(db).getMigrations()).map(({ name, executedAt }) => ({ name, at: executedAt }))
