import type { CallerCtx } from '../../../platform/ctx.ts'
import { emit } from '../../../platform/events/emit.ts'
import { Unauthenticated } from '../../../platform/problems.ts'
import { record } from '../../audit/record.ts'
import { sceneOf, type Desk } from '../desk.ts'
import { writeLetter } from '../letters/write-letter.ts'
import { NoFactor } from './errors.ts'
import { RecoveryCodesRenewed } from './events.ts'
import { deleteRecoveryCodes, findFactors, insertRecoveryCodes, lockPerson } from './queries.ts'
import { newRecoveryCodes, recoveryHashOf } from './recovery-code.ts'
import { spendCode, withTry } from './spend-code.ts'

/** Ten new recovery codes; the earlier ones work no more. Throws NoFactor, WrongCode or RateLimited. */
export async function renewRecoveryCodes(desk: Desk, ctx: CallerCtx, code: string): Promise<string[]> {
  const { caller, requestId, language } = ctx
  const { userId } = caller
  const scene = sceneOf(desk, { ...caller, requestId })
  return withTry(desk, { userId, code }, () => desk.platform.store.within(caller, async (tx) => {
    const [person] = await tx.send(lockPerson(tx.db, userId))
    if (!person) throw Unauthenticated()
    if ((await tx.send(findFactors(tx.db, userId))).length === 0) throw NoFactor()
    if (!await spendCode(desk, tx, { userId, code })) return undefined
    const codes = newRecoveryCodes()
    await Promise.all([tx.send(deleteRecoveryCodes(tx.db, userId)), tx.send(insertRecoveryCodes(tx.db, userId, codes.map((one) => recoveryHashOf(userId, one)), scene.now()))])
    record(tx, scene, { action: 'factor.recovery_codes_renewed', outcome: 'done', effect: 'GRANT', resource: { type: 'user', id: userId } })
    emit({ ...tx, ...scene }, RecoveryCodesRenewed, { session_id: caller.sessionId })
    writeLetter(desk, tx, { userId, kind: 'recovery_codes_renewed', language })
    return codes
  }))
}
