import type { Bilingual, Language } from '../../../platform/text.ts'
import type { z } from 'zod'
import { Checkpoint, type Approvals, type CheckpointView, type Outcome, type Settled } from '../contract.ts'
import { ageingOf } from './ageing.ts'
import type { Settled as SettledState } from './decide-checkpoint.ts'
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
    ageing: row.status === 'pending' && row.expires_at > now ? ageingOf({ createdAt: row.created_at, expiresAt: row.expires_at, now }) : null, escalated_at: row.escalated_at?.toISOString() ?? null,
    approvals: approvalsOf(row), requirement: { role: row.decider_role, exclude_requester: row.exclude_requester }, cannot_be_met: row.cannot_be_met,
    requested_by: { kind: row.actor_kind, id: row.actor_id },
    shown: row.shown, shown_hash: row.shown_hash, parent_id: row.parent_id, ended_because: row.ended_because,
    effect_state: row.effect_state, effect_answer: row.effect_answer, outcome: inLanguage(row.outcome as KeptOutcome | null, language), version: row.version,
  })
}

/** A yes of the person whose identity it is is in `decided_by` alone; those of a quorum are counted one by one. */
function approvalsOf({ status, seated, quorum, approved_by, decided_by }: CheckpointRow): z.output<typeof Approvals> {
  const by = seated || approved_by.length > 0 ? approved_by : status === 'approved' && decided_by !== null ? [decided_by] : []
  return { given: by.length, needed: quorum, by }
}

const withoutOutcome = (shown: CheckpointView): CheckpointView => ({ ...shown, run_id: null, outcome: null })

/** Somebody else's checkpoint, as its decider sees it: what it would do, and no run of that identity. */
export const presentFor = (row: CheckpointRow, { language, now, userId }: { language: Language; now: Date; userId: string }): CheckpointView => {
  const shown = presentCheckpoint(row, language, now)
  return row.user_id === userId ? shown : withoutOutcome(shown)
}

const NOT_DONE: Bilingual = { en: 'It could not be done; who asked for it is told why.', fr: 'Cela n’a pas pu être fait ; le demandeur est informé de la raison.' }

/** The answer to a decision. Who decides for another learns whether it was done, never what came of it. */
export function presentSettled({ checkpoint, run, decided, isFor }: SettledState, language: Language, now: Date): z.input<typeof Settled> {
  const shown = presentCheckpoint(checkpoint, language, now)
  const outcome = presentOutcome(decided, language)
  return isFor ? { checkpoint: withoutOutcome(shown), approvals: shown.approvals, run: null, outcome: outcome && { ...outcome, result: null, error: outcome.error && { ...outcome.error, detail: NOT_DONE[language] } } } : { checkpoint: shown, approvals: shown.approvals, run, outcome }
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
