import type { EffectTx } from '../../platform/ctx.ts'
import { periodOf } from './period.ts'
import { putBudget } from './queries.ts'

/** Gives a new API key a budget of its own, beside that of its identity. */
export async function openKeyBudget(tx: EffectTx, { keyId, credits }: { keyId: string; credits: number }): Promise<void> {
  await tx.send(putBudget(tx.db, tx.identityId, { scope: 'api_key', scopeId: keyId, period: periodOf(tx.now()), credits }))
}
