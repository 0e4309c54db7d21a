import { randomBytes } from 'node:crypto'
import type { z } from 'zod'
import { sha256 } from '../../../platform/canonical.ts'
import type { Tx } from '../../../platform/db/store.ts'
import { newId, type IdentityId, type SessionId, type UserId } from '../../../platform/ids.ts'
import type { SignedIn } from '../contract.ts'
import type { Desk } from '../desk.ts'
import { presentPerson } from '../present.ts'
import { insertRefreshToken, insertSession, type PersonRow } from '../queries.ts'

const DAY_MS = 86_400_000
/** A session ends after this long, however often it is refreshed. */
export const SESSION_DAYS_MAX = 30
/** A session that is not refreshed for this long ends. */
export const IDLE_DAYS_MAX = 7

export type Opened = { id: SessionId; userId: UserId; identityId: IdentityId; refreshToken: string; expiresAt: Date }

/** `expiresAt`: the end of the session that this one takes the place of. `provedAt`: its second factor was given. */
type NewSession = { userId: UserId; identityId: IdentityId; at: Date; expiresAt?: Date; provedAt?: Date }

/** Opens a session with its first refresh token, in the transaction of the sign-in. Keeps no address and no user agent. */
export async function openSession(tx: Tx, given: NewSession): Promise<Opened> {
  const id = newId<SessionId>()
  const expiresAt = given.expiresAt ?? new Date(given.at.getTime() + SESSION_DAYS_MAX * DAY_MS)
  const session = { id, userId: given.userId, identityId: given.identityId, expiresAt }
  const [, refreshToken] = await Promise.all([
    tx.send(insertSession(tx.db, { ...session, at: given.at, provedAt: given.provedAt ?? null })),
    addRefreshToken(tx, { sessionId: id, userId: given.userId, at: given.at, expiresAt }),
  ])
  return { ...session, refreshToken }
}

/** Gives a session its next refresh token: 256 random bits that mean nothing by themselves. Only their hash is stored. */
export async function addRefreshToken(tx: Tx, given: { sessionId: string; userId: string; at: Date; expiresAt: Date }): Promise<string> {
  const token = randomBytes(32).toString('base64url')
  const idleUntil = given.at.getTime() + IDLE_DAYS_MAX * DAY_MS
  await tx.send(insertRefreshToken(tx.db, { ...given, hash: sha256(token), expiresAt: new Date(Math.min(idleUntil, given.expiresAt.getTime())) }))
  return token
}

/** The answer to whoever signed in: person, identity and tokens. Call it when the session is committed. */
export async function answerSignedIn(desk: Desk, person: PersonRow, session: Opened): Promise<z.input<typeof SignedIn>> {
  const { token, expiresInSeconds } = await desk.tokens.sign({ userId: session.userId, identityId: session.identityId, sessionId: session.id }, session.expiresAt)
  return { ...presentPerson(person), access_token: token, refresh_token: session.refreshToken, token_type: 'bearer', expires_in: expiresInSeconds }
}
