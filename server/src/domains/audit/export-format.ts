import { z } from 'zod'
import { canonical } from '../../platform/canonical.ts'
import { EXPORT_FORMAT } from './contract.ts'
import type { Link } from './chain.ts'

const Hash = z.string().regex(/^[0-9a-f]{64}$/)
const Header = z.strictObject({ format: z.literal(EXPORT_FORMAT), identity_id: z.string(), exported_at: z.string(), events: z.int().min(0), head: Hash })

/** The first line: whose chain, when it was exported, how many links follow and the hash of the last. */
export type Header = z.output<typeof Header>

export const headerLine = (header: Omit<Header, 'format'>): string => `${canonical({ format: EXPORT_FORMAT, ...header })}\n`

/** One link as RFC 8785 text: the bytes after `"event":` are the very bytes that were hashed. */
export const linkLine = ({ event, hash, prev_hash, seq }: Link): string => `{"event":${event},"hash":"${hash}","prev_hash":"${prev_hash}","seq":${seq}}\n`

/** The header that a line holds; undefined when it is something else. */
export const readHeader = (line: string): Header | undefined => Header.safeParse(parse(line)).data

export type ReadLink = { link: Link; identityId: unknown }

/** The link that a line holds, its event in canonical form; undefined when it is none. By hand: there may be millions. */
export function readLink(line: string): ReadLink | undefined {
  try {
    const { seq, event, prev_hash, hash } = JSON.parse(line) as Record<string, unknown>
    if (!Number.isSafeInteger(seq) || typeof prev_hash !== 'string' || typeof hash !== 'string' || typeof event !== 'object' || event === null) return undefined
    return { link: { seq: Number(seq), event: canonical(event), prev_hash, hash }, identityId: (event as { identity_id?: unknown }).identity_id }
  } catch {
    return undefined
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
