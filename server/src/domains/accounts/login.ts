import type { z } from 'zod'
import { emit } from '../../platform/events/emit.ts'
import type { IdentityId, UserId } from '../../platform/ids.ts'
import { record } from '../audit/record.ts'
import type { Login, LoggedIn } from './contract.ts'
import { sceneOf, type Desk, type Visit } from './desk.ts'
import { readAddress } from './email-key.ts'
import { InvalidCredentials } from './errors.ts'
import { UserLoggedIn } from './events.ts'
import { openChallenge } from './factors/challenge.ts'
import { findFactors } from './factors/queries.ts'
import { answerSignedIn, openSession } from './sessions/open-session.ts'
import { findAccount, lockAccount, updatePassword } from './queries.ts'

type Account = Awaited<ReturnType<ReturnType<typeof findAccount>['executeTakeFirstOrThrow']>>
type Guess = { emailKey: string; pair: string; address: string; password: string; requestId: string }

/**
 * Signs a person in with a new session, or asks who has a second factor for it. Throws InvalidCredentials, the same for an
 * unknown address; RateLimited.
 */
export async function login(desk: Desk, { requestId, address }: Visit, { email, password }: z.output<typeof Login>): Promise<z.input<typeof LoggedIn>> {
  const emailKey = readAddress(email)?.key ?? email.toLowerCase()
  const guess: Guess = { emailKey, pair: `${emailKey} ${address}`, address, password, requestId }
  const { throttle } = desk
  await Promise.all([throttle.ensureOpen('login_pair', guess.pair), throttle.ensureOpen('login_address', address)])
  await throttle.slowDown('login_account', emailKey)
  const account = await desk.passwords.inTurn(() => check(desk, guess))
  const begun = await begin(desk, account, requestId)
  return 'mfa_token' in begun ? begun : answerSignedIn(desk, account, begun)
}

/**
 * Runs in the hashing queue, so at most two guesses of this node are between taking a try and giving it back: right
 * passwords sent at once do not use up each other's tries, wrong ones cannot be more than the tries there are.
 */
async function check(desk: Desk, guess: Guess): Promise<Account> {
  const triesLeft = await takeTry(desk, guess)
  const [account] = await desk.platform.store.within({ service: 'sign-in' }, (tx) => tx.send(findAccount(tx.db, guess.emailKey)))
  const isRight = await desk.passwords.matches(account?.password_hash, guess.password)
  if (!account || !isRight || account.disabled_at !== null) {
    await desk.throttle.count('login_account', guess.emailKey)
    if (account) recordLater(desk, account, guess, triesLeft)
    throw InvalidCredentials()
  }
  await Promise.all([desk.throttle.clear('login_pair', guess.pair), desk.throttle.giveBack('login_address', guess.address)])
  return desk.passwords.isOutdated(account.password_hash) ? rehash(desk, account, guess.password) : account
}

async function takeTry({ throttle }: Desk, { pair, address }: Guess): Promise<number> {
  const left = await throttle.take('login_pair', pair)
  try {
    await throttle.take('login_address', address)
  } catch (refusal) {
    await throttle.giveBack('login_pair', pair)
    throw refusal
  }
  return left
}

/** Not awaited: an answer that took longer for a known address would tell that it is known. */
function recordLater(desk: Desk, { id, identity_id }: Account, { requestId }: Guess, triesLeft: number): void {
  const scene = { ...sceneOf(desk, { userId: id, identityId: identity_id, requestId }), actor: { kind: 'system', id: 'sign-in' } as const }
  const details = Number.isFinite(triesLeft) ? { tries_left: triesLeft } : {}
  desk.platform.store.within(scene, async (tx) => { record(tx, scene, { action: 'session.login_failed', outcome: 'denied', resource: { type: 'user', id }, details }) })
    .catch((error: unknown) => desk.platform.log.error({ error, request_id: requestId }, 'a failed sign-in could not be recorded'))
}

/** Costs rose since the password was set: it is hashed anew while we have it. */
async function rehash(desk: Desk, account: Account, password: string): Promise<Account> {
  const fresh = await desk.passwords.hash(password)
  const at = desk.platform.clock.now()
  const [done] = await desk.platform.store.within({ userId: account.id as UserId }, (tx) => tx.send(updatePassword(tx.db, account.id, { from: account.password_hash, to: fresh, at })))
  return done ? { ...account, password_hash: fresh } : account
}

/** The account is held first and its factors are read after that, so that one which is set at this moment is seen, or ends the session. */
function begin(desk: Desk, account: Account, requestId: string) {
  const scene = sceneOf(desk, { userId: account.id, identityId: account.identity_id, requestId })
  return desk.platform.store.within(scene, async (tx) => {
    const at = scene.now()
    const [[locked], factors] = await Promise.all([tx.send(lockAccount(tx.db, account.id, account.password_hash)), tx.send(findFactors(tx.db, account.id))])
    if (!locked) throw InvalidCredentials()
    if (factors.length > 0) {
      record(tx, scene, { action: 'session.second_factor_asked', outcome: 'done', resource: { type: 'user', id: account.id } })
      return openChallenge(tx, { userId: account.id, at, kinds: factors.map(({ kind }) => kind) })
    }
    const session = await openSession(tx, { userId: account.id as UserId, identityId: account.identity_id as IdentityId, at })
    record(tx, scene, { action: 'session.login', outcome: 'done', resource: { type: 'session', id: session.id } })
    emit({ ...tx, ...scene }, UserLoggedIn, { session_id: session.id })
    return session
  })
}
