import type { Tx } from '../../../platform/db/store.ts'
import { isUuid } from '../../../platform/ids.ts'
import type { Bilingual } from '../../../platform/text.ts'
import { findRule, listDecisions, listRules, listSentences, listShipped, type DecisionRow, type RuleRow } from '../queries.ts'

type ListedRules = Parameters<typeof listRules>[2]

/** The rules that an identity may read: its own and the instance's, newest first, one more than `limit`. */
export const findRules = (tx: Tx, identityId: string, filter: ListedRules): Promise<RuleRow[]> => tx.send(listRules(tx.db, identityId, filter))

export const findOneRule = async (tx: Tx, identityId: string, id: string): Promise<RuleRow | undefined> => (await tx.send(findRule(tx.db, identityId, id)))[0]

/** Which of the rules that come with the product are in force. */
export const findShipped = (tx: Tx): Promise<Array<{ name: string; status: string }>> => tx.send(listShipped(tx.db))

/** Decisions of an identity, newest first, one more than `limit`. */
export const findDecisions = (tx: Tx, identityId: string, filter: Parameters<typeof listDecisions>[2]): Promise<DecisionRow[]> => tx.send(listDecisions(tx.db, identityId, filter))

/** The sentences of rules by what answers call them, for those that the identity wrote or the architect added. */
export async function findSentences(tx: Tx, identityId: string, policyIds: string[]): Promise<Map<string, Bilingual>> {
  const ids = policyIds.filter(isUuid)
  if (ids.length === 0) return new Map()
  return new Map((await tx.send(listSentences(tx.db, identityId, ids))).map(({ rule_id, sentence }) => [rule_id, sentence as Bilingual]))
}
