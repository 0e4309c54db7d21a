import type { z } from 'zod'
import { emit } from '../../../platform/events/emit.ts'
import type { IdentityId, UserId } from '../../../platform/ids.ts'
import { record } from '../../audit/record.ts'
import type { SignedIn } from '../contract.ts'
import { sceneOf, type Desk, type Visit } from '../desk.ts'
import { UserLoggedIn } from '../events.ts'
import { shareAccount } from '../factors/queries.ts'
import { findHome } from '../queries.ts'
import { answerSignedIn, openSession } from '../sessions/open-session.ts'
import { assertionOptions, CHALLENGE_SECONDS, readAssertion } from './ceremony.ts'
import type { PasskeyOptions, ProvePasskey } from './contract.ts'
import { PasskeyRefused } from './errors.ts'

/** Options for the browser to sign in with a passkey; the same for everyone. */
export const beginPasskeySignIn = (desk: Desk): Promise<z.input<typeof PasskeyOptions>> => desk.platform.store.within({ service: 'sign-in' }, async (tx) =>
  ({ options: { ...await assertionOptions(desk, tx, { purpose: 'sign_in', userId: null }) }, expires_in: CHALLENGE_SECONDS }))

/** Signs in with a passkey. Holding it and being asked who holds it are two factors, so the session counts as proved. Throws PasskeyRefused. */
export async function signInWithPasskey(desk: Desk, { requestId }: Visit, { response }: z.output<typeof ProvePasskey>): Promise<z.input<typeof SignedIn>> {
  const { person, session } = await desk.platform.store.within({ service: 'sign-in' }, async (tx) => {
    const at = desk.platform.clock.now()
    const { userId } = await readAssertion(desk, tx, { purpose: 'sign_in', userId: null, response })
    const [open] = await tx.send(shareAccount(tx.db, userId))
    const [home] = open ? await tx.send(findHome(tx.db, userId)) : []
    if (!home) throw PasskeyRefused()
    const scene = sceneOf(desk, { userId, identityId: home.identity_id, requestId })
    const opened = await openSession(tx, { userId: userId as UserId, identityId: home.identity_id as IdentityId, at, provedAt: at })
    record(tx, scene, { action: 'session.login', outcome: 'done', resource: { type: 'session', id: opened.id }, details: { by: 'passkey' } })
    emit({ ...tx, ...scene }, UserLoggedIn, { session_id: opened.id })
    return { person: home, session: opened }
  })
  return answerSignedIn(desk, person, session)
}
