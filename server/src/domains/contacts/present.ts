import type { z } from 'zod'
import type { Contact } from './contract.ts'
import type { ContactRow } from './queries.ts'

export const presentContact = (row: ContactRow): z.input<typeof Contact> => ({
  id: row.id, name: row.name, email: row.email, version: row.version,
  created_at: row.created_at.toISOString(), updated_at: row.updated_at.toISOString(), binned_at: row.binned_at?.toISOString() ?? null,
})
