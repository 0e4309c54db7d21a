import { z } from 'zod'

export const CHECKPOINT_TYPES = ['destructive_action', 'execution_approval', 'cross_sphere', 'scope_elevation', 'identity_boundary', 'data_access', 'budget_approval'] as const
export const CHECKPOINT_STATUSES = ['pending', 'approved', 'rejected', 'expired', 'cancelled'] as const

const BilingualText = z.object({ en: z.string(), fr: z.string() })

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
})
export type CheckpointView = z.output<typeof Checkpoint>

export const CheckpointKey = z.strictObject({ checkpoint_id: z.uuid() })

/** Any registered action, put before its own author. */
export const CreateCheckpoint = z.strictObject({
  tool: z.string().min(3).max(100),
  args: z.record(z.string().max(100), z.unknown()),
})

/** What became of an approved effect: done with its result, or refused by its own rules at the last moment. */
export const Outcome = z.object({ status: z.enum(['completed', 'failed']), result: z.unknown().nullable(), error: z.object({ code: z.string(), detail: z.string() }).nullable() })

/** A decided checkpoint, the run that it carried on (null when the call was no run of Nova), and what became of the effect. */
export const Settled = z.object({ checkpoint: Checkpoint, run: z.unknown().nullable(), outcome: Outcome.nullable() })
