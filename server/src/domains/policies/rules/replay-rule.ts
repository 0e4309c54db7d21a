import { setImmediate as nextTurn } from 'node:timers/promises'
import type { z } from 'zod'
import { newId } from '../../../platform/ids.ts'
import type { Tx } from '../../../platform/db/store.ts'
import type { Replay } from '../contract.ts'
import type { Engine } from '../engine/engine.ts'
import { setOf } from '../engine/policy-set.ts'
import type { CedarRequest } from '../engine/request.ts'
import { RULES_MAX } from '../limits.ts'
import { listBindingRules, listDecisions, type DecisionRow } from '../queries.ts'
import { getRule } from './draft.ts'

const CHUNK = 50

/**
 * Asks the last decisions again, as if a candidate were in force in place of the active version of its rule, and lists every
 * one that would change. Nothing is done and nothing is written. The instance's candidate is tried on everybody's decisions,
 * under the instance's rules alone, and shows neither arguments nor whose they were.
 */
export async function replayRule(engine: Engine, tx: Tx, { identityId, id, last }: { identityId: string | null; id: string; last: number }): Promise<z.input<typeof Replay>> {
  const candidate = await getRule(tx, identityId, id)
  const [rules, decisions] = await Promise.all([
    tx.send(listBindingRules(tx.db, identityId, 2 * RULES_MAX)), tx.send(listDecisions(tx.db, identityId, { limit: last - 1 })),
  ])
  const standing = rules.filter(({ status, rule_id }) => status === 'active' && rule_id !== candidate.rule_id)
  const set = setOf([...standing, { ...candidate, status: 'active' }], { key: 'replay', stamp: newId() })
  const changed: z.input<typeof Replay>['changed'] = []
  let replayed = 0
  for (const [index, row] of decisions.entries()) {
    // Other requests have their turn between the chunks.
    if (index % CHUNK === CHUNK - 1) await nextTurn()
    const requests = row.requests as CedarRequest[] | null
    if (!requests || requests.length === 0) continue
    replayed += 1
    const would = decideAgain(engine, set, row, requests)
    if (would.verdict !== row.verdict) changed.push({ decision_id: row.id, at: row.at.toISOString(), action: row.action, effect: row.effect, was: { verdict: row.verdict as 'allow', policies: row.policies }, would_be: would })
  }
  return { rule_id: candidate.id, replayed, skipped: decisions.length - replayed, changed }
}

function decideAgain(engine: Engine, set: Parameters<Engine['decideRecorded']>[0], row: DecisionRow, requests: CedarRequest[]): { verdict: 'allow' | 'hold' | 'deny'; policies: string[] } {
  const { verdict, policies } = engine.decideRecorded(set, requests, row.effect)
  return { verdict, policies }
}
