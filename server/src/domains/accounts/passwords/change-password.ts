import type { z } from 'zod'
import type { CallerCtx } from '../../../platform/ctx.ts'
import { emit } from '../../../platform/events/emit.ts'
import { record } from '../../audit/record.ts'
import type { ChangePassword } from '../contract.ts'
import { sceneOf, type Desk } from '../desk.ts'
import { announceEnd } from '../sessions/end-sessions.ts'
import { PasswordChangedMeanwhile, PasswordRefused } from '../errors.ts'
import { PasswordChanged } from '../events.ts'
import { deleteChallenges } from '../factors/queries.ts'
import { writeLetter } from '../letters/write-letter.ts'
import { checkPassword } from './check-password.ts'
import { objectionTo } from './password-rule.ts'
import { revokeSessions, updatePassword } from '../queries.ts'

type Given = z.output<typeof ChangePassword>

/** Sets a new password and ends every other session; how many. Throws WrongPassword, PasswordRefused, RateLimited. */
export async function changePassword(desk: Desk, ctx: CallerCtx, given: Given): Promise<number> {
  const { caller, requestId, language } = ctx
  await desk.throttle.ensureOpen('change_password', caller.userId)
  const { from, to } = await desk.passwords.inTurn(() => check(desk, ctx, given))
  const scene = sceneOf(desk, { ...caller, requestId })
  return desk.platform.store.within(caller, async (tx) => {
    const at = scene.now()
    // In this order: the update waits for sign-ins that hold the old password (lockAccount), then their sessions end too.
    const [updated] = await tx.send(updatePassword(tx.db, caller.userId, { from, to, at }))
    if (!updated) throw PasswordChangedMeanwhile()
    const [ended] = await Promise.all([
      tx.send(revokeSessions(tx.db, caller.userId, { except: caller.sessionId, because: 'password_changed', now: at })), tx.send(deleteChallenges(tx.db, caller.userId)),
    ])
    record(tx, scene, { action: 'password.changed', outcome: 'done', effect: 'GRANT', resource: { type: 'user', id: caller.userId }, details: { revoked_sessions: ended.length } })
    emit({ ...tx, ...scene }, PasswordChanged, { session_id: caller.sessionId })
    for (const { id } of ended) announceEnd(desk, tx, scene, { sessionId: id, action: 'session.revoked', because: 'password_changed' })
    writeLetter(desk, tx, { userId: caller.userId, kind: 'password_changed', language })
    return ended.length
  })
}

async function check(desk: Desk, ctx: CallerCtx, given: Given): Promise<{ from: string; to: string }> {
  const { passwordHash, emailKey } = await checkPassword(desk, ctx, given.current_password)
  const objection = objectionTo(given.new_password, emailKey)
  if (objection) throw PasswordRefused({ path: 'new_password', objection })
  return { from: passwordHash, to: await desk.passwords.hash(given.new_password) }
}
