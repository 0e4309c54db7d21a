// npm test [-- file …]: types, lint, then every test against a PostgreSQL of its own. See docs/guides/operate.md.
import { StartupError } from '../server/src/platform/startup-error.ts'
import { allFiles, filesNamed, kindOf } from './test/files.ts'
import { runCommand } from './test/run-command.ts'
import { runFiles } from './test/run-files.ts'
import { printSummary, rowOf, type Row } from './test/summary.ts'
import { withPostgres } from './test/with-postgres.ts'

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
