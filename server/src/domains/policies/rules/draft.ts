import { INSTANCE_IDENTITY } from '../../audit/instance.ts'
import type { AnyAction } from '../../../platform/action.ts'
import type { Tx } from '../../../platform/db/store.ts'
import { newId } from '../../../platform/ids.ts'
import { Conflict, NotFound } from '../../../platform/problems.ts'
import type { Bilingual } from '../../../platform/text.ts'
import { bumpPolicies, countActive, findRule, insertRule, lastVersionOf, lockPolicies, moveRule, type RuleRow } from '../queries.ts'
import { readRule } from './read-rule.ts'
import { RULES_MAX } from '../limits.ts'

/** Whose set is meant: an identity's, or (null) the instance's. */
export type Layer = { identityId: string | null; author: string; at: Date }
export type Written = { text: string; sentence: Bilingual }

/** The id under which the versions of a set are counted. */
export const setIdOf = (identityId: string | null): string => identityId ?? INSTANCE_IDENTITY

/** Writes a rule down as a draft, which decides nothing. Throws InvalidRule. */
export async function draftRule(tx: Tx, actions: ReadonlyMap<string, AnyAction>, { identityId, author, at }: Layer, { name, text, sentence }: Written & { name: string }): Promise<RuleRow> {
  const { effect } = readRule(text, actions.values())
  const id = newId()
  const [row] = await tx.send(insertRule(tx.db, { id, ruleId: id, identityId, layer: identityId === null ? 'instance' : 'identity', name, text, effect, sentence, author, version: 1, status: 'draft', at }))
  if (!row) throw new Error('An insert returns its row')
  return row
}

/** Writes the next version of a rule down as a draft. Its name stays, so that the record knows it. Throws InvalidRule, NotFound. */
export async function draftVersion(tx: Tx, actions: ReadonlyMap<string, AnyAction>, { identityId, author, at }: Layer, { id, text, sentence }: Written & { id: string }): Promise<RuleRow> {
  const { effect } = readRule(text, actions.values())
  await tx.send(lockPolicies(setIdOf(identityId)))
  const before = await getRule(tx, identityId, id)
  const [last] = await tx.send(lastVersionOf(tx.db, before.rule_id))
  const [row] = await tx.send(insertRule(tx.db, {
    id: newId(), ruleId: before.rule_id, identityId, layer: identityId === null ? 'instance' : 'identity', name: before.name, text, effect, sentence, laws: before.laws, author,
    version: (last?.version ?? 0) + 1, status: 'draft', at,
  }))
  if (!row) throw new Error('An insert returns its row')
  return row
}

/** Puts a rule beside the active ones: what it would say is written down, and decides nothing. Throws Conflict. */
export async function shadowRule(tx: Tx, { identityId, at }: Layer, id: string): Promise<RuleRow> {
  await tx.send(lockPolicies(setIdOf(identityId)))
  await getRule(tx, identityId, id)
  await ensureRoom(tx, identityId)
  const [row] = await tx.send(moveRule(tx.db, id, { from: ['draft', 'retired'], to: 'shadow', at }))
  if (!row) throw Conflict({ en: 'Only a draft or a retired rule goes into shadow.', fr: 'Seule une règle en brouillon ou retirée passe en observation.' })
  await tx.send(bumpPolicies(setIdOf(identityId)))
  return row
}

/** A rule of exactly this layer. Throws NotFound, also for a rule of the instance when an identity's is wanted. */
export async function getRule(tx: Tx, identityId: string | null, id: string): Promise<RuleRow> {
  const [row] = await tx.send(findRule(tx.db, identityId, id))
  if (!row || row.identity_id !== identityId) throw NotFound()
  return row
}

export async function ensureRoom(tx: Tx, identityId: string | null): Promise<void> {
  const [{ count } = { count: '0' }] = await tx.send(countActive(tx.db, identityId))
  if (Number(count) >= RULES_MAX) throw Conflict({ en: `At most ${RULES_MAX} rules can be active or in shadow. Retire one first.`, fr: `Au plus ${RULES_MAX} règles peuvent être actives ou en observation. Retirez-en une d’abord.` })
}
