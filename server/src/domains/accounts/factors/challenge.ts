import { randomBytes } from 'node:crypto'
import type { z } from 'zod'
import { sha256 } from '../../../platform/canonical.ts'
import type { Tx } from '../../../platform/db/store.ts'
import { emit } from '../../../platform/events/emit.ts'
import type { IdentityId, UserId } from '../../../platform/ids.ts'
import { RateLimited } from '../../../platform/problems.ts'
import { record } from '../../audit/record.ts'
import type { MfaRequired, SecondFactor, SignedIn } from '../contract.ts'
import { sceneOf, type Desk, type Visit } from '../desk.ts'
import { UserLoggedIn } from '../events.ts'
import { findHome, type PersonRow } from '../queries.ts'
import { answerSignedIn, openSession, type Opened } from '../sessions/open-session.ts'
import { InvalidChallenge } from './errors.ts'
import { findChallenge, insertChallenge, shareAccount, spendChallenge, takeChallengeTry } from './queries.ts'
import { spendCode, withTry } from './spend-code.ts'

const CHALLENGE_SECONDS = 300
/** Wrong codes after which a challenge is dead, and the password is needed again. */
export const TRIES_MAX = 5

/**
 * The second half of a sign-in: a token of 256 random bits that is good for nothing but answering with a code. Only who
 * knows the password gets one, so that a stranger cannot use up anybody's tries.
 */
export async function openChallenge(tx: Tx, { userId, at, kinds }: { userId: string; at: Date; kinds: string[] }): Promise<z.input<typeof MfaRequired>> {
  const token = randomBytes(32).toString('base64url')
  await tx.send(insertChallenge(tx.db, { hash: sha256(token), userId, at, expiresAt: new Date(at.getTime() + CHALLENGE_SECONDS * 1_000) }))
  return { mfa_required: true, mfa_token: token, expires_in: CHALLENGE_SECONDS, factors: [...kinds as Array<'totp'>, 'recovery_code'] }
}

type Outcome = 'over' | 'wrong' | { person: PersonRow; session: Opened }

/** Ends a sign-in with a code of the second factor. Throws InvalidChallenge, WrongCode or RateLimited. */
export async function answerChallenge(desk: Desk, { requestId }: Visit, given: z.output<typeof SecondFactor>): Promise<z.input<typeof SignedIn>> {
  const { store, clock } = desk.platform
  const hash = sha256(given.mfa_token)
  const [challenge] = await store.within({ service: 'sign-in' }, (tx) => tx.send(findChallenge(tx.db, hash, clock.now())))
  if (!challenge) throw InvalidChallenge()
  if (challenge.tries >= TRIES_MAX) throw RateLimited({ policy: 'second_factor_challenge', retryAfterSeconds: Math.max(1, Math.ceil((challenge.expires_at.getTime() - clock.now().getTime()) / 1_000)) })
  const answered = await withTry(desk, { userId: challenge.user_id, code: given.code }, async () => {
    // Not thrown inside: a try that was taken must commit.
    const outcome = await store.within({ service: 'sign-in' }, (tx) => answer(desk, tx, { hash, code: given.code, userId: challenge.user_id, requestId }))
    if (outcome === 'over') throw InvalidChallenge()
    return outcome === 'wrong' ? undefined : outcome
  })
  return answerSignedIn(desk, answered.person, answered.session)
}

type Answer = { hash: string; code: string; userId: string; requestId: string }

/**
 * In this order: the account is shared first, so that a change of password or factors, which holds it, either ends this
 * challenge before it is answered or waits and ends the session that it opened. Then the challenge is held by its try, so
 * that of two hundred answers at once one is looked at after the other, and after the right one it is used.
 */
async function answer(desk: Desk, tx: Tx, { hash, code, userId, requestId }: Answer): Promise<Outcome> {
  const at = desk.platform.clock.now()
  const [open] = await tx.send(shareAccount(tx.db, userId))
  const [taken] = open ? await tx.send(takeChallengeTry(tx.db, hash, { now: at, max: TRIES_MAX })) : []
  const [person] = taken ? await tx.send(findHome(tx.db, userId)) : []
  if (!person) return 'over'
  const scene = sceneOf(desk, { userId, identityId: person.identity_id, requestId })
  const kind = await spendCode(desk, tx, { userId, code })
  if (!kind) {
    record(tx, { ...scene, actor: { kind: 'system', id: 'sign-in' } }, { action: 'session.second_factor_failed', outcome: 'denied', resource: { type: 'user', id: userId } })
    return 'wrong'
  }
  const [session] = await Promise.all([
    openSession(tx, { userId: userId as UserId, identityId: person.identity_id as IdentityId, at, provedAt: at }),
    tx.send(spendChallenge(tx.db, hash, at)),
  ])
  record(tx, scene, { action: 'session.login', outcome: 'done', resource: { type: 'session', id: session.id }, details: { by: kind } })
  emit({ ...tx, ...scene }, UserLoggedIn, { session_id: session.id })
  return { person, session }
}
