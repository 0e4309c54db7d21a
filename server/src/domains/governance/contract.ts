import { z } from 'zod'
import { ROLES } from '../policies/requirement.ts'
import { AGEING } from './checkpoints/ageing.ts'
import { Shown } from './showing/contract.ts'

export const CHECKPOINT_TYPES = ['destructive_action', 'execution_approval', 'cross_sphere', 'scope_elevation', 'identity_boundary', 'data_access', 'budget_approval'] as const
export const CHECKPOINT_STATUSES = ['pending', 'approved', 'rejected', 'expired', 'cancelled'] as const

/** How far an approved effect has come; `failed` is known not to have happened, of `unknown` nobody can say. */
export const EFFECT_STATES = ['intended', 'dispatched', 'confirmed', 'failed', 'unknown'] as const
export type EffectState = (typeof EFFECT_STATES)[number]

const BilingualText = z.object({ en: z.string(), fr: z.string() })

/** How many distinct people said yes, of how many that must. */
export const Approvals = z.object({ given: z.number().int(), needed: z.number().int(), by: z.array(z.uuid()) })
/** What became of an approved effect: done with its result, or refused by its own rules at the last moment. */
export const Outcome = z.object({
  status: z.enum(['completed', 'failed']), result: z.unknown().nullable(), error: z.object({ code: z.string(), detail: z.string() }).nullable(),
  /** The result was not kept: it is too long, or holds a secret that is shown once. */
  withheld: z.boolean(),
})

export const Checkpoint = z.object({
  id: z.uuid(),
  type: z.enum(CHECKPOINT_TYPES),
  effect: z.string(),
  status: z.enum(CHECKPOINT_STATUSES),
  /** In the language of the reader. */
  summary: z.string(),
  summary_text: BilingualText,
  tool: z.string().nullable(),
  args: z.record(z.string(), z.unknown()).nullable(),
  action_hash: z.string(),
  run_id: z.uuid().nullable(),
  created_at: z.iso.datetime(),
  expires_at: z.iso.datetime(),
  decided_at: z.iso.datetime().nullable(),
  decided_by: z.uuid().nullable(),
  note: z.string().nullable(),
  spent_at: z.iso.datetime().nullable(),
  /** By how much of its life is used up; null once it no longer waits. */
  ageing: z.enum(AGEING).nullable(),
  escalated_at: z.iso.datetime().nullable(),
  approvals: Approvals,
  /** Who must say yes: a role of the organisation, or null for the person whose identity it is; `exclude_requester` leaves out who asked. */
  requirement: z.object({ role: z.string().nullable(), exclude_requester: z.boolean() }),
  /** Fewer people may decide than must: it can only expire, or be taken back. */
  cannot_be_met: z.boolean(),
  requested_by: z.object({ kind: z.string(), id: z.string().nullable() }),
  /** What its approver sees; null for records of refusals and for what was asked before this was kept. */
  shown: Shown.nullable(),
  /** SHA-256 of `shown` (RFC 8785); sent with an approval, it says that this is what was read. */
  shown_hash: z.string().nullable(),
  /** The checkpoint that this one was opened instead of. */
  parent_id: z.uuid().nullable(),
  /** Why a cancelled one ended: taken back by the person, stale, or edited. */
  ended_because: z.enum(['taken_back', 'stale', 'edited']).nullable(),
  /** Null: nothing was approved. */
  effect_state: z.enum(EFFECT_STATES).nullable(),
  /** What its owner said of an unknown effect. */
  effect_answer: z.enum(['happened', 'did_not_happen', 'repeat']).nullable(),
  /** What came of the approved action; kept with the checkpoint. */
  outcome: Outcome.nullable(),
  /** Counts its changes. */
  version: z.int(),
})
export type CheckpointView = z.output<typeof Checkpoint>

export const CheckpointKey = z.strictObject({ checkpoint_id: z.uuid() })

/** Who must say yes, beyond what the policy asks. */
const Approvers = z.strictObject({
  quorum: z.int().min(1).max(20).default(1), role: z.enum(ROLES).nullable().default(null), exclude_requester: z.boolean().default(false), minutes: z.int().min(1).max(10_080).nullable().default(null),
})

/** Any registered action, put before its own author, or before those whom they name. */
export const CreateCheckpoint = z.strictObject({
  tool: z.string().min(3).max(100),
  args: z.record(z.string().max(100), z.unknown()),
  approvers: Approvers.optional(),
})

/** A decided checkpoint, the run that it carried on (null when the call was no run of Nova), and what became of the effect. */
export const Settled = z.object({ checkpoint: Checkpoint, approvals: Approvals, run: z.unknown().nullable(), outcome: Outcome.nullable() })
