// Migrations by hand: npm run migrate -- up | down | current | new <name>. The server applies pending ones at its start.
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startEmbeddedPostgres } from '../server/src/platform/db/embedded.ts'
import { lockInstance } from '../server/src/platform/db/instance-lock.ts'
import { listMigrations, migrateDown, migrateUp, openAsOwner, type Owner } from '../server/src/platform/db/migrate.ts'
import { readSettings } from '../server/src/platform/settings.ts'
import { StartupError } from '../server/src/platform/startup-error.ts'
import { nextMigration } from './new-migration.ts'

const ROOT = join(import.meta.dirname, '..')
const FOLDER = join(ROOT, 'server/migrations')
const USAGE = 'Usage: npm run migrate -- up | down | current | new <name of a few words>'

/** Works as the owner of the database: the one in DATABASE_URL, or the embedded one, which is started and stopped. */
async function withOwner(work: (owner: Owner) => Promise<void>): Promise<void> {
  const { DATA_DIR, DATABASE_URL } = readSettings(process.env)
  if (DATABASE_URL) return useAndClose(await openAsOwner(DATABASE_URL), work)
  const lock = await lockInstance(DATA_DIR)
  try {
    const postgres = await startEmbeddedPostgres({ dataDir: DATA_DIR })
    try {
      await useAndClose(await openAsOwner(postgres.ownerUrl), work)
    } finally {
      await postgres.stop()
    }
  } finally {
    lock.release()
  }
}

async function useAndClose(owner: Owner, work: (owner: Owner) => Promise<void>): Promise<void> {
  try {
    await work(owner)
  } finally {
    await owner.close()
  }
}

async function up({ db }: Owner): Promise<void> {
  const applied = await migrateUp(db)
  console.log(applied.length > 0 ? `Applied ${applied.join(', ')}.` : 'Nothing to apply.')
}

async function down({ db }: Owner): Promise<void> {
  const [undone] = await migrateDown(db)
  console.log(undone ? `Took ${undone} back.` : 'Nothing to take back.')
}

async function current({ db }: Owner): Promise<void> {
  for (const { name, at } of await listMigrations(db)) console.log(`${at ? at.toISOString() : 'pending'.padEnd(24)}  ${name}`)
}

function addFile(words: string[]): void {
  const next = nextMigration(readdirSync(FOLDER), words.join(' '))
  if (!next) throw new StartupError(USAGE)
  writeFileSync(join(FOLDER, next.file), next.text, { flag: 'wx' })
  console.log(`Wrote server/migrations/${next.file}. Fill in up and down, then run: npm run migrate -- up && npm run db:types`)
}

try {
  if (existsSync(join(ROOT, '.env'))) process.loadEnvFile(join(ROOT, '.env'))
  const [verb = '', ...words] = process.argv.slice(2)
  const verbs: Record<string, (owner: Owner) => Promise<void>> = { up, down, current }
  const chosen = verbs[verb]
  if (verb === 'new') addFile(words)
  else if (chosen) await withOwner(chosen)
  else throw new StartupError(USAGE)
} catch (error) {
  console.error(error instanceof StartupError ? error.message : error)
  process.exitCode = 1
}
