import type { z } from 'zod'
import type { CallerCtx } from '../../../platform/ctx.ts'
import type { Tx } from '../../../platform/db/store.ts'
import { emit } from '../../../platform/events/emit.ts'
import type { IdentityId } from '../../../platform/ids.ts'
import { Unauthenticated } from '../../../platform/problems.ts'
import { record } from '../../audit/record.ts'
import type { SignedIn } from '../contract.ts'
import { sceneOf, type Desk } from '../desk.ts'
import { findPerson } from '../queries.ts'
import { announceEnd } from '../sessions/end-sessions.ts'
import { answerSignedIn, openSession } from '../sessions/open-session.ts'
import { NoFactor } from './errors.ts'
import { SteppedUp } from './events.ts'
import { endForSuccessor, findFactors, lockPerson } from './queries.ts'
import { spendCode, withTry } from './spend-code.ts'

/** Uses a proof up in the transaction; its kind, or undefined when it was not right. */
type Proof = (tx: Tx) => Promise<string | undefined>

/** With a code of the authenticator or a recovery code. Throws NoFactor, WrongCode or RateLimited. */
export const stepUpWithCode = (desk: Desk, ctx: CallerCtx, code: string): Promise<z.input<typeof SignedIn>> => {
  const { userId } = ctx.caller
  return withTry(desk, { userId, code }, () => stepUp(desk, ctx, (tx) => spendCode(desk, tx, { userId, code })))
}

/**
 * Proves the second factor anew. The session goes on under another id with tokens of its own and ends no later than before:
 * whoever copied a token of the old one got nothing of what was proved now. Undefined when the proof was not right. Throws NoFactor.
 */
export async function stepUp(desk: Desk, { caller, requestId }: CallerCtx, prove: Proof): Promise<z.input<typeof SignedIn> | undefined> {
  const { userId, sessionId } = caller
  const scene = sceneOf(desk, { ...caller, requestId })
  const opened = await desk.platform.store.within(caller, async (tx) => {
    const at = scene.now()
    // Held, so that a factor that changes at this moment comes before, or ends the session that this opens.
    const [person] = await tx.send(lockPerson(tx.db, userId))
    if (!person) throw Unauthenticated()
    if ((await tx.send(findFactors(tx.db, userId))).length === 0) throw NoFactor()
    const kind = await prove(tx)
    if (!kind) return undefined
    const [ended] = await tx.send(endForSuccessor(tx.db, { id: sessionId, userId, now: at }))
    if (!ended) throw Unauthenticated()
    const [session, [shown]] = await Promise.all([
      openSession(tx, { userId, identityId: ended.identity_id as IdentityId, at, expiresAt: ended.expires_at, provedAt: at }),
      tx.send(findPerson(tx.db, userId, ended.identity_id)),
    ])
    if (!shown) throw Unauthenticated()
    record(tx, scene, { action: 'session.stepped_up', outcome: 'done', resource: { type: 'session', id: session.id }, details: { by: kind } })
    emit({ ...tx, ...scene }, SteppedUp, { session_id: session.id })
    announceEnd(desk, tx, scene, { sessionId, action: 'session.revoked', because: 'stepped_up' })
    return { session, person: shown }
  })
  return opened && answerSignedIn(desk, opened.person, opened.session)
}
