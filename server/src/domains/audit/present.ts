import type { z } from 'zod'
import { AuditEvent } from './contract.ts'
import type { ListedRow } from './queries.ts'

export const presentAudit = (row: ListedRow): z.output<typeof AuditEvent> =>
  AuditEvent.parse({ ...(JSON.parse(row.body) as object), seq: Number(row.seq), prev_hash: row.prev_hash, hash: row.hash })
