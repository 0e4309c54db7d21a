import { availableParallelism } from 'node:os'
import { relative } from 'node:path'
import { run } from 'node:test'
import { inspect } from 'node:util'
import { ROOT } from './files.ts'

export type FileResult = { file: string; tests: number; failed: number; skipped: number; ms: number }

type Told = { file?: string; name: string; line?: number; details: { error?: Error & { failureType?: string } } }

const TEST_LIMIT_MS = 240_000
const ours = (path: string): string => relative(ROOT, path)
const print = (text: string): void => { process.stdout.write(`${text}\n`) }

/** `limitMs` ends a file that takes longer. */
export type RunOptions = { limitMs?: number; onDiagnostic?: (line: string) => void }

/** Runs test files side by side, a process each: prints a line for each file, and everything about what failed. */
export async function runFiles(files: string[], { limitMs = TEST_LIMIT_MS, onDiagnostic = print }: RunOptions = {}): Promise<FileResult[]> {
  const results = new Map<string, FileResult>()
  const broken = new Set<string>()
  const started = new Map(files.map((file) => [file, 0]))
  const stream = run({ files, cwd: ROOT, concurrency: availableParallelism() + 1, timeout: limitMs })
  for await (const { type, data } of stream) {
    if (type === 'test:stdout' || type === 'test:stderr') process.stdout.write(data.message)
    else if (type === 'test:diagnostic' && data.file) onDiagnostic(`      ${data.message}`)
    else if (type === 'test:fail') {
      explain(data as Told)
      broken.add(ours(data.file ?? data.name))
    } else if (type === 'test:summary' && data.file) {
      const { counts, duration_ms: ms } = data
      const result = { file: ours(data.file), tests: counts.tests, failed: counts.failed + counts.cancelled, skipped: counts.skipped, ms }
      results.set(result.file, result)
      print(`${result.failed > 0 ? 'FAIL' : 'ok  '}  ${result.file}  ${result.tests} in ${(ms / 1_000).toFixed(1)} s`)
    }
  }
  // A file that could not be loaded has no summary; one whose hook failed may count no failed test.
  for (const file of started.keys()) {
    const result = results.get(file) ?? { file, tests: 0, failed: 1, skipped: 0, ms: 0 }
    results.set(file, { ...result, failed: broken.has(file) ? Math.max(1, result.failed) : result.failed })
  }
  return [...results.values()]
}

/** A suite fails because one of its tests did, which is said there. */
function explain({ file, name, line, details: { error } }: Told): void {
  if (error?.failureType === 'subtestsFailed') return
  const cause = error?.cause ?? error
  print(`\nFAIL  ${name}\n      ${file ? `${ours(file)}${line ? `:${line}` : ''}` : ''}\n${inspect(cause).replace(/^/gm, '      ')}\n`)
}
