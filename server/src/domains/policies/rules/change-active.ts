import type { Tx } from '../../../platform/db/store.ts'
import { Conflict } from '../../../platform/problems.ts'
import { policyIdOf } from '../engine/policy-set.ts'
import { ForbidsRemoved } from '../errors.ts'
import { bumpPolicies, findActiveOf, lockPolicies, moveRule, type RuleRow } from '../queries.ts'
import { ensureRoom, getRule, setIdOf, type Layer } from './draft.ts'

export type Change = { id: string; confirm_forbids_removed?: string[] | undefined }

/**
 * Makes a version of a rule the one that decides. The lock is taken alone, so that every decision under the old set has
 * committed before this does; who decides after it reads the new version (engine/engine.ts). Throws ForbidsRemoved, Conflict.
 */
export async function activateRule(tx: Tx, { identityId, at }: Layer, change: Change): Promise<RuleRow> {
  await tx.send(lockPolicies(setIdOf(identityId)))
  const { next, active } = await ensureActivable(tx, identityId, change)
  if (active) await tx.send(moveRule(tx.db, active.id, { from: ['active'], to: 'retired', at }))
  else if (next.status !== 'shadow') await ensureRoom(tx, identityId)
  const [row] = await tx.send(moveRule(tx.db, next.id, { from: ['draft', 'shadow', 'retired'], to: 'active', at }))
  if (!row) throw AlreadyActive()
  await tx.send(bumpPolicies(setIdOf(identityId)))
  return row
}

/** Takes a rule out of force, or out of shadow, or gives a draft up. Throws ForbidsRemoved, Conflict. */
export async function retireRule(tx: Tx, { identityId, at }: Layer, change: Change): Promise<RuleRow> {
  await tx.send(lockPolicies(setIdOf(identityId)))
  await ensureRetirable(tx, identityId, change)
  const [row] = await tx.send(moveRule(tx.db, change.id, { from: ['draft', 'shadow', 'active'], to: 'retired', at }))
  if (!row) throw AlreadyRetired()
  await tx.send(bumpPolicies(setIdOf(identityId)))
  return row
}

const AlreadyActive = () => Conflict({ en: 'This version is active already.', fr: 'Cette version est déjà active.' })
const AlreadyRetired = () => Conflict({ en: 'This rule is retired already.', fr: 'Cette règle est déjà retirée.' })

/** What would be refused when it is done is refused before anybody is asked. */
export async function ensureActivable(tx: Tx, identityId: string | null, change: Change): Promise<{ next: RuleRow; active: RuleRow | undefined }> {
  const next = await getRule(tx, identityId, change.id)
  if (next.status === 'active') throw AlreadyActive()
  const [active] = await tx.send(findActiveOf(tx.db, next.rule_id))
  // A forbid whose words change is gone as it stood: whether the new words forbid less is for a human to say.
  if (active?.effect === 'forbid' && (next.effect !== 'forbid' || next.text !== active.text)) ensureConfirmed(active, change)
  return { next, active }
}

export async function ensureRetirable(tx: Tx, identityId: string | null, change: Change): Promise<void> {
  const row = await getRule(tx, identityId, change.id)
  if (row.status === 'retired') throw AlreadyRetired()
  if (row.status === 'active' && row.effect === 'forbid') ensureConfirmed(row, change)
}

function ensureConfirmed(row: RuleRow, { confirm_forbids_removed: confirmed = [] }: Change): void {
  const id = policyIdOf(row)
  if (!confirmed.includes(id)) throw ForbidsRemoved({ forbids: [id] })
}
