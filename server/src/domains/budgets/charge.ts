import type { EffectTx } from '../../platform/ctx.ts'
import { periodOf } from './period.ts'
import { chargeBudget } from './queries.ts'

type Given = { keyId: string | null; credits: number }

const chargeOf = (tx: EffectTx, { keyId, credits }: Given) =>
  chargeBudget({ identityId: tx.identityId, keyId, period: periodOf(tx.now()), credits, defaultLimit: tx.settings.BUDGET_CREDITS })

/**
 * Pays for an effect in its own commit: the statement travels with COMMIT, as the first of the closing ones, so the
 * budget's row is locked for that round trip alone and always before the audit chain's head. What does not suffice fails
 * there (CB429) and takes the effect with it.
 */
export function chargeAtClose(tx: EffectTx, given: Given): void {
  if (given.credits > 0) tx.atClose(() => chargeOf(tx, given))
}

/** The same at once, where closing statements that take the head of the chain are waiting already. */
export async function chargeNow(tx: EffectTx, given: Given): Promise<void> {
  if (given.credits > 0) await tx.send(chargeOf(tx, given))
}
