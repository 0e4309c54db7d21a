import type { z } from 'zod'
import type { Violation } from './contract.ts'
import type { AnswerRow } from './queries.ts'

/** A violation as the operator sees it: what and when, never whose. */
export const presentViolation = (row: AnswerRow): z.input<typeof Violation> => ({
  id: row.id, kind: row.kind, severity: row.severity, answer: row.answer, at: row.at.toISOString(), given_at: row.given_at?.toISOString() ?? null,
  until: row.until?.toISOString() ?? null, lifted_at: row.lifted_at?.toISOString() ?? null,
})
