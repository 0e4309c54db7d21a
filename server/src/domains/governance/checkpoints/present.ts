import type { Bilingual, Language } from '../../../platform/text.ts'
import type { z } from 'zod'
import { Checkpoint, type CheckpointView, type Outcome } from '../contract.ts'
import type { Decided } from '../gate.ts'
import type { CheckpointRow } from '../queries.ts'

/** A checkpoint whose time is over shows as expired at once, before the clock's job has written it. */
export function presentCheckpoint(row: CheckpointRow, language: Language, now: Date): CheckpointView {
  const summary = row.summary as Bilingual
  return Checkpoint.parse({
    id: row.id, type: row.type, effect: row.effect, status: row.status === 'pending' && row.expires_at <= now ? 'expired' : row.status, summary: summary[language], summary_text: summary, tool: row.tool, args: row.args,
    action_hash: row.action_hash, run_id: row.run_id, created_at: row.created_at.toISOString(), expires_at: row.expires_at.toISOString(),
    decided_at: row.decided_at?.toISOString() ?? null, decided_by: row.decided_by, note: row.note, spent_at: row.spent_at?.toISOString() ?? null,
  })
}

/** What became of the effect that was decided on; null when there was nothing to do. */
export function presentOutcome(decided: Decided | null, language: Language): z.input<typeof Outcome> | null {
  if (decided?.verdict !== 'approved') return null
  if (decided.error) return { status: 'failed', result: null, error: { code: decided.error.code, detail: decided.error.detail[language] } }
  return { status: 'completed', result: decided.output ?? null, error: null }
}
