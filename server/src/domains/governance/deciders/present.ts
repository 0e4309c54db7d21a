import type { z } from 'zod'
import type { Advice, Delegation, Vote } from './contract.ts'
import type { AdviceRow, DelegationRow, VoteRow } from './queries.ts'

export const presentDelegation = (row: DelegationRow): z.input<typeof Delegation> => ({
  id: row.id, identity_id: row.identity_id, from_user_id: row.from_user_id, to_user_id: row.to_user_id, from: row.starts_at.toISOString(), until: row.ends_at.toISOString(),
  created_at: row.created_at.toISOString(), revoked_at: row.revoked_at?.toISOString() ?? null, version: row.version,
})

export const presentAdvice = (row: AdviceRow): z.input<typeof Advice> => ({
  id: row.id, checkpoint_id: row.checkpoint_id, from: { kind: row.actor_kind, id: row.actor_id }, recommends: row.recommends as 'approve', text: row.text, at: row.at.toISOString(), counts: false,
})

export const presentVote = (row: VoteRow): z.input<typeof Vote> => ({
  user_id: row.user_id, in_place_of: row.seat_user_id === row.user_id ? null : row.seat_user_id, verdict: row.verdict as 'approved', note: row.note, at: row.at.toISOString(),
})
