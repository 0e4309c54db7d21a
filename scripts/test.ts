// npm test [-- file …]: types, lint, then every test against a PostgreSQL of its own. See docs/guides/operate.md.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmbeddedPostgres } from '../server/src/platform/db/embedded.ts'
import { StartupError } from '../server/src/platform/startup-error.ts'
import { allFiles, filesNamed, kindOf } from './test/files.ts'
import { runCommand } from './test/run-command.ts'
import { runFiles } from './test/run-files.ts'
import { printSummary, rowOf, type Row } from './test/summary.ts'

/** Runs `work` with a PostgreSQL of its own, or with the one that CHENU_TEST_POSTGRES names. */
async function withPostgres<T>(work: () => Promise<T>): Promise<T> {
  if (process.env.CHENU_TEST_POSTGRES) return work()
  const dataDir = await mkdtemp(join(tmpdir(), 'chenu-tests-'))
  const postgres = await startEmbeddedPostgres({ dataDir, maxConnections: 400 })
  const close = async (): Promise<void> => {
    await postgres.stop()
    await rm(dataDir, { recursive: true, force: true })
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => { void close().finally(() => process.exit(1)) })
  try {
    process.env.CHENU_TEST_POSTGRES = postgres.ownerUrl
    return await work()
  } finally {
    await close()
  }
}

async function test(files: string[]): Promise<Row[]> {
  const { ensureTemplate } = await import('../server/src/testing/database.ts')
  await ensureTemplate()
  const results = await runFiles(files)
  return [...Map.groupBy(results, ({ file }) => kindOf(file))].map(([kind, of]) => rowOf(kind, of))
}

try {
  const started = performance.now()
  const only = filesNamed(process.argv.slice(2))
  const checks = only ? [] : await Promise.all([runCommand('types', 'tsc', ['--noEmit', '-p', '.']), runCommand('lint', 'oxlint', ['--deny-warnings'])])
  const rows = [...checks, ...await withPostgres(() => test(only ?? allFiles()))]
  printSummary(rows, performance.now() - started)
  if (rows.some(({ failed }) => failed > 0)) process.exitCode = 1
} catch (error) {
  process.stderr.write(`${error instanceof StartupError ? error.message : error instanceof Error ? error.stack : String(error)}\n`)
  process.exitCode = 1
}
