import type { z } from 'zod'
import type { Bilingual, Language } from '../../../platform/text.ts'
import { Rule } from '../contract.ts'
import { policyIdOf } from '../engine/policy-set.ts'
import type { RuleRow } from '../queries.ts'

export const presentRule = (row: RuleRow, language: Language): z.output<typeof Rule> => Rule.parse({
  id: row.id, rule_id: row.rule_id, policy_id: policyIdOf(row), layer: row.layer, name: row.name, text: row.text, effect: row.effect,
  sentence: (row.sentence as Bilingual)[language], sentence_text: row.sentence, laws: row.laws, author: row.author, version: row.version, status: row.status, shipped: row.shipped,
  created_at: row.created_at.toISOString(), updated_at: row.updated_at.toISOString(),
})
