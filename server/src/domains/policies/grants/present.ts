import type { z } from 'zod'
import { Grant } from '../contract.ts'
import type { GrantRow } from '../queries.ts'

export const presentGrant = (row: GrantRow, now: Date): z.output<typeof Grant> => Grant.parse({
  id: row.id, tool: row.tool, pattern: row.pattern, kind: row.kind, thread_id: row.thread_id, status: statusOf(row, now), created_at: row.created_at.toISOString(),
  ends_at: row.ends_at.toISOString(), revoked_at: row.revoked_at?.toISOString() ?? null, uses: row.uses, last_used_at: row.last_used_at?.toISOString() ?? null, checkpoint_id: row.checkpoint_id,
})

function statusOf({ revoked_at, spent_at, ends_at }: GrantRow, now: Date): z.output<typeof Grant>['status'] {
  if (revoked_at) return 'revoked'
  if (spent_at) return 'spent'
  return ends_at > now ? 'live' : 'ended'
}
