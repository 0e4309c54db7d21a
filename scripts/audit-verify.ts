// Verifies an exported audit chain offline: npm run audit:verify -- export.jsonl
import { createReadStream } from 'node:fs'
import { resolve } from 'node:path'
import { parseArgs, styleText } from 'node:util'
import { linesOf } from '../server/src/domains/audit/lines-of.ts'
import { verifyExport, type ExportVerdict } from '../server/src/domains/audit/verify-export.ts'
import { EN, FR, type Words } from './audit-verify-words.ts'

const HOLDS = 0
const BROKEN = 1
const UNUSABLE = 2

const locale = process.env.LC_ALL || process.env.LC_MESSAGES || process.env.LANG || ''
const words: Words = /^fr/i.test(locale) ? FR : EN

const green = (text: string): string => styleText('green', text, { stream: process.stdout })
const red = (text: string): string => styleText('red', text, { stream: process.stdout })

function readArguments(): { file: string; head: string | undefined } | undefined {
  try {
    const { values, positionals: [file, ...more] } = parseArgs({ allowPositionals: true, options: { head: { type: 'string' } } })
    const usable = file !== undefined && more.length === 0 && (values.head === undefined || /^[0-9a-f]{64}$/.test(values.head))
    return usable ? { file, head: values.head } : undefined
  } catch {
    return undefined
  }
}

function report(verdict: Exclude<ExportVerdict, { kind: 'unusable' }>, head: string | undefined): number {
  const { header, state } = verdict
  const rows = [[words.identity, header.identity_id], [words.exported, header.exported_at], [words.events, words.number(header.events)], [words.head, header.head]] as const
  const width = Math.max(...rows.map(([name]) => name.length))
  console.log(`\n${rows.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`).join('\n')}\n`)
  if (verdict.kind === 'broken') {
    console.log(`${red('✘')} ${words.broken(verdict.fault)}\n  ${words.because[verdict.fault.because]}\n  ${words.before(state.seq)}\n`)
    return BROKEN
  }
  if (verdict.anchored === false) {
    console.log(`${red('✘')} ${words.noAnchor(head ?? '')}\n`)
    return BROKEN
  }
  console.log(`${green('✔')} ${words.holds(state.seq)}`)
  console.log(`  ${verdict.anchored ? words.anchored : words.adviseAnchor}\n`)
  return HOLDS
}

async function main(): Promise<number> {
  const given = readArguments()
  if (!given) {
    console.error(words.usage)
    return UNUSABLE
  }
  const input = given.file === '-' ? process.stdin : createReadStream(resolve(process.env.INIT_CWD ?? '.', given.file), { highWaterMark: 262_144 })
  const onProgress = process.stderr.isTTY ? (links: number): void => { process.stderr.write(`\r  ${words.progress(links)}`) } : undefined
  try {
    const verdict = await verifyExport(linesOf(input as AsyncIterable<Buffer>), { anchor: given.head, onProgress })
    if (onProgress) process.stderr.write('\r\u001B[K')
    if (verdict.kind !== 'unusable') return report(verdict, given.head)
    console.error(words.unusable[verdict.because](given.file))
  } catch (error) {
    console.error(words.unreadable(given.file, (error as NodeJS.ErrnoException).code ?? ''))
  }
  return UNUSABLE
}

process.exitCode = await main()
