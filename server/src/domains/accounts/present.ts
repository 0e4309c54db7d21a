import type { z } from 'zod'
import type { IdentityKind } from '../identities/identity-kinds.ts'
import type { EmailState, Factors, Me, Session } from './contract.ts'
import type { Proof } from '../../platform/ctx.ts'
import type { PersonRow, SessionRow } from './queries.ts'

export const presentPerson = (row: PersonRow): z.input<typeof Me> => ({
  user: { id: row.id, email: row.email, name: row.name },
  identity: { id: row.identity_id, type: row.identity_type as IdentityKind, name: row.identity_name },
})

export const presentSession = (row: SessionRow, currentId: string): z.input<typeof Session> => ({
  id: row.id, identity_id: row.identity_id, current: row.id === currentId,
  created_at: row.created_at.toISOString(), refreshed_at: row.refreshed_at.toISOString(), expires_at: row.expires_at.toISOString(),
})

type EmailRow = { email: string; email_verified_at: Date | null }

export const presentEmail = (row: EmailRow, pending: { email: string } | undefined): z.input<typeof EmailState> =>
  ({ email: row.email, verified_at: row.email_verified_at?.toISOString() ?? null, pending_email: pending?.email ?? null })

type FactorRows = { active: Array<{ kind: string; activated_at: Date | null }>; pending: unknown; left: number; proof: Proof }

export const presentFactors = ({ active, pending, left, proof }: FactorRows): z.input<typeof Factors> => ({
  enabled: active.length > 0, setup_pending: pending !== undefined, recovery_codes_left: left, proved_at: proof.provedAt?.toISOString() ?? null,
  factors: active.map(({ kind, activated_at }) => ({ kind: kind as 'totp', activated_at: activated_at?.toISOString() ?? '' })),
})
