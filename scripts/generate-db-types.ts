// Writes server/src/platform/db/generated.ts from a freshly migrated database: npm run db:types
import { execFileSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmbeddedPostgres } from '../server/src/platform/db/embedded.ts'
import { migrateUp, openAsOwner } from '../server/src/platform/db/migrate.ts'

const dataDir = await mkdtemp(join(tmpdir(), 'chenu-types-'))
const postgres = await startEmbeddedPostgres({ dataDir })
const owner = await openAsOwner(postgres.ownerUrl)
try {
  await migrateUp(owner.db)
  // Views called …_rows are there for the boundary check in the database alone (migration 0004).
  execFileSync('node_modules/.bin/kysely-codegen', ['--dialect', 'postgres', '--url', postgres.ownerUrl, '--default-schema', 'public', '--include-pattern', 'public.*', '--exclude-pattern', 'public.{kysely_*,*_rows}', '--out-file', 'server/src/platform/db/generated.ts'], { stdio: 'inherit' })
} finally {
  await owner.close()
  await postgres.stop()
  await rm(dataDir, { recursive: true, force: true })
}
