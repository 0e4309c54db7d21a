import { sha256 } from '../../../platform/canonical.ts'
import type { Tx } from '../../../platform/db/store.ts'
import { emit } from '../../../platform/events/emit.ts'
import { record } from '../../audit/record.ts'
import { sceneOf, type Desk, type Visit } from '../desk.ts'
import { EmailTaken, LinkOver } from '../errors.ts'
import { lockPerson } from '../factors/queries.ts'
import { findMailedToken, spendMailedToken } from '../letters/queries.ts'
import { writeLetter } from '../letters/write-letter.ts'
import { findHome } from '../queries.ts'
import { EmailChanged, EmailVerified } from './events.ts'
import { confirmChange, findUserOf, updateEmail, verifyEmail as markVerified } from './queries.ts'

const PURPOSES = ['verify_email', 'change_email']

/** Takes a mailed token: the address is its account's, or becomes it. Throws LinkOver, EmailTaken. */
export async function verifyEmail(desk: Desk, visit: Visit, token: string): Promise<void> {
  const { store, clock } = desk.platform
  const hash = sha256(token)
  await store.within({ service: 'sign-in' }, async (tx) => {
    const now = clock.now()
    const [found] = await tx.send(findMailedToken(tx.db, hash, { purposes: PURPOSES, now }))
    const [person] = found ? await tx.send(lockPerson(tx.db, found.user_id)) : []
    const [spent] = person ? await tx.send(spendMailedToken(tx.db, hash, now)) : []
    if (!spent) throw LinkOver()
    if (spent.change_id === null) await verify(desk, tx, { visit, userId: spent.user_id, emailKey: spent.email_key })
    else await change(desk, tx, { visit, userId: spent.user_id, changeId: spent.change_id })
  })
}

async function verify(desk: Desk, tx: Tx, { visit, userId, emailKey }: { visit: Visit; userId: string; emailKey: string }): Promise<void> {
  const [[done], [home]] = await Promise.all([tx.send(markVerified(tx.db, userId, { emailKey, at: desk.platform.clock.now() })), tx.send(findHome(tx.db, userId))])
  if (!done || !home) throw LinkOver()
  const scene = sceneOf(desk, { userId, identityId: home.identity_id, requestId: visit.requestId })
  record(tx, scene, { action: 'email.verified', outcome: 'done', resource: { type: 'user', id: userId } })
  emit({ ...tx, ...scene }, EmailVerified, { user_id: userId })
}

async function change(desk: Desk, tx: Tx, { visit, userId, changeId }: { visit: Visit; userId: string; changeId: string }): Promise<void> {
  const at = desk.platform.clock.now()
  const [[to], [home]] = await Promise.all([tx.send(confirmChange(tx.db, changeId, at)), tx.send(findHome(tx.db, userId))])
  if (!to || !home) throw LinkOver()
  // Of two accounts that confirm one address at once, the second meets the unique key: a conflict as well.
  const [taken] = await tx.send(findUserOf(tx.db, to.email_key))
  if (taken && taken.id !== userId) throw EmailTaken()
  await tx.send(updateEmail(tx.db, userId, { email: to.email, emailKey: to.email_key, at }))
  const scene = sceneOf(desk, { userId, identityId: home.identity_id, requestId: visit.requestId })
  record(tx, scene, { action: 'email.changed', outcome: 'done', effect: 'GRANT', resource: { type: 'user', id: userId } })
  emit({ ...tx, ...scene }, EmailChanged, { user_id: userId })
  writeLetter(desk, tx, { userId, kind: 'email_changed', language: visit.language, changeId })
}
