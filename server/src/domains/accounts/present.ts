import type { z } from 'zod'
import type { IdentityKind } from '../identities/identity-kinds.ts'
import type { Me, Session } from './contract.ts'
import type { PersonRow, SessionRow } from './queries.ts'

export const presentPerson = (row: PersonRow): z.input<typeof Me> => ({
  user: { id: row.id, email: row.email, name: row.name },
  identity: { id: row.identity_id, type: row.identity_type as IdentityKind, name: row.identity_name },
})

export const presentSession = (row: SessionRow, currentId: string): z.input<typeof Session> => ({
  id: row.id, identity_id: row.identity_id, current: row.id === currentId,
  created_at: row.created_at.toISOString(), refreshed_at: row.refreshed_at.toISOString(), expires_at: row.expires_at.toISOString(),
})
