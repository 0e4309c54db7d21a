import type { Tx } from '../../../platform/db/store.ts'
import type { Desk } from '../desk.ts'
import { WrongCode } from './errors.ts'
import { findTotp, spendRecoveryCode, spendStep } from './queries.ts'
import { recoveryHashOf } from './recovery-code.ts'
import { stepOf } from './totp.ts'

const TOTP_FORM = /^\d{6}$/

export type CodeKind = 'totp' | 'recovery_code'
type Typed = { userId: string; code: string }

/** Six digits are the authenticator's; anything else is tried as a recovery code. */
export const kindOf = (code: string): CodeKind => (TOTP_FORM.test(code) ? 'totp' : 'recovery_code')

/**
 * Takes a try of the account, lets `work` look at the code, and gives the try back when it was right. Codes of six digits
 * can be guessed, so ten an hour are looked at; recovery codes cannot, and have a count of their own: whoever knows the
 * password and uses up the first count does not keep the owner out. Throws RateLimited; WrongCode when `work` says nothing.
 */
export async function withTry<T>({ throttle }: Desk, { userId, code }: Typed, work: () => Promise<T | undefined>): Promise<T> {
  const policy = kindOf(code) === 'totp' ? 'second_factor' : 'recovery_code'
  await throttle.take(policy, userId)
  const done = await work()
  if (done === undefined) throw WrongCode()
  await throttle.giveBack(policy, userId)
  return done
}

/** Uses a code up, in the caller's transaction; undefined when it is not right or was used before. */
export async function spendCode(desk: Desk, tx: Tx, { userId, code }: Typed): Promise<CodeKind | undefined> {
  const at = desk.platform.clock.now()
  if (kindOf(code) === 'recovery_code') {
    const [spent] = await tx.send(spendRecoveryCode(tx.db, { userId, hash: recoveryHashOf(userId, code), at }))
    return spent && 'recovery_code'
  }
  const [factor] = await tx.send(findTotp(tx.db, userId))
  if (!factor?.secret) return undefined
  const step = stepOf(desk.vault.open(factor.secret, factor.id), code, at)
  if (step === undefined) return undefined
  const [spent] = await tx.send(spendStep(tx.db, factor.id, step))
  return spent && 'totp'
}
