import { z } from 'zod'
import { pageInput } from '../../platform/http/page.ts'

export const OUTCOMES = ['done', 'held', 'denied', 'failed'] as const

/** The `format` of an export's first line. */
export const EXPORT_FORMAT = 'chenu.audit.v2'

/** Why a chain does not hold. `column_mismatch`: what is searched differs from what was hashed; `cut`: its end is gone. */
export const BROKEN_BECAUSE = [
  'missing', 'reordered', 'broken_link', 'changed', 'not_canonical', 'column_mismatch', 'other_identity', 'unreadable', 'cut', 'head_mismatch',
  'anchor_forged', 'anchor_mismatch', 'opened_mismatch', 'proof_mismatch',
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

/**
 * `events` counts the links that hold, from the first; `head` is the hash of the last of them (64 zeros: none), `root` that
 * of the tree over them. Those up to `anchored` are under a checkpoint that is signed and kept outside the database.
 */
export const ChainVerdict = z.object({
  valid: z.boolean(), events: z.int(), head: Hash, root: Hash, anchored: z.int(), anchored_at: z.iso.datetime().nullable(), not_anchored: z.int(),
  first_broken: z.object({ seq: z.int(), because: z.enum(BROKEN_BECAUSE) }).optional(),
})

export const ExportInput = z.strictObject({ format: z.enum(['jsonl', 'csv']).default('jsonl') })

const Count = z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER)

/** `size`: of how many events the tree is; without it, of the smallest checkpoint that covers the event, else of all. */
export const ProofInput = z.strictObject({ seq: Count, size: Count.optional() })

/** Leads from the leaf of one event to the root (RFC 6962, section 2.1.1); `checkpoint` is the signed one of that size. */
export const InclusionProof = z.object({
  seq: z.int(), leaf_index: z.int(), leaf_hash: Hash, size: z.int(), root: Hash, proof: z.array(Hash), checkpoint: z.unknown().nullable(),
})

export const ConsistencyInput = z.strictObject({ from: Count, to: Count.optional() })

/** Shows that the first tree is the beginning of the second (RFC 6962, section 2.1.2). */
export const ConsistencyProof = z.object({ from: z.int(), to: z.int(), from_root: Hash, to_root: Hash, proof: z.array(Hash) })

export const ListAnchors = z.strictObject(pageInput)

/** A signed checkpoint: Ed25519 over the RFC 8785 form of the other members. `chain` is SHA-256 of `chenu audit chain <identity id>`. */
export const Anchor = z.object({
  origin: z.string(), v: z.int(), chain: Hash, size: z.int(), root: Hash, head: Hash, at: z.iso.datetime(), key: z.string(), signature: z.string(),
})

export const SigningKey = z.object({ key_id: z.string(), algorithm: z.literal('Ed25519'), public_key: z.string(), origin: z.string(), chain: Hash })
