import { createHash, createSecretKey, type KeyObject } from 'node:crypto'
import { decodeProtectedHeader, jwtVerify, SignJWT } from 'jose'
import { LRUCache } from 'lru-cache'
import { z } from 'zod'
import type { Clock } from '../../../platform/clock.ts'
import { isUuid, newId, type IdentityId, type SessionId, type UserId } from '../../../platform/ids.ts'
import { Unauthenticated } from '../../../platform/problems.ts'

export const ACCESS_SECONDS = 900
/** What the clocks of two nodes may differ by. */
const SKEW_SECONDS = 5
const TOKEN_BYTES_MAX = 8_192
const KNOWN_MAX = 10_000

const ALGORITHM = 'HS256'
const TYPE = 'at+jwt'
const PARTY = 'chenu'

const Id = z.string().refine(isUuid)
const Claims = z.strictObject({ iss: z.literal(PARTY), aud: z.literal(PARTY), sub: Id, identity_id: Id, sid: Id, jti: Id, iat: z.int(), exp: z.int() })
  .refine(({ iat, exp }) => exp > iat && exp - iat <= ACCESS_SECONDS)

/** For whom a token speaks. */
export type Subject = { userId: UserId; identityId: IdentityId; sessionId: SessionId }
export type AccessClaims = Subject & { issuedAt: Date; expiresAt: Date }

export type AccessTokens = {
  sign(subject: Subject, until: Date): Promise<{ token: string; expiresInSeconds: number }>
  /** What a valid token says. Throws Unauthenticated, the same for every fault. */
  read(token: string): Promise<AccessClaims>
}

/** Names a key in the header of its tokens (`kid`), and tells nothing of it. */
export const keyIdOf = (secret: Uint8Array | string): string => createHash('sha256').update('chenu/kid/').update(secret).digest('base64url').slice(0, 11)

type Key = { id: string; key: KeyObject; until: number }

/**
 * Short-lived JWTs (RFC 9068), signed with the instance's secret. What was verified once is kept by its exact text. Tokens
 * of the `previous` secret are read for as long as one of them can live after this start; no new one is signed with it.
 */
export function createAccessTokens({ secret, previous = null, clock }: { secret: Uint8Array; previous?: Uint8Array | null; clock: Clock }): AccessTokens {
  const key = createSecretKey(secret)
  const kid = keyIdOf(secret)
  const keys: Key[] = [{ id: kid, key, until: Infinity }]
  if (previous) keys.push({ id: keyIdOf(previous), key: createSecretKey(previous), until: clock.now().getTime() + (ACCESS_SECONDS + SKEW_SECONDS) * 1_000 })
  const known = new LRUCache<string, Kept>({ max: KNOWN_MAX })
  return {
    async sign({ userId, identityId, sessionId }, until) {
      const issuedAt = Math.floor(clock.now().getTime() / 1_000)
      const expiresAt = Math.min(issuedAt + ACCESS_SECONDS, Math.floor(until.getTime() / 1_000))
      const token = await new SignJWT({ identity_id: identityId, sid: sessionId }).setProtectedHeader({ alg: ALGORITHM, typ: TYPE, kid })
        .setIssuer(PARTY).setAudience(PARTY).setSubject(userId).setJti(newId()).setIssuedAt(issuedAt).setExpirationTime(expiresAt).sign(key)
      return { token, expiresInSeconds: expiresAt - issuedAt }
    },
    async read(token) {
      const found = known.get(token)
      const claims = found ?? await verify(token, keys, clock)
      if (!found) known.set(token, claims)
      const now = clock.now().getTime()
      if (!isTimely(claims, now) || claims.keyUntil <= now) throw Unauthenticated()
      return claims
    },
  }
}

// Looked at on every use: a token that was verified before the clock moved may be over, or not begun.
const isTimely = ({ issuedAt, expiresAt }: AccessClaims, now: number): boolean =>
  issuedAt.getTime() <= now + SKEW_SECONDS * 1_000 && expiresAt.getTime() > now - SKEW_SECONDS * 1_000

type Kept = AccessClaims & { keyUntil: number }

async function verify(token: string, keys: Key[], clock: Clock): Promise<Kept> {
  if (token.length > TOKEN_BYTES_MAX || !isCanonicalForm(token)) throw Unauthenticated()
  try {
    // The name only chooses among the keys that we hold; it is no path, no address and no query (RFC 8725 §3.10).
    const { kid } = decodeProtectedHeader(token)
    const by = keys.find(({ id }) => id === kid)
    if (!by) throw Unauthenticated()
    const { payload, protectedHeader } = await jwtVerify(token, by.key, {
      algorithms: [ALGORITHM], typ: TYPE, issuer: PARTY, audience: PARTY, currentDate: clock.now(),
      requiredClaims: ['exp', 'iat', 'sub', 'jti', 'sid', 'identity_id'], maxTokenAge: ACCESS_SECONDS, clockTolerance: SKEW_SECONDS,
    })
    if (Object.keys(protectedHeader).length !== 3) throw Unauthenticated()
    const { sub, identity_id, sid, iat, exp } = Claims.parse(payload)
    return { userId: sub as UserId, identityId: identity_id as IdentityId, sessionId: sid as SessionId, issuedAt: new Date(iat * 1_000), expiresAt: new Date(exp * 1_000), keyUntil: by.until }
  } catch {
    // Every fault is the same to the client; which check failed is no business of who holds a bad token (RFC 6750).
    throw Unauthenticated()
  }
}

/** Node reads several spellings of one base64url text (padding, blanks, loose last bits); only the one we write counts. */
const isCanonicalForm = (token: string): boolean => {
  const segments = token.split('.')
  return segments.length === 3 && segments.every((segment) => segment.length > 0 && Buffer.from(segment, 'base64url').toString('base64url') === segment)
}
