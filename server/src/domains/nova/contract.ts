import { z } from 'zod'
import { pageInput } from '../../platform/http/page.ts'
import { SphereInput } from '../spheres/contract.ts'

export const LANES = [
  ['A', 'intent_analysis'], ['B', 'context_snapshot'], ['C', 'semantic_encoding'], ['D', 'governance_check'],
  ['E', 'checkpoint'], ['F', 'execution'], ['G', 'audit'],
] as const
export type LaneLetter = (typeof LANES)[number][0]

export const RUN_STATUSES = ['pending', 'processing', 'awaiting_approval', 'completed', 'rejected', 'denied', 'failed', 'cancelled', 'expired'] as const
export const PLANNERS = ['none', 'offline', 'claude'] as const

/** A tool call given outright: no planner and no model is needed. */
export const GivenAction = z.strictObject({ tool: z.string().min(3).max(100), args: z.record(z.string().max(100), z.unknown()).default({}) })

export const Query = z.strictObject({
  message: z.string().max(10_000).default(''),
  sphere_id: SphereInput.nullish(),
  thread_id: z.uuid().nullish(),
  action: GivenAction.nullish(),
})

export const Lane = z.object({
  lane: z.enum(['A', 'B', 'C', 'D', 'E', 'F', 'G']), name: z.string(),
  status: z.enum(['pending', 'completed', 'waiting', 'skipped', 'failed']), duration_ms: z.number(),
})

export const RunAction = z.object({
  tool: z.string(), args: z.record(z.string(), z.unknown()), effect: z.string(),
  status: z.enum(['pending', 'awaiting_approval', 'completed', 'rejected', 'denied', 'failed', 'cancelled', 'expired']),
  result: z.unknown().nullable(), checkpoint_id: z.uuid().nullable(), error: z.object({ code: z.string(), detail: z.string() }).nullable(),
})

export const Intent = z.object({
  type: z.string(), confidence: z.number(), entities: z.array(z.object({ kind: z.string(), value: z.string() })), keywords: z.array(z.string()), requires_checkpoint: z.boolean(),
})

export const Run = z.object({
  id: z.uuid(), status: z.enum(RUN_STATUSES), planner: z.enum(PLANNERS), message: z.string(), sphere_id: z.int().nullable(), thread_id: z.uuid().nullable(),
  intent: Intent, lanes: z.array(Lane), snapshot_hash: z.string(),
  encoding: z.object({ compact: z.string(), quality: z.object({ score: z.number(), grade: z.string() }) }),
  actions: z.array(RunAction), output: z.object({ text: z.string() }).nullable(),
  usage: z.object({ input_tokens: z.int(), output_tokens: z.int() }),
  cost: z.object({ micro_usd: z.int().nullable(), kind: z.enum(['reported', 'estimated', 'unpriced']) }), credits: z.int(),
  checkpoint_id: z.uuid().nullable(), audit_event_id: z.uuid().nullable(),
  error: z.object({ code: z.string(), detail: z.string() }).nullable(),
  created_at: z.iso.datetime(), completed_at: z.iso.datetime().nullable(),
})

export const RunKey = z.strictObject({ run_id: z.uuid() })
export const ListRuns = z.strictObject({ ...pageInput, status: z.enum(RUN_STATUSES).optional(), thread_id: z.uuid().optional() })
export const Tool = z.object({ name: z.string(), title: z.string(), effect: z.string(), held: z.boolean(), input_schema: z.record(z.string(), z.unknown()) })
