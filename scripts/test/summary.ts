import { KINDS } from './files.ts'
import type { FileResult } from './run-files.ts'

const SLOW_SHOWN = 8

/** One line of the summary; `ms` of test files counts each for itself, though they run side by side. */
export type Row = { kind: string; files: number | null; tests: number | null; failed: number; skipped: number; ms: number; slowest: FileResult[] | null }

const sum = (numbers: number[]): number => numbers.reduce((a, b) => a + b, 0)
const seconds = (ms: number): string => (ms / 1_000).toFixed(1)

export function rowOf(kind: string, results: FileResult[]): Row {
  return {
    kind, files: results.length, tests: sum(results.map(({ tests }) => tests)), failed: sum(results.map(({ failed }) => failed)),
    skipped: sum(results.map(({ skipped }) => skipped)), ms: sum(results.map(({ ms }) => ms)), slowest: results,
  }
}

/** Prints what ran, how it ended and how long it took. */
export function printSummary(rows: Row[], wallMs: number): void {
  const order = ['types', 'lint', ...KINDS]
  const sorted = rows.toSorted((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind))
  const cells = [
    ['', 'files', 'tests', 'failed', 'skipped', 'seconds'],
    ...sorted.map((row) => [row.kind, String(row.files ?? ''), String(row.tests ?? ''), String(row.failed), String(row.skipped), seconds(row.ms)]),
    ['all', ...(['files', 'tests', 'failed', 'skipped'] as const).map((name) => String(sum(rows.map((row) => row[name] ?? 0)))), seconds(wallMs)],
  ]
  process.stdout.write(`\n${cells.map(([name = '', ...numbers]) => `${name.padEnd(18)}${numbers.map((text) => text.padStart(9)).join('')}`).join('\n')}\n`)
  const files = rows.flatMap(({ slowest }) => slowest ?? [])
  const slow = files.toSorted((a, b) => b.ms - a.ms).slice(0, SLOW_SHOWN)
  if (files.length > SLOW_SHOWN) process.stdout.write(`\nslowest: ${slow.map(({ file, ms }) => `${file} ${seconds(ms)} s`).join(', ')}\n`)
  const failing = files.filter(({ failed }) => failed > 0)
  if (failing.length > 0) process.stdout.write(`\nfailed: ${failing.map(({ file }) => file).join(', ')}\n`)
}
