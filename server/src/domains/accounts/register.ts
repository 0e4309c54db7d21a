import assert from 'node:assert/strict'
import type { z } from 'zod'
import { emit } from '../../platform/events/emit.ts'
import { newId, type IdentityId, type UserId } from '../../platform/ids.ts'
import { record } from '../audit/record.ts'
import { openDefaultIdentity } from '../identities/open-default-identity.ts'
import type { Register, SignedIn } from './contract.ts'
import { sceneOf, type Desk, type Visit } from './desk.ts'
import { readAddress } from './email-key.ts'
import { EmailTaken, PasswordRefused } from './errors.ts'
import { UserRegistered } from './events.ts'
import { canMailLinks, writeLetter } from './letters/write-letter.ts'
import { answerSignedIn, openSession, type Opened } from './sessions/open-session.ts'
import { objectionTo } from './passwords/password-rule.ts'
import { insertUser, type PersonRow } from './queries.ts'

/** Opens an account with its default identity and signs it in, in one commit. Throws PasswordRefused, or EmailTaken. */
export async function register(desk: Desk, visit: Visit, { email, password, name }: z.output<typeof Register>): Promise<z.input<typeof SignedIn>> {
  const address = readAddress(email)
  assert(address, 'the schema let through an address that we do not take')
  const objection = objectionTo(password, address.key)
  if (objection) throw PasswordRefused({ path: 'password', objection })
  await Promise.all([desk.throttle.ensureOpen('register', visit.address), desk.throttle.ensureOpen('register_known', visit.address)])
  await desk.throttle.take('register', visit.address)
  const passwordHash = await desk.passwords.inTurn(() => desk.passwords.hash(password))
  const opened = await openAccount(desk, visit, { email: address.shown, emailKey: address.key, name, passwordHash })
  if (!opened) {
    // Answers that tell a known address from an unknown one are few; beyond them the address is not told apart at all.
    await desk.throttle.take('register_known', visit.address)
    throw EmailTaken()
  }
  return answerSignedIn(desk, opened.person, opened.session)
}

type Account = { email: string; emailKey: string; name: string; passwordHash: string }

async function openAccount(desk: Desk, { requestId, language }: Visit, account: Account): Promise<{ person: PersonRow; session: Opened } | undefined> {
  const at = desk.platform.clock.now()
  const userId = newId<UserId>()
  const identityId = newId<IdentityId>()
  return desk.platform.store.within({ userId, identityId }, async (tx) => {
    const [inserted] = await tx.send(insertUser(tx.db, { ...account, id: userId, at }))
    if (!inserted) return undefined
    const [identity, session] = await Promise.all([
      openDefaultIdentity(tx, { id: identityId, userId, name: account.name, at }),
      openSession(tx, { userId, identityId, at }),
    ])
    const scene = sceneOf(desk, { userId, identityId, requestId })
    record(tx, scene, { action: 'user.registered', outcome: 'done', effect: 'CREATE', resource: { type: 'user', id: userId } })
    emit({ ...tx, ...scene }, UserRegistered, { user_id: userId })
    if (canMailLinks(desk.platform.settings)) writeLetter(desk, tx, { userId, kind: 'verify_email', language })
    const person = { id: userId, email: account.email, name: account.name, identity_id: identity.id, identity_type: identity.type, identity_name: identity.name }
    return { person, session }
  })
}
