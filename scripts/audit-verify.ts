// Verifies the record: npm run audit:verify -- export.jsonl | --database <url> | (nothing: the instance that runs in DATA_DIR)
// Exit codes: 0 it holds; 1 it is broken, or the head that was noted is not in it; 2 it could not be verified.
import { createReadStream, existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs, styleText } from 'node:util'
import { readCheckpoint } from '../server/src/domains/audit/anchors/checkpoint-line.ts'
import { linesOf } from '../server/src/domains/audit/verify/lines-of.ts'
import { verifyExport, type ExportVerdict } from '../server/src/domains/audit/verify/verify-export.ts'
import { ownKey, runningUrl, verifyDatabase } from './audit-verify-database.ts'
import { createProgress } from './audit-verify-progress.ts'
import { EN, FR, type Words } from './audit-verify-words.ts'

const HOLDS = 0
const BROKEN = 1
const UNUSABLE = 2

const OPTIONS = {
  head: { type: 'string' }, anchors: { type: 'string' }, key: { type: 'string', multiple: true }, database: { type: 'string' }, identity: { type: 'string' }, lang: { type: 'string' },
} as const

type Given = { file: string | undefined; head: string | undefined; anchors: string | undefined; keys: string[]; database: string | undefined; identity: string | undefined; lang: string | undefined }

const green = (text: string): string => styleText('green', text, { stream: process.stdout })
const red = (text: string): string => styleText('red', text, { stream: process.stdout })
const here = (path: string): string => resolve(process.env.INIT_CWD ?? '.', path)

function readArguments(): Given | undefined {
  try {
    const { values, positionals: [file, ...more] } = parseArgs({ args: joined(process.argv.slice(2)), allowPositionals: true, options: OPTIONS })
    const { head, anchors, key = [], database, identity, lang } = values
    const usable = more.length === 0 && (head === undefined || /^[0-9a-f]{64}$/.test(head)) && key.every((one) => /^[\w-]{43}$/.test(one))
      && (lang === undefined || /^(en|fr)$/.test(lang)) && (file === undefined || (database === undefined && identity === undefined)) && (file !== undefined || head === undefined)
    return usable ? { file, head, anchors, keys: key, database, identity, lang } : undefined
  } catch {
    return undefined
  }
}

/** `--key` with its value in one: a key in base64url may begin with a dash, which would read as an option. */
const joined = (given: string[]): string[] => given.flatMap((one, at) => (given[at - 1] === '--key' ? [] : one === '--key' ? [`--key=${given[at + 1] ?? ''}`] : [one]))

/** Checkpoints of a file by chain, and how many of its lines hold none: a crash may have cut one. */
async function readAnchors(path: string | undefined): Promise<{ anchors: Map<string, string[]>; unreadable: number }> {
  const anchors = new Map<string, string[]>()
  let unreadable = 0
  if (path === undefined) return { anchors, unreadable }
  for await (const line of linesOf(createReadStream(path))) {
    const chain = readCheckpoint(line)?.chain
    if (chain === undefined) unreadable += line === '' ? 0 : 1
    else anchors.set(chain, [...anchors.get(chain) ?? [], line])
  }
  return { anchors, unreadable }
}

function report(words: Words, verdict: Exclude<ExportVerdict, { kind: 'unusable' }>, head: string | undefined): number {
  const { header, state, anchored } = verdict
  const rows = [[words.identity, header.identity_id], [words.exported, header.exported_at], [words.events, words.number(header.events)], [words.head, header.head]] as const
  const width = Math.max(...rows.map(([name]) => name.length))
  console.log(`\n${rows.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`).join('\n')}\n`)
  if (verdict.kind === 'broken') {
    console.log(`${red('✘')} ${words.broken(verdict.fault)}\n  ${words.because[verdict.fault.because]}\n  ${words.before(state.seq)}\n`)
    return BROKEN
  }
  if (verdict.noted === false) {
    console.log(`${red('✘')} ${words.noHead(head ?? '')}\n`)
    return BROKEN
  }
  console.log(`${green('✔')} ${words.holds(state.seq)}`)
  console.log(`  ${words.anchored(anchored.events, anchored.at, state.seq - anchored.events)}`)
  if (anchored.unknown > 0) console.log(`  ${words.unknownKeys(anchored.unknown)}`)
  if (anchored.ownKey && anchored.events > 0) console.log(`  ${words.ownKey}`)
  console.log(`  ${verdict.noted ? words.noted : words.adviseHead}\n`)
  return HOLDS
}

async function verifyFile(words: Words, given: Given & { file: string }): Promise<number> {
  const progress = createProgress(words)
  try {
    const { anchors, unreadable } = await readAnchors(given.anchors && here(given.anchors))
    if (unreadable > 0) console.error(words.unreadableAnchors(unreadable))
    const input = given.file === '-' ? process.stdin : createReadStream(here(given.file), { highWaterMark: 262_144 })
    const verdict = await verifyExport(linesOf(input as AsyncIterable<Buffer>), { noted: given.head, keys: given.keys, anchors: [...anchors.values()].flat(), onProgress: progress.show })
    progress.clear()
    if (verdict.kind !== 'unusable') return report(words, verdict, given.head)
    console.error(words.unusable[verdict.because](given.file))
  } catch (error) {
    console.error(words.unreadable(given.file, (error as NodeJS.ErrnoException).code ?? ''))
  }
  return UNUSABLE
}

async function verifyRunning(words: Words, given: Given): Promise<number> {
  const dataDir = here(process.env.DATA_DIR ?? './data')
  const url = given.database ?? (process.env.DATABASE_URL || await runningUrl(dataDir))
  if (!url) {
    console.error(`${words.notRunning(dataDir)}\n${words.usage}`)
    return UNUSABLE
  }
  const kept = process.env.AUDIT_ANCHOR_FILE ? here(process.env.AUDIT_ANCHOR_FILE) : join(dataDir, 'audit-anchors.jsonl')
  const file = given.anchors ? here(given.anchors) : given.database === undefined && existsSync(kept) ? kept : undefined
  const key = given.keys.length === 0 && given.database === undefined ? await ownKey(dataDir) : undefined
  const progress = createProgress(words)
  const [total, broken, unknown] = [{ chains: 0, events: 0, anchored: 0 }, { chains: 0 }, { checkpoints: 0 }]
  try {
    const { anchors, unreadable } = await readAnchors(file)
    if (unreadable > 0) console.error(words.unreadableAnchors(unreadable))
    for await (const { identityId, verified } of verifyDatabase({ url, keys: key ? [key] : given.keys, anchors, identity: given.identity, onProgress: progress.show })) {
      progress.clear()
      total.chains += 1
      total.events += verified.events
      total.anchored += verified.anchored
      unknown.checkpoints += verified.unknown
      if (verified.first_broken) {
        broken.chains += 1
        console.log(`${red('✘')} ${identityId}  ${words.brokenAt(verified.first_broken.seq)} ${words.because[verified.first_broken.because]}`)
      } else console.log(`${green('✔')} ${identityId}  ${words.anchored(verified.anchored, verified.anchored_at, verified.not_anchored)}`)
    }
  } catch (error) {
    console.error(words.noDatabase((error as NodeJS.ErrnoException).code ?? ''))
    return UNUSABLE
  }
  if (total.chains === 0) {
    console.error(words.noChain)
    return UNUSABLE
  }
  console.log(`\n${broken.chains === 0 ? green('✔') : red('✘')} ${words.total({ ...total, broken: broken.chains })}\n${unknown.checkpoints > 0 ? `  ${words.unknownKeys(unknown.checkpoints)}\n` : ''}${file ? '' : `  ${words.adviseAnchors}\n`}`)
  return broken.chains === 0 ? HOLDS : BROKEN
}

async function main(): Promise<number> {
  const given = readArguments()
  const locale = given?.lang ?? (process.env.LC_ALL || process.env.LC_MESSAGES || process.env.LANG || '')
  const words: Words = /^fr/i.test(locale) ? FR : EN
  if (!given) {
    console.error(words.usage)
    return UNUSABLE
  }
  const { file } = given
  return file === undefined ? verifyRunning(words, given) : verifyFile(words, { ...given, file })
}

process.exitCode = await main()
