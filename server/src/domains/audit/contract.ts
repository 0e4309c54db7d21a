import { z } from 'zod'
import { pageInput } from '../../platform/http/page.ts'

export const OUTCOMES = ['done', 'held', 'denied', 'failed'] as const

/** The `format` of an export's first line. */
export const EXPORT_FORMAT = 'chenu.audit.v1'

/** Why a chain does not hold. `column_mismatch`: what is searched differs from what was hashed; `cut`: its end is gone. */
export const BROKEN_BECAUSE = [
  'missing', 'reordered', 'broken_link', 'changed', 'not_canonical', 'column_mismatch', 'other_identity', 'unreadable', 'cut', 'head_mismatch',
] as const
export type BrokenBecause = (typeof BROKEN_BECAUSE)[number]

const Ref = z.object({ type: z.string(), id: z.string() })
const Hash = z.string().length(64)

/** One link of the chain: what its event says, its number, and the hashes that tie it to the one before. */
export const AuditEvent = z.object({
  seq: z.int(), id: z.uuid(), at: z.iso.datetime(), action: z.string(), outcome: z.string(), effect: z.string().nullable(),
  actor: z.object({ kind: z.string(), id: z.string() }), via: z.string(), identity_id: z.uuid(), user_id: z.string().nullable(), request_id: z.string(),
  resource: Ref.nullable(), decision: z.looseObject({ verdict: z.string(), policies: z.array(z.string()) }).nullable(),
  /** By what right: `own`, `policy:<id>`, `grant:<id>` or `approval:<checkpoint>`. */
  permission: z.string().nullable(),
  checkpoint_id: z.string().nullable(), action_hash: z.string().nullable(), run_id: z.string().nullable(),
  /** SHA-256 of a salt and the canonical form of what the row said before, and after; `salts` opens them. */
  before: Hash.nullable(), after: Hash.nullable(),
  /** Null once the key is destroyed: by an erasure, or because their time is over. */
  details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])).nullable(),
  salts: z.object({ before: z.string().optional(), after: z.string().optional() }).nullable(),
  erased: z.boolean(),
  prev_hash: Hash, hash: Hash,
})

const Name = z.string().min(1).max(200)
const Time = z.union([z.iso.datetime({ offset: true }), z.iso.date()])

/** `from` is the first moment shown, `to` the first one no longer shown; a date alone means its midnight in UTC. */
export const ListAudit = z.strictObject({
  ...pageInput, action: Name.optional(), resource_type: Name.optional(), resource_id: Name.optional(), agent: Name.optional(),
  outcome: z.enum(OUTCOMES).optional(), from: Time.optional(), to: Time.optional(),
})

/** `events` counts the links that hold, from the first; `head` is the hash of the last of them (64 zeros: none). */
export const ChainVerdict = z.object({
  valid: z.boolean(), events: z.int(), head: Hash,
  first_broken: z.object({ seq: z.int(), because: z.enum(BROKEN_BECAUSE) }).optional(),
})
