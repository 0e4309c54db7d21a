import type { z } from 'zod'
import { RequestElevation, type Elevation } from './contract.ts'
import type { RequestRow } from './queries.ts'

export function presentRequest(row: RequestRow): z.input<typeof Elevation> {
  const { scope, reason, minutes, for: named } = RequestElevation.parse(row.args)
  const isGiven = row.starts_at !== null
  const asker = row.actor_kind === 'person' ? { kind: 'nova', id: 'nova' } : { kind: row.actor_kind, id: row.actor_id ?? '' }
  return {
    id: row.id, status: row.status as 'pending', scope, reason, minutes, actor: isGiven ? { kind: row.actor_kind, id: row.actor_id ?? '' } : named ?? asker,
    created_at: row.created_at.toISOString(), starts_at: row.starts_at?.toISOString() ?? null, ends_at: row.ends_at?.toISOString() ?? null,
  }
}
