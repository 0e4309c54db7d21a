import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { ROOT } from './files.ts'
import type { Row } from './summary.ts'

/** Runs a program of our dependencies, and shows what it says when it fails. */
export async function runCommand(kind: string, program: string, args: string[]): Promise<Row> {
  const started = performance.now()
  const child = spawn(join(ROOT, 'node_modules/.bin', program), args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] })
  const ended = new Promise<number>((done) => {
    child.once('error', () => { done(1) })
    child.once('close', (code) => { done(code ?? 1) })
  })
  const [code, out, err] = await Promise.all([ended, text(child.stdout), text(child.stderr)])
  if (code !== 0) process.stdout.write(`\n${program} ${args.join(' ')}\n${out}${err}\n`)
  return { kind, files: null, tests: null, failed: code === 0 ? 0 : 1, skipped: 0, ms: performance.now() - started, slowest: null }
}
