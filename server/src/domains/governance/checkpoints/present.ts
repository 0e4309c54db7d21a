import type { Bilingual, Language } from '../../../platform/text.ts'
import type { z } from 'zod'
import { Checkpoint, type CheckpointView, type Outcome } from '../contract.ts'
import type { KeptOutcome } from '../effects/kept-outcome.ts'
import type { Decided } from '../gate.ts'
import type { CheckpointRow } from '../queries.ts'

/** A checkpoint whose time is over shows as expired at once, before the clock's job has written it. */
export function presentCheckpoint(row: CheckpointRow, language: Language, now: Date): CheckpointView {
  const summary = row.summary as Bilingual
  return Checkpoint.parse({
    id: row.id, type: row.type, effect: row.effect, status: row.status === 'pending' && row.expires_at <= now ? 'expired' : row.status, summary: summary[language], summary_text: summary, tool: row.tool, args: row.args,
    action_hash: row.action_hash, run_id: row.run_id, created_at: row.created_at.toISOString(), expires_at: row.expires_at.toISOString(),
    decided_at: row.decided_at?.toISOString() ?? null, decided_by: row.decided_by, note: row.note, spent_at: row.spent_at?.toISOString() ?? null,
    shown: row.shown, shown_hash: row.shown_hash, parent_id: row.parent_id, ended_because: row.ended_because,
    effect_state: row.effect_state, effect_answer: row.effect_answer, outcome: inLanguage(row.outcome as KeptOutcome | null, language), version: row.version,
  })
}

/** By its version and by what it shows, so that an approval may say which it means (RFC 9110 §13.1.1). */
export const etagOf = ({ version, shown_hash: hash }: { version: number; shown_hash: string | null }): string => `"${version}-${hash?.slice(0, 16) ?? 'none'}"`

const inLanguage = (kept: KeptOutcome | null, language: Language): z.input<typeof Outcome> | null =>
  kept && { ...kept, error: kept.error && { code: kept.error.code, detail: kept.error.detail[language] } }

/** What became of the effect that was decided on; null when there was nothing to do. */
export function presentOutcome(decided: Decided | null, language: Language): z.input<typeof Outcome> | null {
  if (decided?.verdict !== 'approved') return null
  return inLanguage({ status: decided.error ? 'failed' : 'completed', result: decided.error ? null : decided.output ?? null, error: decided.error ?? null, withheld: false }, language)
}
