import type { z } from 'zod'
import type { Link } from './contract.ts'
import type { ExternalRow } from './queries.ts'

export const presentLink = (row: ExternalRow): z.input<typeof Link> => ({ id: row.id, provider: row.provider, created_at: row.created_at.toISOString(), last_used_at: row.last_used_at.toISOString() })
