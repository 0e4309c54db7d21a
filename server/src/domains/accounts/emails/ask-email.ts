import assert from 'node:assert/strict'
import type { z } from 'zod'
import type { CallerCtx } from '../../../platform/ctx.ts'
import type { Tx } from '../../../platform/db/store.ts'
import { newId } from '../../../platform/ids.ts'
import { Unauthenticated } from '../../../platform/problems.ts'
import { record } from '../../audit/record.ts'
import type { ChangeEmail } from '../contract.ts'
import { sceneOf, type Desk } from '../desk.ts'
import { readAddress } from '../email-key.ts'
import { WrongCode } from '../factors/errors.ts'
import { findFactors, lockPerson } from '../factors/queries.ts'
import { spendCode, withTry } from '../factors/spend-code.ts'
import { ensureLinks, writeLetter } from '../letters/write-letter.ts'
import { checkPassword } from '../passwords/check-password.ts'
import { AlreadyVerified } from '../errors.ts'
import { deleteOpenChanges, findEmail, insertEmailChange } from './queries.ts'

/** Mails another link to the address that the account has. Throws NotConfigured, AlreadyVerified, RateLimited. */
export async function resendVerification(desk: Desk, { caller, language }: CallerCtx): Promise<void> {
  ensureLinks(desk.platform.settings)
  await desk.throttle.take('verify_mail', caller.userId)
  await desk.platform.store.within(caller, async (tx) => {
    const [found] = await tx.send(findEmail(tx.db, caller.userId))
    if (!found) throw Unauthenticated()
    if (found.email_verified_at !== null) throw AlreadyVerified()
    writeLetter(desk, tx, { userId: caller.userId, kind: 'verify_email', language })
  })
}

/**
 * Asks for another address: a link goes there, and until it is opened nothing changes. An earlier request and its link end.
 * Whether somebody has that address is not told here. Throws NotConfigured, WrongPassword, WrongCode, RateLimited.
 */
export async function askEmailChange(desk: Desk, ctx: CallerCtx, { password, code, email }: z.output<typeof ChangeEmail>): Promise<void> {
  const { caller } = ctx
  ensureLinks(desk.platform.settings)
  const address = readAddress(email)
  assert(address, 'the schema let through an address that we do not take')
  await desk.passwords.inTurn(() => checkPassword(desk, ctx, password))
  await desk.throttle.take('change_mail', caller.userId)
  const ask = (tx: Tx): Promise<true | undefined> => open(desk, tx, { ctx, code, address })
  if (code === undefined) await desk.platform.store.within(caller, ask)
  else await withTry(desk, { userId: caller.userId, code }, () => desk.platform.store.within(caller, ask))
}

type Asked = { ctx: CallerCtx; code: string | undefined; address: { shown: string; key: string } }

async function open(desk: Desk, tx: Tx, { ctx, code, address }: Asked): Promise<true | undefined> {
  const { caller: { userId, ...caller }, requestId, language } = ctx
  const scene = sceneOf(desk, { ...caller, userId, requestId })
  const changeId = newId()
  const [person] = await tx.send(lockPerson(tx.db, userId))
  if (!person) throw Unauthenticated()
  const isSet = (await tx.send(findFactors(tx.db, userId))).length > 0
  if (isSet && code === undefined) throw WrongCode()
  if (isSet && !await spendCode(desk, tx, { userId, code: code ?? '' })) return undefined
  await Promise.all([
    tx.send(deleteOpenChanges(tx.db, userId)),
    tx.send(insertEmailChange(tx.db, { id: changeId, userId, email: address.shown, emailKey: address.key, at: scene.now() })),
  ])
  record(tx, scene, { action: 'email.change_asked', outcome: 'done', resource: { type: 'user', id: userId } })
  writeLetter(desk, tx, { userId, kind: 'change_email', language, changeId })
  return true
}
