// npm test [-- file …]: types, lint, then every test against a PostgreSQL of its own. See docs/guides/operate.md.
import { spawn } from 'node:child_process'
import { globSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmbeddedPostgres } from '../server/src/platform/db/embedded.ts'

const only = process.argv.slice(2)

/** Runs one command of the project's; its exit code. */
function run(command: string, args: string[], env: Record<string, string> = {}): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: 'inherit', env: { ...process.env, ...env } })
    child.on('exit', (code) => resolve(code ?? 1))
  })
}

async function step(name: string, work: () => Promise<number>): Promise<void> {
  const started = performance.now()
  const code = await work()
  process.stdout.write(`${code === 0 ? 'ok    ' : 'FAILED'} ${name} (${((performance.now() - started) / 1_000).toFixed(1)} s)\n`)
  if (code !== 0) process.exitCode = 1
}

async function runTests(files: string[]): Promise<number> {
  const dataDir = await mkdtemp(join(tmpdir(), 'chenu-tests-'))
  const postgres = await startEmbeddedPostgres({ dataDir, maxConnections: 400 })
  try {
    process.env.CHENU_TEST_POSTGRES = postgres.ownerUrl
    const { ensureTemplate } = await import('../server/src/testing/database.ts')
    await ensureTemplate()
    return await run(process.execPath, ['--test', '--test-concurrency=3', '--test-timeout=240000', '--test-reporter=spec', ...files])
  } finally {
    await postgres.stop()
    await rm(dataDir, { recursive: true, force: true })
  }
}

if (only.length === 0) {
  await step('types', () => run('node_modules/.bin/tsc', ['--noEmit', '-p', '.']))
  await step('lint', () => run('node_modules/.bin/oxlint', ['--deny-warnings']))
}
await step('tests', () => runTests(only.length > 0 ? only : globSync(['server/**/*.test.ts', 'scripts/**/*.test.ts', 'bench/**/*.test.ts']).toSorted()))
