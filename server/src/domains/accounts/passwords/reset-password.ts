import type { z } from 'zod'
import { sha256 } from '../../../platform/canonical.ts'
import { emit } from '../../../platform/events/emit.ts'
import { record } from '../../audit/record.ts'
import type { ResetPassword } from '../contract.ts'
import { sceneOf, type Desk, type Visit } from '../desk.ts'
import { verifyEmail } from '../emails/queries.ts'
import { LinkOver, PasswordRefused } from '../errors.ts'
import { PasswordChanged } from '../events.ts'
import { deleteChallenges, lockPerson } from '../factors/queries.ts'
import { deleteMailedTokens, findMailedToken, spendMailedToken } from '../letters/queries.ts'
import { writeLetter } from '../letters/write-letter.ts'
import { findHome, findPasswordHash, revokeSessions, updatePassword } from '../queries.ts'
import { announceEnd } from '../sessions/end-sessions.ts'
import { objectionTo } from './password-rule.ts'

const PURPOSE = 'reset_password'

/**
 * Sets a new password with a mailed token and ends every session; how many. It signs nobody in: a second factor is asked
 * for as before. Nothing is hashed for a token that works no more. Throws LinkOver, PasswordRefused.
 */
export async function resetPassword(desk: Desk, visit: Visit, { token, new_password }: z.output<typeof ResetPassword>): Promise<number> {
  const { store, clock } = desk.platform
  const hash = sha256(token)
  const [found] = await store.within({ service: 'sign-in' }, (tx) => tx.send(findMailedToken(tx.db, hash, { purposes: [PURPOSE], now: clock.now() })))
  if (!found) throw LinkOver()
  const objection = objectionTo(new_password, found.email_key)
  if (objection) throw PasswordRefused({ path: 'new_password', objection })
  const fresh = await desk.passwords.inTurn(() => desk.passwords.hash(new_password))
  return setPassword(desk, visit, { hash, userId: found.user_id, fresh })
}

/**
 * The account is held before the token is spent, as everything does that changes it: so no two wait for each other, and a
 * sign-in with the old password or a half of one has committed before, and ends here.
 */
function setPassword(desk: Desk, { requestId, language }: Visit, { hash, userId, fresh }: { hash: string; userId: string; fresh: string }): Promise<number> {
  return desk.platform.store.within({ service: 'sign-in' }, async (tx) => {
    const at = desk.platform.clock.now()
    const [[person], [before], [home]] = await Promise.all([tx.send(lockPerson(tx.db, userId)), tx.send(findPasswordHash(tx.db, userId)), tx.send(findHome(tx.db, userId))])
    const [spent] = person ? await tx.send(spendMailedToken(tx.db, hash, at)) : []
    // The address was changed since: the link went to a box that is no longer theirs.
    if (!spent || !before || !home || spent.email_key !== before.email_key) throw LinkOver()
    await tx.send(updatePassword(tx.db, userId, { from: before.password_hash, to: fresh, at }))
    const [ended] = await Promise.all([
      tx.send(revokeSessions(tx.db, userId, { because: 'password_reset', now: at })),
      tx.send(deleteChallenges(tx.db, userId)), tx.send(deleteMailedTokens(tx.db, userId, { purpose: PURPOSE, except: hash })), tx.send(verifyEmail(tx.db, userId, { emailKey: spent.email_key, at })),
    ])
    const scene = sceneOf(desk, { userId, identityId: home.identity_id, requestId })
    record(tx, scene, { action: 'password.reset', outcome: 'done', effect: 'GRANT', resource: { type: 'user', id: userId }, details: { revoked_sessions: ended.length } })
    emit({ ...tx, ...scene }, PasswordChanged, { session_id: null })
    for (const { id } of ended) announceEnd(desk, tx, scene, { sessionId: id, action: 'session.revoked', because: 'password_reset' })
    writeLetter(desk, tx, { userId, kind: 'password_changed', language })
    return ended.length
  })
}
