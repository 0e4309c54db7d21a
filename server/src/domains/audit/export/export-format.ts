import { z } from 'zod'
import { canonical } from '../../../platform/canonical.ts'
import { SignedCheckpoint } from '../anchors/checkpoint-line.ts'
import type { Link } from '../chain.ts'
import { EXPORT_FORMAT } from '../contract.ts'

const Hash = z.string().regex(/^[0-9a-f]{64}$/)
const Named = { identity_id: z.string(), exported_at: z.string(), events: z.int().min(0), head: Hash }
const Header = z.discriminatedUnion('format', [
  z.strictObject({ format: z.literal('chenu.audit.v1'), ...Named }),
  z.strictObject({ format: z.literal(EXPORT_FORMAT), ...Named, root: Hash, anchors: z.int().min(0), erased: z.int().nullable(), key: z.strictObject({ id: z.string(), public_key: z.string() }) }),
])

/**
 * The first line: whose chain, when it was exported, how many links follow, the hash of the last, and the root of the tree
 * over them. `anchors` checkpoints come after the links; `erased` is the number of the last erasure's tombstone.
 */
export type Header = z.output<typeof Header>
export type HeaderV2 = Extract<Header, { format: typeof EXPORT_FORMAT }>

export const headerLine = (header: Header): string => `${canonical(header)}\n`

/** What an event's owner reads of its sealed details, and the key that opens this one event; null when it is destroyed. */
export type OpenedLine = { details: unknown; key: string; salts: unknown } | null

/** One link as RFC 8785 text: the bytes after `"event":` are the very bytes that were hashed. */
export const linkLine = ({ event, hash, prev_hash, seq }: Link, opened?: OpenedLine): string =>
  `{"event":${event},"hash":"${hash}",${opened === undefined ? '' : `"opened":${canonical(opened)},`}"prev_hash":"${prev_hash}","seq":${seq}}\n`

/** A signed checkpoint, and the proof that what it signed is the beginning of what is exported. */
export const anchorLine = (given: { anchor: SignedCheckpoint; consistency: string[] }): string => `${canonical(given)}\n`

/** The header that a line holds; undefined when it is something else. */
export const readHeader = (line: string): Header | undefined => Header.safeParse(parse(line)).data

export type ReadLink = { link: Link; identityId: unknown; id: unknown; details: unknown; opened?: OpenedLine }

/** The link that a line holds, its event in canonical form; undefined when it is none. By hand: there may be millions. */
export function readLink(line: string): ReadLink | undefined {
  try {
    const { seq, event, prev_hash, hash, opened } = JSON.parse(line) as Record<string, unknown>
    if (!Number.isSafeInteger(seq) || typeof prev_hash !== 'string' || typeof hash !== 'string' || typeof event !== 'object' || event === null) return undefined
    const { identity_id: identityId, id, details, v } = event as Record<string, unknown>
    return { link: { seq: Number(seq), event: canonical(event), prev_hash, hash }, identityId, id, details: v === 2 ? details : undefined, ...(opened === undefined ? {} : { opened: opened as OpenedLine }) }
  } catch {
    return undefined
  }
}

const AnchorLine = z.strictObject({ anchor: SignedCheckpoint, consistency: z.array(Hash).max(100) })

/** The checkpoint that a line holds; undefined when it is none, or not the text that was exported. */
export function readAnchorLine(line: string): z.output<typeof AnchorLine> | undefined {
  const { data } = AnchorLine.safeParse(parse(line))
  return data && canonical(data) === line ? data : undefined
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
