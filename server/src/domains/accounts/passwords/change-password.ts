import type { z } from 'zod'
import type { CallerCtx } from '../../../platform/ctx.ts'
import { emit } from '../../../platform/events/emit.ts'
import { Unauthenticated } from '../../../platform/problems.ts'
import { record } from '../../audit/record.ts'
import type { ChangePassword } from '../contract.ts'
import { sceneOf, type Desk } from '../desk.ts'
import { announceEnd } from '../sessions/end-sessions.ts'
import { PasswordChangedMeanwhile, PasswordRefused, WrongPassword } from '../errors.ts'
import { PasswordChanged } from '../events.ts'
import { objectionTo } from './password-rule.ts'
import { findPasswordHash, revokeSessions, updatePassword } from '../queries.ts'

type Given = z.output<typeof ChangePassword>

/** Sets a new password and ends every other session; how many. Throws WrongPassword, PasswordRefused, RateLimited. */
export async function changePassword(desk: Desk, ctx: CallerCtx, given: Given): Promise<number> {
  const { caller, requestId } = ctx
  await desk.throttle.ensureOpen('change_password', caller.userId)
  const { from, to } = await desk.passwords.inTurn(() => check(desk, ctx, given))
  const scene = sceneOf(desk, { ...caller, requestId })
  return desk.platform.store.within(caller, async (tx) => {
    const at = scene.now()
    // In this order: the update waits for sign-ins that hold the old password (lockAccount), then their sessions end too.
    const [updated] = await tx.send(updatePassword(tx.db, caller.userId, { from, to, at }))
    if (!updated) throw PasswordChangedMeanwhile()
    const ended = await tx.send(revokeSessions(tx.db, caller.userId, { except: caller.sessionId, because: 'password_changed', now: at }))
    record(tx, scene, { action: 'password.changed', outcome: 'done', effect: 'GRANT', resource: { type: 'user', id: caller.userId }, details: { revoked_sessions: ended.length } })
    emit({ ...tx, ...scene }, PasswordChanged, { session_id: caller.sessionId })
    for (const { id } of ended) announceEnd(desk, tx, scene, { sessionId: id, action: 'session.revoked', because: 'password_changed' })
    return ended.length
  })
}

async function check(desk: Desk, { caller, requestId }: CallerCtx, given: Given): Promise<{ from: string; to: string }> {
  const { throttle, platform, passwords } = desk
  await throttle.take('change_password', caller.userId)
  const [account] = await platform.store.within(caller, (tx) => tx.send(findPasswordHash(tx.db, caller.userId)))
  if (!account) throw Unauthenticated()
  if (!await passwords.matches(account.password_hash, given.current_password)) {
    const scene = sceneOf(desk, { ...caller, requestId })
    await platform.store.within(caller, async (tx) => { record(tx, scene, { action: 'password.change_failed', outcome: 'denied', resource: { type: 'user', id: caller.userId } }) })
    throw WrongPassword()
  }
  await throttle.clear('change_password', caller.userId)
  const objection = objectionTo(given.new_password, account.email_key)
  if (objection) throw PasswordRefused({ path: 'new_password', objection })
  return { from: account.password_hash, to: await passwords.hash(given.new_password) }
}
