import { sql, type RawBuilder } from 'kysely'

export type AuditRow = {
  identityId: string; id: string; body: string; at: Date; action: string
  resourceType: string | null; resourceId: string | null; agent: string | null
}

/** Appends one event to its identity's chain; the function numbers and links it (server/migrations/0001). */
export const appendAudit = (row: AuditRow): RawBuilder<{ seq: string }> => sql`select audit_append(
  ${row.identityId}, ${row.id}, ${row.body}, ${row.at}, ${row.action}, ${row.resourceType}, ${row.resourceId}, ${row.agent}) as seq`
