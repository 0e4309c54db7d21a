import type { FastifyRequest } from 'fastify'
import type { z } from 'zod'
import { sha256 } from '../../../platform/canonical.ts'
import type { Tx } from '../../../platform/db/store.ts'
import { emit } from '../../../platform/events/emit.ts'
import type { IdentityId, SessionId, UserId } from '../../../platform/ids.ts'
import { MalformedRequest, Unauthenticated } from '../../../platform/problems.ts'
import { record } from '../../audit/record.ts'
import { findBearer } from './bearer.ts'
import type { Refresh, SignedIn } from '../contract.ts'
import { sceneOf, type Desk, type Visit } from '../desk.ts'
import { SessionRevoked } from '../events.ts'
import { addRefreshToken, answerSignedIn, type Opened } from './open-session.ts'
import { findSuccessor, revokeFamily, spendRefreshToken, touchSession, type PersonRow } from '../queries.ts'

const FORM = /^[A-Za-z0-9_-]{43}$/

/** The refresh token of a request: in its Authorization header, or in its body, not in both. */
export function refreshTokenOf(request: FastifyRequest, body: z.output<typeof Refresh>): string {
  const inHeader = findBearer(request)
  if (inHeader !== undefined && body.refresh_token !== undefined) throw MalformedRequest({ en: 'Send one refresh token: in the header or in the body.', fr: 'Envoyez un seul jeton : dans l’en-tête ou dans le corps.' })
  const token = inHeader ?? body.refresh_token
  if (token === undefined) throw Unauthenticated()
  return token
}

/**
 * Spends a refresh token for new tokens of the same session. There is no grace: a token that was used before ends its
 * session, since either its owner or a thief came second and we cannot tell who. So of two hundred uses at once one is
 * answered 200, and the others end what it was given. Throws Unauthenticated.
 */
export async function refresh(desk: Desk, { requestId }: Visit, token: string): Promise<z.input<typeof SignedIn>> {
  if (!FORM.test(token)) throw Unauthenticated()
  // Thrown outside: the end of a reused session must commit.
  const next = await desk.platform.store.within({ service: 'sign-in' }, (tx) => spendOrRevoke(desk, tx, { hash: sha256(token), requestId }))
  if (!next) throw Unauthenticated()
  return answerSignedIn(desk, next.person, next.session)
}

async function spendOrRevoke(desk: Desk, tx: Tx, { hash, requestId }: { hash: string; requestId: string }): Promise<{ person: PersonRow; session: Opened } | undefined> {
  const at = desk.platform.clock.now()
  const [spent] = await tx.send(spendRefreshToken(tx.db, hash, at))
  if (!spent) {
    await endFamily(desk, tx, { hash, requestId, at })
    return undefined
  }
  const { session_id, user_id, expires_at } = spent
  const [[person], refreshToken] = await Promise.all([
    tx.send(findSuccessor(tx.db, user_id, spent.identity_id)),
    addRefreshToken(tx, { sessionId: session_id, userId: user_id, at, expiresAt: expires_at }),
  ])
  if (!person) throw Unauthenticated()
  await tx.send(touchSession(tx.db, session_id, { identityId: person.identity_id, at }))
  return { person, session: { id: session_id as SessionId, userId: user_id as UserId, identityId: person.identity_id as IdentityId, refreshToken, expiresAt: expires_at } }
}

async function endFamily(desk: Desk, tx: Tx, { hash, requestId, at }: { hash: string; requestId: string; at: Date }): Promise<void> {
  const [ended] = await tx.send(revokeFamily(tx.db, hash, at))
  if (!ended) return
  const scene = sceneOf(desk, { userId: ended.user_id, identityId: ended.identity_id, requestId })
  record(tx, { ...scene, actor: { kind: 'system', id: 'sign-in' } }, { action: 'token.reuse', outcome: 'denied', resource: { type: 'session', id: ended.id } })
  emit({ ...tx, ...scene }, SessionRevoked, { session_id: ended.id, because: 'token_reuse' })
  tx.afterCommit(() => desk.live.forget([ended.id]))
}
