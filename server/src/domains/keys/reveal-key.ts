import type { z } from 'zod'
import type { CallerCtx } from '../../platform/ctx.ts'
import { emit } from '../../platform/events/emit.ts'
import { record } from '../audit/record.ts'
import { ensureSteppedUp } from '../governance/checkpoints/step-up.ts'
import { Dormant } from '../governance/errors.ts'
import { shareFence } from '../governance/fence/share-fence.ts'
import { refuseMissing } from '../governance/refuse-missing.ts'
import type { RevealedKey } from './contract.ts'
import { KeyOver, KeyTaken } from './errors.ts'
import { KeyRevealed } from './events.ts'
import { presentKey } from './present.ts'
import { findKey, takeKey } from './queries.ts'
import { mintKey } from './token.ts'

/** Makes the token of a key and shows it, once: only its hash stays. Of any number who ask at once, one gets it. Throws StepUpRequired: a found session takes no key. */
export async function revealKey(ctx: CallerCtx, keyId: string): Promise<z.input<typeof RevealedKey>> {
  const { caller, platform, requestId } = ctx
  ensureSteppedUp(caller, 'GRANT', ctx.now())
  const minted = mintKey()
  return platform.store.within(caller, async (tx) => {
    if (!await shareFence(tx)) throw Dormant()
    const [row] = await tx.send(takeKey(tx.db, caller.identityId, keyId, { ...minted, now: ctx.now() }))
    if (!row) {
      const [known] = await tx.send(findKey(tx.db, caller.identityId, keyId))
      if (!known) return refuseMissing({ ...ctx, tx, db: tx.db, identityId: caller.identityId }, { type: 'api_key', id: keyId })
      throw known.revoked_at !== null || known.expires_at <= ctx.now() ? KeyOver() : KeyTaken()
    }
    const scene = { ...caller, via: 'rest' as const, requestId, now: () => ctx.now() }
    record(tx, scene, { action: 'key.revealed', outcome: 'done', effect: 'GRANT', resource: { type: 'api_key', id: keyId } })
    emit({ ...tx, ...scene }, KeyRevealed, { key_id: keyId })
    return { ...presentKey(row), token: minted.token }
  })
}
