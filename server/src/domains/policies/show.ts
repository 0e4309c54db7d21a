import type { z } from 'zod'
import { DecisionOnRecord } from './contract.ts'
import { presentGrant } from './grants/present.ts'
import type { DecisionRow } from './queries.ts'
import { presentRule } from './rules/present.ts'

/** Rows as other rooms show them. */
export const showRule = presentRule
export const showGrant = presentGrant

export const showDecision = (row: DecisionRow): z.output<typeof DecisionOnRecord> => DecisionOnRecord.parse({
  id: row.id, at: row.at.toISOString(), action: row.action, effect: row.effect, verdict: row.verdict, policies: row.policies, set_version: row.set_version,
  shadow: row.shadow, grant_id: row.grant_id, checkpoint_id: row.checkpoint_id,
})
