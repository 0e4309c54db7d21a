import { checkHead, checkLink, EMPTY, type ChainState } from './chain.ts'
import type { BrokenBecause } from './contract.ts'
import { linkLine, readHeader, readLink, type Header, type ReadLink } from './export-format.ts'

type Fault = { line: number; seq: number; because: BrokenBecause }

export type ExportVerdict =
  | { kind: 'holds'; header: Header; state: ChainState; anchored: boolean | null }
  | { kind: 'broken'; header: Header; state: ChainState; fault: Fault }
  | { kind: 'unusable'; because: 'empty' | 'not_an_export' }

type Given = {
  /** A head noted earlier: it must be the hash of one of the links. */
  anchor?: string | undefined
  onProgress?: ((links: number) => void) | undefined
}

const PROGRESS_EVERY = 50_000

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
  const { state, anchored, fault, line } = await walkLinks({ [Symbol.asyncIterator]: () => rest }, header, given)
  if (fault) return { kind: 'broken', header, state, fault }
  const end = checkHead(state, { seq: header.events, hash: header.head })
  if (!end.valid) return { kind: 'broken', header, state, fault: { line, seq: end.seq, because: end.because } }
  return { kind: 'holds', header, state, anchored: given.anchor === undefined ? null : anchored }
}

type Walked = { state: ChainState; anchored: boolean; fault?: Fault; /** The line after the last. */ line: number }

async function walkLinks(lines: AsyncIterable<string>, header: Header, { anchor, onProgress }: Given): Promise<Walked> {
  let state: ChainState = EMPTY
  let anchored = anchor === EMPTY.hash
  let gap: Fault | undefined
  let line = 1
  for await (const text of lines) {
    line += 1
    const read = readLink(text)
    if (gap) {
      // After a gap the rest is read only to tell a link that is gone from one that stands elsewhere.
      if (read?.link.seq === gap.seq) return { state, anchored, fault: { ...gap, because: 'reordered' }, line }
      continue
    }
    const because = faultOf(text, read, { header, state })
    if (!read || (because && because !== 'missing')) return { state, anchored, fault: { line, seq: read?.link.seq ?? state.seq + 1, because: because ?? 'unreadable' }, line }
    if (because) {
      gap = { line, seq: state.seq + 1, because }
      continue
    }
    state = { seq: read.link.seq, hash: read.link.hash }
    anchored ||= state.hash === anchor
    if (state.seq % PROGRESS_EVERY === 0) onProgress?.(state.seq)
  }
  return { state, anchored, ...(gap ? { fault: gap } : {}), line: line + 1 }
}

function faultOf(text: string, read: ReadLink | undefined, { header, state }: { header: Header; state: ChainState }): BrokenBecause | undefined {
  if (!read) return 'unreadable'
  const verdict = checkLink(state, read.link)
  if (!verdict.valid) return verdict.because
  if (read.identityId !== header.identity_id) return 'other_identity'
  return `${text}\n` === linkLine(read.link) ? undefined : 'not_canonical'
}
