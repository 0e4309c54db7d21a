import type { CallerCtx } from '../../../platform/ctx.ts'
import type { Tx } from '../../../platform/db/store.ts'
import { emit } from '../../../platform/events/emit.ts'
import type { AuditScene } from '../../audit/record.ts'
import { record } from '../../audit/record.ts'
import { refuseMissing } from '../../governance/refuse-missing.ts'
import { sceneOf, type Desk } from '../desk.ts'
import { SessionEnded } from '../errors.ts'
import { SessionRevoked, UserLoggedOut } from '../events.ts'
import { findSession, revokeSessions } from '../queries.ts'

/** Ends the caller's session, or all that they have; how many ended. */
export async function logout(desk: Desk, { caller, requestId }: CallerCtx, { all }: { all: boolean }): Promise<number> {
  const scene = sceneOf(desk, { ...caller, requestId })
  return desk.platform.store.within(caller, async (tx) => {
    const ended = await tx.send(revokeSessions(tx.db, caller.userId, { ...(all ? {} : { only: caller.sessionId }), because: 'logout', now: scene.now() }))
    for (const { id } of ended) announceEnd(desk, tx, scene, { sessionId: id, action: 'session.logout', because: 'logout' })
    emit({ ...tx, ...scene }, UserLoggedOut, { session_id: caller.sessionId })
    return ended.length
  })
}

/** Ends one of the caller's sessions. Throws SessionEnded, IdentityBoundary for another person's, or NotFound. */
export async function revokeSession(desk: Desk, ctx: CallerCtx, sessionId: string): Promise<number> {
  const { caller, requestId } = ctx
  const scene = sceneOf(desk, { ...caller, requestId })
  return desk.platform.store.within(caller, async (tx) => {
    const [ended] = await tx.send(revokeSessions(tx.db, caller.userId, { only: sessionId, because: 'revoked', now: scene.now() }))
    if (ended) {
      announceEnd(desk, tx, scene, { sessionId, action: 'session.revoked', because: 'revoked' })
      return 1
    }
    const [own] = await tx.send(findSession(tx.db, caller.userId, sessionId))
    if (own) throw SessionEnded()
    return refuseMissing({ ...ctx, tx, db: tx.db, identityId: caller.identityId }, { type: 'session', id: sessionId })
  })
}

type End = { sessionId: string; action: 'session.logout' | 'session.revoked'; because: string }

/** Puts the end of a session into the record, closes its sockets, and has this node refuse its tokens at once. */
export function announceEnd(desk: Desk, tx: Tx, scene: AuditScene, { sessionId, action, because }: End): void {
  record(tx, scene, { action, outcome: 'done', resource: { type: 'session', id: sessionId }, details: { because } })
  emit({ ...tx, ...scene }, SessionRevoked, { session_id: sessionId, because })
  tx.afterCommit(() => desk.live.forget([sessionId]))
}
