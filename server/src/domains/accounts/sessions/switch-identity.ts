import type { z } from 'zod'
import type { CallerCtx } from '../../../platform/ctx.ts'
import { emit } from '../../../platform/events/emit.ts'
import type { IdentityId } from '../../../platform/ids.ts'
import { Conflict } from '../../../platform/problems.ts'
import { record } from '../../audit/record.ts'
import { refuseMissing } from '../../governance/refuse-missing.ts'
import type { Switched } from '../contract.ts'
import { sceneOf, type Desk } from '../desk.ts'
import { IdentitySwitched } from '../events.ts'
import { presentPerson } from '../present.ts'
import { findPerson, switchSession } from '../queries.ts'

/** Lets the caller's session act as another of their identities; the new access token speaks for that one. */
export async function switchIdentity(desk: Desk, ctx: CallerCtx, identityId: string): Promise<z.input<typeof Switched>> {
  const { caller, requestId } = ctx
  const scene = sceneOf(desk, { ...caller, requestId })
  const { person, expiresAt } = await desk.platform.store.within(caller, async (tx) => {
    const [[switched], [person]] = await Promise.all([
      tx.send(switchSession(tx.db, { id: caller.sessionId, userId: caller.userId, identityId, now: scene.now() })),
      tx.send(findPerson(tx.db, caller.userId, identityId)),
    ])
    if (!person) return refuseMissing({ ...ctx, tx, db: tx.db, identityId: caller.identityId }, { type: 'identity', id: identityId })
    if (!switched) throw Conflict({ en: 'That identity is archived. Restore it first.', fr: 'Cette identité est archivée. Rétablissez-la d’abord.' })
    record(tx, scene, { action: 'identity.switched', outcome: 'done', resource: { type: 'identity', id: identityId } })
    emit({ ...tx, ...scene }, IdentitySwitched, { session_id: caller.sessionId, identity_id: identityId })
    return { person, expiresAt: switched.expires_at }
  })
  const { token, expiresInSeconds } = await desk.tokens.sign({ userId: caller.userId, identityId: identityId as IdentityId, sessionId: caller.sessionId }, expiresAt)
  return { ...presentPerson(person), access_token: token, token_type: 'bearer', expires_in: expiresInSeconds }
}
