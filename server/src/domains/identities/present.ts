import type { z } from 'zod'
import type { Identity, ListedIdentity } from './contract.ts'
import type { IdentityKind } from './identity-kinds.ts'
import type { IdentityRow } from './queries.ts'

export const presentIdentity = (row: IdentityRow): z.input<typeof Identity> => ({
  id: row.id, type: row.type as IdentityKind, name: row.name, is_default: row.is_default, version: row.version,
  created_at: row.created_at.toISOString(), updated_at: row.updated_at.toISOString(), archived_at: row.archived_at?.toISOString() ?? null,
})

export const presentListed = (row: IdentityRow, currentId: string): z.input<typeof ListedIdentity> => ({ ...presentIdentity(row), current: row.id === currentId })
