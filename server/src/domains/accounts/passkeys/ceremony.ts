import { generateAuthenticationOptions, generateRegistrationOptions, verifyAuthenticationResponse, verifyRegistrationResponse, type VerifiedRegistrationResponse } from '@simplewebauthn/server'
import type { z } from 'zod'
import { sha256 } from '../../../platform/canonical.ts'
import type { Tx } from '../../../platform/db/store.ts'
import { isUuid } from '../../../platform/ids.ts'
import type { Desk } from '../desk.ts'
import type { Assertion, Registration } from './contract.ts'
import { PasskeyRefused } from './errors.ts'
import { findPasskey, insertChallenge, spendChallenge, usePasskey, type PasskeyRow, type Purpose } from './queries.ts'
import { siteOf } from './site.ts'

export const CHALLENGE_SECONDS = 300

type For = { purpose: Purpose; userId: string | null }

/** Keeps a challenge as its hash, for one answer within five minutes. */
async function keep({ platform }: Desk, tx: Tx, challenge: string, { purpose, userId }: For): Promise<void> {
  await tx.send(insertChallenge(tx.db, { hash: sha256(challenge), userId, purpose, expiresAt: new Date(platform.clock.now().getTime() + CHALLENGE_SECONDS * 1_000) }))
}

type Person = { id: string; email: string }

/** Options to make a passkey: one that finds its account by itself and asks who holds it (user verification). */
export async function registrationOptions(desk: Desk, tx: Tx, { person, existing }: { person: Person; existing: PasskeyRow[] }) {
  const { rpId } = siteOf(desk.platform.settings)
  const options = await generateRegistrationOptions({
    rpName: 'CHE·NU', rpID: rpId, userID: new TextEncoder().encode(person.id), userName: person.email, attestationType: 'none', timeout: CHALLENGE_SECONDS * 1_000,
    excludeCredentials: existing.map(({ credential_id }) => ({ id: credential_id })), authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
  })
  await keep(desk, tx, options.challenge, { purpose: 'register', userId: person.id })
  return options
}

/** Options to sign with a passkey; none is named, so that nothing is told of who has which. */
export async function assertionOptions(desk: Desk, tx: Tx, given: For) {
  const { rpId } = siteOf(desk.platform.settings)
  const options = await generateAuthenticationOptions({ rpID: rpId, userVerification: 'required', timeout: CHALLENGE_SECONDS * 1_000 })
  await keep(desk, tx, options.challenge, given)
  return options
}

/** What a new passkey says of itself. Uses the challenge up. Throws PasskeyRefused. */
export async function readRegistration(desk: Desk, tx: Tx, { userId, response }: { userId: string; response: z.output<typeof Registration> }): Promise<NonNullable<VerifiedRegistrationResponse['registrationInfo']>> {
  const { origin, rpId } = siteOf(desk.platform.settings)
  const verified = await verifyRegistrationResponse({
    response: response as never, expectedOrigin: origin, expectedRPID: rpId, requireUserVerification: true, expectedChallenge: spender(desk, tx, { purpose: 'register', userId }),
  }).catch(refused)
  if (!verified.verified) throw PasskeyRefused()
  return verified.registrationInfo
}

/**
 * Whose passkey signed, in the caller's transaction: the challenge is used up and the counter moves in it, so that one
 * signature counts once. `userId`: only theirs counts; null: anybody's. Throws PasskeyRefused.
 */
export async function readAssertion(desk: Desk, tx: Tx, { purpose, userId, response }: For & { response: z.output<typeof Assertion> }): Promise<{ userId: string; passkeyId: string }> {
  const { origin, rpId } = siteOf(desk.platform.settings)
  const [passkey] = await tx.send(findPasskey(tx.db, response.id))
  if (!passkey || (userId !== null && passkey.user_id !== userId) || !isHandleOf(response.response.userHandle, passkey.user_id)) throw PasskeyRefused()
  const verified = await verifyAuthenticationResponse({
    response: response as never, expectedOrigin: origin, expectedRPID: rpId, requireUserVerification: true, expectedChallenge: spender(desk, tx, { purpose, userId }),
    credential: { id: passkey.credential_id, publicKey: new Uint8Array(passkey.public_key), counter: Number(passkey.counter), transports: passkey.transports as never },
  }).catch(refused)
  if (!verified.verified) throw PasskeyRefused()
  const { newCounter, credentialBackedUp } = verified.authenticationInfo
  const [used] = await tx.send(usePasskey(tx.db, { id: passkey.id, counter: newCounter, backedUp: credentialBackedUp, at: desk.platform.clock.now() }))
  if (!used) throw PasskeyRefused()
  return { userId: passkey.user_id, passkeyId: passkey.id }
}

/** The library hands over the challenge that was signed: it counts when we gave it out for this, and once. */
const spender = ({ platform }: Desk, tx: Tx, { purpose, userId }: For) => async (challenge: string): Promise<boolean> =>
  (await tx.send(spendChallenge(tx.db, { hash: sha256(challenge), userId, purpose, now: platform.clock.now() }))).length === 1

/** A passkey that finds its account by itself says which account it was made for. */
function isHandleOf(handle: string | undefined, userId: string): boolean {
  if (handle === undefined) return true
  const named = Buffer.from(handle, 'base64url').toString('utf8')
  return isUuid(named) && named === userId
}

/** The library throws plain errors for what does not verify; a fault of the database flies on. */
function refused(error: unknown): never {
  throw (error as { severity?: string }).severity === undefined && error instanceof Error && !('code' in error && String((error as { code: unknown }).code).length === 5) ? PasskeyRefused() : error
}
