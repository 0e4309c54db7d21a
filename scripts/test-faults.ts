// npm run test:faults [-- --long | --rounds N] [--seed N] [name …]: breaks what the server stands on, and counts what is lost, made up or done twice.
import { parseArgs } from 'node:util'
import { REPORT_MARK, type FaultReport } from '../server/src/testing/faults/report.ts'
import { allFiles, kindOf } from './test/files.ts'
import { runFiles } from './test/run-files.ts'
import { withPostgres } from './test/with-postgres.ts'

const LONG_LIMIT_MS = 4 * 3_600_000

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { long: { type: 'boolean', default: false }, rounds: { type: 'string' }, seed: { type: 'string' } },
})
if (values.rounds !== undefined && !/^[1-9]\d{0,5}$/.test(values.rounds)) throw new TypeError('--rounds takes a whole number from 1')
process.env.CHENU_FAULT_ROUNDS = values.rounds ?? (values.long ? 'long' : 'short')
if (values.seed !== undefined) process.env.CHENU_SEED = values.seed

// The models of invariants count their rounds as the faults do.
const counts = (file: string): boolean => kindOf(file) === 'faults' || file.endsWith('-model.test.ts')
const files = allFiles().filter((file) => counts(file) && (positionals.length === 0 || positionals.some((name) => file.includes(name))))
const lines: FaultReport[] = []
const results = await withPostgres(async () => {
  const { ensureTemplate } = await import('../server/src/testing/database.ts')
  await ensureTemplate()
  return runFiles(files, {
    limitMs: LONG_LIMIT_MS,
    onDiagnostic: (line) => {
      const at = line.indexOf(REPORT_MARK)
      if (at >= 0) lines.push(JSON.parse(line.slice(at + REPORT_MARK.length)) as FaultReport)
      else process.stdout.write(`${line}\n`)
    },
  })
})
printTable(lines)
if (files.length === 0 || results.some(({ failed }) => failed > 0)) process.exitCode = 1

function printTable(rows: FaultReport[]): void {
  const shown = (count: number | undefined): string => (count === undefined ? '—' : String(count))
  const cells = [
    ['fault', 'rounds', 'cases', 'lost', 'ghosts', 'doubles', 'refused', 'control', 'note'],
    ...rows.toSorted((a, b) => (a.fault < b.fault ? -1 : 1)).map((row) => [row.fault, String(row.rounds), String(row.cases), shown(row.lost), shown(row.ghosts), shown(row.doubles), shown(row.refused), row.control, row.note ?? '']),
  ]
  const widths = (cells[0] ?? []).map((_, column) => Math.max(...cells.map((line) => line[column]?.length ?? 0)))
  process.stdout.write(`\n${cells.map((line) => line.map((text, column) => text.padEnd(widths[column] ?? 0)).join('  ').trimEnd()).join('\n')}\n`)
}
