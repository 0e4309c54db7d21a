import type { z } from 'zod'
import type { CallerCtx } from '../../../platform/ctx.ts'
import { Unauthenticated } from '../../../platform/problems.ts'
import { refuseMissing } from '../../governance/refuse-missing.ts'
import { sceneOf, type Desk } from '../desk.ts'
import { tellChange } from '../factors/confirm-totp.ts'
import { ensureProved } from '../factors/ensure-proved.ts'
import { deleteRecoveryCodes, findFactors, lockPerson } from '../factors/queries.ts'
import { checkPassword } from '../passwords/check-password.ts'
import type { RemovePasskey } from './contract.ts'
import { deletePasskey } from './queries.ts'

/** Takes a passkey away, with the password and a fresh second factor; every other session ends. How many. Throws WrongPassword, StepUpRequired, NotFound. */
export async function removePasskey(desk: Desk, ctx: CallerCtx, { passkey_id: id, password }: z.output<typeof RemovePasskey>): Promise<number> {
  const { caller, requestId } = ctx
  await desk.passwords.inTurn(() => checkPassword(desk, ctx, password))
  ensureProved(ctx)
  const scene = sceneOf(desk, { ...caller, requestId })
  return desk.platform.store.within(caller, async (tx) => {
    const [person] = await tx.send(lockPerson(tx.db, caller.userId))
    if (!person) throw Unauthenticated()
    const [gone] = await tx.send(deletePasskey(tx.db, caller.userId, id))
    if (!gone) return refuseMissing({ ...ctx, tx, db: tx.db, identityId: caller.identityId }, { type: 'passkey', id })
    if ((await tx.send(findFactors(tx.db, caller.userId))).length === 0) await tx.send(deleteRecoveryCodes(tx.db, caller.userId))
    return tellChange(desk, tx, { ctx, scene, change: 'disabled', kind: 'passkey' })
  })
}
