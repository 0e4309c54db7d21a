import { randomBytes } from 'node:crypto'
import type { z } from 'zod'
import type { Tx } from '../../../platform/db/store.ts'
import { emit } from '../../../platform/events/emit.ts'
import { newId, type IdentityId, type UserId } from '../../../platform/ids.ts'
import { openDefaultIdentity } from '../../identities/open-default-identity.ts'
import { record } from '../../audit/record.ts'
import { sceneOf, type Desk, type Visit } from '../desk.ts'
import { readAddress } from '../email-key.ts'
import { verifyEmail } from '../emails/queries.ts'
import { UserLoggedIn, UserRegistered } from '../events.ts'
import { openChallenge } from '../factors/challenge.ts'
import { findFactors, shareAccount } from '../factors/queries.ts'
import { findHome, insertUser, type PersonRow } from '../queries.ts'
import { answerSignedIn, openSession } from '../sessions/open-session.ts'
import { redeem } from './authorize.ts'
import type { Callback, FederatedSignIn } from './contract.ts'
import { FederationRefused, LinkFirst } from './errors.ts'
import { findExternal, insertExternal, spendFlow, useExternal } from './queries.ts'

type Claims = Awaited<ReturnType<typeof redeem>>['claims']
type Answer = z.input<typeof FederatedSignIn>

/**
 * Signs in who a provider vouches for: the account that is linked to that issuer and subject, or a new one for an address
 * that the provider has verified and nobody here has. An address alone links nothing. A second factor is still asked for.
 * Throws FederationRefused, LinkFirst, ProviderDown.
 */
export async function signInFederated(desk: Desk, visit: Visit, given: z.output<typeof Callback>): Promise<Answer> {
  const { claims, flow } = await redeem(desk, given)
  // Made before the transaction, so that none is held while it hashes; most sign-ins do not need it and make none.
  const known = await desk.platform.store.within({ service: 'sign-in' }, (tx) => tx.send(findExternal(tx.db, claims)))
  const passwordHash = known[0] ? '' : await desk.passwords.inTurn(() => desk.passwords.hash(randomBytes(32).toString('base64url')))
  const begun = await desk.platform.store.within({ service: 'sign-in' }, async (tx) => {
    const [spent] = await tx.send(spendFlow(tx.db, { id: flow.id, expiresAt: new Date(flow.expiresAt) }))
    if (!spent) throw FederationRefused({ because: 'flow' })
    const person = await findPerson(tx, claims, desk.platform.clock.now()) ?? await openAccount(desk, tx, { claims, provider: given.provider, passwordHash, visit })
    return begin(desk, tx, { person, visit, provider: given.provider })
  })
  const answer = 'mfa_token' in begun ? begun : await answerSignedIn(desk, begun.person, begun.session)
  return { ...answer, return_to: flow.returnTo } as Answer
}

async function findPerson(tx: Tx, claims: Claims, at: Date): Promise<PersonRow | undefined> {
  const [external] = await tx.send(findExternal(tx.db, claims))
  if (!external) return undefined
  const [open] = await tx.send(shareAccount(tx.db, external.user_id))
  const [home] = open ? await tx.send(findHome(tx.db, external.user_id)) : []
  if (!home) throw FederationRefused({ because: 'provider' })
  await tx.send(useExternal(tx.db, external.id, at))
  return home
}

type Opening = { claims: Claims; provider: string; passwordHash: string; visit: Visit }

/** The account has a password that nobody knows; a reset gives it one. Its address is verified: the provider has done that. */
async function openAccount(desk: Desk, tx: Tx, { claims, provider, passwordHash, visit }: Opening): Promise<PersonRow> {
  const address = claims.email === null ? undefined : readAddress(claims.email)
  if (!address || passwordHash === '') throw LinkFirst()
  const at = desk.platform.clock.now()
  const [userId, identityId] = [newId<UserId>(), newId<IdentityId>()]
  const name = claims.name ?? address.shown.split('@', 1)[0] ?? 'CHE·NU'
  const [inserted] = await tx.send(insertUser(tx.db, { id: userId, email: address.shown, emailKey: address.key, name, passwordHash, at }))
  if (!inserted) throw LinkFirst()
  await tx.send(verifyEmail(tx.db, userId, { emailKey: address.key, at }))
  const identity = await openDefaultIdentity(tx, { id: identityId, userId, name, at })
  await tx.send(insertExternal(tx.db, { id: newId(), userId, provider, issuer: claims.issuer, subject: claims.subject, at }))
  const scene = sceneOf(desk, { userId, identityId, requestId: visit.requestId })
  record(tx, scene, { action: 'user.registered', outcome: 'done', effect: 'CREATE', resource: { type: 'user', id: userId }, details: { by: provider } })
  emit({ ...tx, ...scene }, UserRegistered, { user_id: userId })
  return { id: userId, email: address.shown, name, identity_id: identity.id, identity_type: identity.type, identity_name: identity.name }
}

async function begin(desk: Desk, tx: Tx, { person, visit, provider }: { person: PersonRow; visit: Visit; provider: string }) {
  const scene = sceneOf(desk, { userId: person.id, identityId: person.identity_id, requestId: visit.requestId })
  const at = scene.now()
  const factors = await tx.send(findFactors(tx.db, person.id))
  if (factors.length > 0) {
    record(tx, scene, { action: 'session.second_factor_asked', outcome: 'done', resource: { type: 'user', id: person.id } })
    return openChallenge(tx, { userId: person.id, at, kinds: factors.map(({ kind }) => kind) })
  }
  const session = await openSession(tx, { userId: person.id as UserId, identityId: person.identity_id as IdentityId, at })
  record(tx, scene, { action: 'session.login', outcome: 'done', resource: { type: 'session', id: session.id }, details: { by: provider } })
  emit({ ...tx, ...scene }, UserLoggedIn, { session_id: session.id })
  return { person, session }
}
