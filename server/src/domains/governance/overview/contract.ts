import { z } from 'zod'
import { pageInput } from '../../../platform/http/page.ts'
import { CHECKPOINT_STATUSES, CHECKPOINT_TYPES, CheckpointKey } from '../contract.ts'

const Days = z.coerce.number().int().min(1).max(90).default(30).describe('Days back from now.')
const Count = z.int()

export const Window = z.strictObject({ days: Days })
const window = { since: z.iso.datetime(), days: z.int() }

export const Stats = z.object({
  ...window, total: Count, by_status: z.record(z.enum(CHECKPOINT_STATUSES), Count), by_type: z.array(z.object({ type: z.enum(CHECKPOINT_TYPES), status: z.enum(CHECKPOINT_STATUSES), count: Count })),
})

/** Seconds and rates are null where there is nothing to take them of. */
export const GovernanceMetrics = z.object({
  ...window, waiting: Count, oldest_waiting_since: z.iso.datetime().nullable(), decided: Count, median_seconds_to_decision: z.number().nullable(), p95_seconds_to_decision: z.number().nullable(),
  expired: Count, expiry_rate: z.number().nullable(), escalated: Count, floods: Count, blocks: Count,
})

const Slice = z.object({ key: z.string(), status: z.enum(CHECKPOINT_STATUSES), count: Count })
export const Analytics = z.object({ ...window, by_day: z.array(Slice), by_tool: z.array(Slice), by_actor: z.array(Slice) })

export const SIGNALS = ['cannot_be_met', 'expiring', 'waiting_long', 'waiting', 'identity_boundary', 'flood', 'blocked'] as const

/** Something that a person should look at now. */
export const Signal = z.object({ kind: z.enum(SIGNALS), at: z.iso.datetime(), checkpoint_id: z.uuid().nullable(), pause_id: z.uuid().nullable(), summary: z.string() })
export const ThreadKey = z.strictObject({ thread_id: z.uuid() })

export const ListBacklog = z.strictObject({ ...pageInput })
export const ResolveBacklog = CheckpointKey.extend({ note: z.string().trim().max(2_000).optional() })
