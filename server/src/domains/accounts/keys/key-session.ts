import type { EffectTx } from '../../../platform/ctx.ts'
import { emit } from '../../../platform/events/emit.ts'
import { newId, type SessionId } from '../../../platform/ids.ts'
import { SessionRevoked } from '../events.ts'
import { endKeySession as endRow, insertSession } from '../queries.ts'

/**
 * Opens the session in which an API key acts, so that a key ends as sessions do: when it is revoked, and with its identity.
 * It is in no list and never refreshed, and what ends a person's sessions, such as a new password, leaves it.
 */
export async function openKeySession(tx: EffectTx, { expiresAt }: { expiresAt: Date }): Promise<SessionId> {
  const id = newId<SessionId>()
  await tx.send(insertSession(tx.db, { id, userId: tx.userId, identityId: tx.identityId, at: tx.now(), expiresAt, provedAt: null, kind: 'api_key' }))
  return id
}

/** Ends the session of a key: its sockets close, and no effect of it commits any more. */
export async function endKeySession(tx: EffectTx, sessionId: string): Promise<void> {
  await tx.send(endRow(tx.db, tx.userId, { id: sessionId, now: tx.now() }))
  emit(tx, SessionRevoked, { session_id: sessionId, because: 'key_revoked' })
}
