import type { CallerCtx } from '../../../platform/ctx.ts'
import { Unauthenticated } from '../../../platform/problems.ts'
import { record } from '../../audit/record.ts'
import { sceneOf, type Desk } from '../desk.ts'
import { WrongPassword } from '../errors.ts'
import { findPasswordHash } from '../queries.ts'

/**
 * That the caller knows their password: what a stolen session does not. Call it in the hashing queue. Wrong ones are
 * counted and recorded. Throws WrongPassword or RateLimited.
 */
export async function checkPassword(desk: Desk, { caller, requestId }: CallerCtx, password: string): Promise<{ passwordHash: string; emailKey: string }> {
  const { throttle, platform, passwords } = desk
  await throttle.take('change_password', caller.userId)
  const [account] = await platform.store.within(caller, (tx) => tx.send(findPasswordHash(tx.db, caller.userId)))
  if (!account) throw Unauthenticated()
  if (!await passwords.matches(account.password_hash, password)) {
    const scene = sceneOf(desk, { ...caller, requestId })
    await platform.store.within(caller, async (tx) => { record(tx, scene, { action: 'password.check_failed', outcome: 'denied', resource: { type: 'user', id: caller.userId } }) })
    throw WrongPassword()
  }
  await throttle.clear('change_password', caller.userId)
  return { passwordHash: account.password_hash, emailKey: account.email_key }
}
