import type { z } from 'zod'
import type { ApiKey } from './contract.ts'
import type { KeyRow } from './queries.ts'

export const presentKey = (row: KeyRow): z.input<typeof ApiKey> => ({
  id: row.id, name: row.name, scopes: row.scopes, spheres: row.spheres, prefix: row.prefix, last4: row.last4, version: row.version, created_at: row.created_at.toISOString(),
  expires_at: row.expires_at.toISOString(), last_used_at: row.last_used_at?.toISOString() ?? null, revoked_at: row.revoked_at?.toISOString() ?? null,
})
