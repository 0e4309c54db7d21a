import type { z } from 'zod'
import { AuditEvent } from './contract.ts'
import type { Opened } from './details/open-events.ts'
import type { ListedRow } from './queries.ts'

export const presentAudit = (row: ListedRow, body: object, opened: Opened | null): z.output<typeof AuditEvent> => AuditEvent.parse({
  permission: null, before: null, after: null, ...body, seq: Number(row.seq), prev_hash: row.prev_hash, hash: row.hash,
  details: opened?.details ?? null, salts: opened?.salts ?? null, erased: opened === null,
})
