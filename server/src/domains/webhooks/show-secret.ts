import type { z } from 'zod'
import type { CallerCtx } from '../../platform/ctx.ts'
import { record } from '../audit/record.ts'
import { ensureSteppedUp } from '../governance/checkpoints/step-up.ts'
import { ensureOwn } from '../governance/ensure-own.ts'
import { recordRefusal } from '../governance/refusals.ts'
import type { ShownSecret } from './contract.ts'
import { SecretShown } from './errors.ts'
import type { SecretKeeper } from './keep-secret.ts'
import { claimSecret } from './queries.ts'

/**
 * Shows a secret the one time it is shown: of two sessions that ask at once, one gets it. It is no action, so that no agent,
 * key or model that acts for a person ever holds it, and no stored answer keeps it. Throws SecretShown, StepUpRequired.
 */
export async function showSecret(secrets: SecretKeeper, { platform, caller, requestId, now }: CallerCtx, webhookId: string): Promise<z.input<typeof ShownSecret>> {
  ensureSteppedUp(caller, 'GRANT', now())
  try {
    return await platform.store.within(caller, async (tx) => {
      await ensureOwn(tx, caller.identityId, [{ type: 'webhook', id: webhookId }])
      const [row] = await tx.send(claimSecret(tx.db, caller.identityId, webhookId, now()))
      if (!row) throw SecretShown()
      record(tx, { ...caller, via: 'rest', requestId, now }, { action: 'webhooks.secret_shown', outcome: 'done', effect: 'GRANT', resource: { type: 'webhook', id: row.id } })
      return { webhook_id: row.id, secret: secrets.open(row.id, row.secret) }
    })
  } catch (error) {
    await recordRefusal(platform, { caller, via: 'rest', requestId, runId: null }, error)
    throw error
  }
}
