import { chainId, isOneForm } from '../anchors/checkpoint-line.ts'
import { canonical } from '../../../platform/canonical.ts'
import type { ChainState } from '../chain.ts'
import { EXPORT_FORMAT, type BrokenBecause } from '../contract.ts'
import { openDetails } from '../details/sealed-details.ts'
import { linkLine, readAnchorLine, readHeader, readLink, type Header, type HeaderV2, type ReadLink } from '../export/export-format.ts'
import { rootOf } from '../merkle/frontier.ts'
import { provesConsistency } from '../merkle/check-proof.ts'
import { beginWalk, endWalk, expectCheckpoint, stepWalk, trust, type ChainWalk } from './chain-walk.ts'

type Fault = { line: number; seq: number; because: BrokenBecause }

/** What an export turned out to be. `state`: how far it holds; `noted`: whether the head that was noted earlier lies in it. */
export type ExportVerdict =
  | { kind: 'holds'; header: Header; state: ChainState; noted: boolean | null; anchored: Anchored }
  | { kind: 'broken'; header: Header; state: ChainState; fault: Fault; anchored: Anchored }
  | { kind: 'unusable'; because: 'empty' | 'not_an_export' }

/** How many events are under a genuine checkpoint, of when, and whose key the verifier had to believe the file for. */
export type Anchored = { events: number; at: string | null; unknown: number; ownKey: boolean }

type Given = {
  /** A head noted earlier: it must be the hash of one of the links. */
  noted?: string | undefined
  /** Public keys whose checkpoints are believed; without any, the one that the file names. */
  keys?: string[]
  /** Checkpoints kept outside the database, as lines. */
  anchors?: Iterable<string>
  onProgress?: ((links: number, of: number) => void) | undefined
}

const PROGRESS_EVERY = 10_000

/** One export under the eye of the verifier. */
type Reading = { header: Header; walk: ChainWalk; noted: boolean; line: number; anchors: number; anchoredTo: number; given: Given }

/**
 * Checks an export, holding one line at a time. Every line must be the very text that was exported, so that what any
 * JSON reader sees in it (doubled members, odd numbers) is what was proved.
 */
export async function verifyExport(lines: AsyncIterable<string>, given: Given = {}): Promise<ExportVerdict> {
  const rest = lines[Symbol.asyncIterator]()
  const first = await rest.next()
  if (first.done) return { kind: 'unusable', because: 'empty' }
  const header = readHeader(first.value)
  if (!header) return { kind: 'unusable', because: 'not_an_export' }
  const walk = beginWalk()
  const ownKey = (given.keys ?? []).length === 0
  const reading: Reading = { header, walk, noted: given.noted === walk.state.hash, line: 1, anchors: 0, anchoredTo: 0, given: ownKey && header.format === EXPORT_FORMAT ? { ...given, keys: [header.key.public_key] } : given }
  const fault = await readLines(reading, { [Symbol.asyncIterator]: () => rest })
  const { state } = walk
  const anchored = { events: walk.anchored?.size ?? 0, at: walk.anchored?.at ?? null, unknown: walk.unknown.size, ownKey }
  return fault ? { kind: 'broken', header, state, fault, anchored } : { kind: 'holds', header, state, noted: given.noted === undefined ? null : reading.noted, anchored }
}

async function readLines(reading: Reading, lines: AsyncIterable<string>): Promise<Fault | undefined> {
  const { walk, header, given } = reading
  const trusted = trust(chainId(header.identity_id), given.keys ?? [])
  for (const line of given.anchors ?? []) {
    const verdict = expectCheckpoint(walk, line, trusted)
    if (!verdict.valid) return { line: 0, seq: verdict.seq, because: verdict.because }
  }
  let gap: Fault | undefined
  for await (const text of lines) {
    reading.line += 1
    if (gap) {
      // After a gap the rest is read only to tell a link that is gone from one that stands elsewhere.
      if (readLink(text)?.link.seq === gap.seq) return { ...gap, because: 'reordered' }
      continue
    }
    const after = header.format === EXPORT_FORMAT && walk.state.seq === header.events
    const fault = after && text.startsWith('{"anchor":') ? takeAnchor(reading, header, text) : takeLink(reading, text)
    if (fault?.because !== 'missing') {
      if (fault) return fault
      continue
    }
    gap = { ...fault, seq: walk.state.seq + 1 }
  }
  return gap ?? atEnd(reading)
}

function takeLink(reading: Reading, text: string): Fault | undefined {
  const { walk, header, line, given } = reading
  const read = readLink(text)
  if (!read) return { line, seq: walk.state.seq + 1, because: 'unreadable' }
  const before = walk.state
  const verdict = stepWalk(walk, read.link)
  const because = verdict.valid ? objectionTo(text, read, header) : verdict.because
  if (because) {
    walk.state = before
    return { line, seq: read.link.seq, because }
  }
  reading.noted ||= walk.state.hash === given.noted
  if (walk.state.seq % PROGRESS_EVERY === 0) given.onProgress?.(walk.state.seq, header.events)
  return undefined
}

function objectionTo(text: string, read: ReadLink, { identity_id: identityId, format }: Header): BrokenBecause | undefined {
  if (read.identityId !== identityId) return 'other_identity'
  if (`${text}\n` !== linkLine(read.link, format === EXPORT_FORMAT ? read.opened : undefined)) return 'not_canonical'
  return read.opened === undefined || opensTruly(read, identityId) ? undefined : 'opened_mismatch'
}

/** True when what the line shows as its details is what the chain sealed. */
function opensTruly({ details, opened, id }: ReadLink, identityId: string): boolean {
  const sealed = (details as { sealed?: unknown } | undefined)?.sealed
  if (typeof sealed !== 'string') return false
  if (!opened) return true
  const found = typeof opened.key === 'string' && isOneForm(opened.key) ? openDetails(Buffer.from(opened.key, 'base64url'), { identityId, eventId: String(id) }, sealed) : undefined
  return found !== undefined && canonical(found) === canonical({ details: opened.details, salts: opened.salts })
}

/** A checkpoint of the export: signed, of this chain, with a proof that leads to the export's own root. */
function takeAnchor(reading: Reading, header: HeaderV2, text: string): Fault | undefined {
  const { walk, line, given } = reading
  const read = readAnchorLine(text)
  if (!read) return { line, seq: walk.state.seq, because: 'unreadable' }
  const { anchor, consistency } = read
  const fault = (because: BrokenBecause): Fault => ({ line, seq: anchor.size, because })
  if (anchor.size <= reading.anchoredTo) return fault('reordered')
  reading.anchors += 1
  reading.anchoredTo = anchor.size
  const verdict = expectCheckpoint(walk, JSON.stringify(anchor), trust(chainId(header.identity_id), given.keys ?? []))
  if (!verdict.valid || anchor.chain !== chainId(header.identity_id)) return fault('anchor_forged')
  if (!provesConsistency({ from: anchor.size, to: header.events, fromRoot: anchor.root, toRoot: rootOf(walk.tree), proof: consistency })) return fault('proof_mismatch')
  const genuine = walk.expected.has(anchor.size)
  walk.expected.delete(anchor.size)
  if (genuine && anchor.size > (walk.anchored?.size ?? 0)) walk.anchored = anchor
  return undefined
}

function atEnd({ walk, header, line, anchors }: Reading): Fault | undefined {
  const end = endWalk(walk, { seq: header.events, hash: header.head })
  if (!end.valid) return { line: line + 1, seq: end.seq, because: end.because }
  if (header.format !== EXPORT_FORMAT) return undefined
  if (rootOf(walk.tree) !== header.root) return { line: line + 1, seq: walk.state.seq, because: 'head_mismatch' }
  return anchors === header.anchors ? undefined : { line: line + 1, seq: walk.state.seq, because: 'cut' }
}
