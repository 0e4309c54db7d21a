import type { z } from 'zod'
import type { CallerCtx } from '../../../platform/ctx.ts'
import { Unauthenticated } from '../../../platform/problems.ts'
import type { DisableTotp } from '../contract.ts'
import { sceneOf, type Desk } from '../desk.ts'
import { checkPassword } from '../passwords/check-password.ts'
import { tellChange } from './confirm-totp.ts'
import { NoFactor } from './errors.ts'
import { deleteRecoveryCodes, deleteTotp, findFactors, lockPerson } from './queries.ts'
import { spendCode, withTry } from './spend-code.ts'

/** Takes the authenticator away, with password and code; every other session ends. How many. Throws WrongPassword, WrongCode, NoFactor. */
export async function disableTotp(desk: Desk, ctx: CallerCtx, { password, code }: z.output<typeof DisableTotp>): Promise<number> {
  const { caller, requestId } = ctx
  const { userId } = caller
  await desk.passwords.inTurn(() => checkPassword(desk, ctx, password))
  const scene = sceneOf(desk, { ...caller, requestId })
  return withTry(desk, { userId, code }, () => desk.platform.store.within(caller, async (tx) => {
    const [person] = await tx.send(lockPerson(tx.db, userId))
    if (!person) throw Unauthenticated()
    const factors = await tx.send(findFactors(tx.db, userId))
    if (!factors.some(({ kind }) => kind === 'totp')) throw NoFactor()
    if (!await spendCode(desk, tx, { userId, code })) return undefined
    await tx.send(deleteTotp(tx.db, userId))
    // They stand in for any factor, so they go with the last one.
    if (factors.length === 1) await tx.send(deleteRecoveryCodes(tx.db, userId))
    return tellChange(desk, tx, { ctx, scene, kind: 'totp', change: 'disabled' })
  }))
}
