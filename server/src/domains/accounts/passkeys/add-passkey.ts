import type { z } from 'zod'
import type { CallerCtx } from '../../../platform/ctx.ts'
import { newId } from '../../../platform/ids.ts'
import { Unauthenticated } from '../../../platform/problems.ts'
import { sceneOf, type Desk } from '../desk.ts'
import { tellChange } from '../factors/confirm-totp.ts'
import { ensureProved } from '../factors/ensure-proved.ts'
import { deleteRecoveryCodes, findFactors, insertRecoveryCodes, lockPerson } from '../factors/queries.ts'
import { newRecoveryCodes, recoveryHashOf } from '../factors/recovery-code.ts'
import { checkPassword } from '../passwords/check-password.ts'
import { CHALLENGE_SECONDS, readRegistration, registrationOptions } from './ceremony.ts'
import type { AddPasskey, PasskeyAdded, PasskeyOptions } from './contract.ts'
import { PasskeyKnown, TooManyPasskeys } from './errors.ts'
import { presentPasskey } from './present.ts'
import { insertFactor, insertPasskey, listPasskeys } from './queries.ts'
import { siteOf } from './site.ts'

const PASSKEYS_MAX = 20

/** Options for the browser to make a passkey. With the password, and the second factor where there is one. Throws WrongPassword, StepUpRequired. */
export async function beginPasskey(desk: Desk, ctx: CallerCtx, password: string): Promise<z.input<typeof PasskeyOptions>> {
  siteOf(desk.platform.settings)
  await desk.passwords.inTurn(() => checkPassword(desk, ctx, password))
  ensureProved(ctx)
  return desk.platform.store.within(ctx.caller, async (tx) => {
    const [[person], existing] = await Promise.all([tx.send(lockPerson(tx.db, ctx.caller.userId)), tx.send(listPasskeys(tx.db, ctx.caller.userId))])
    if (!person) throw Unauthenticated()
    if (existing.length >= PASSKEYS_MAX) throw TooManyPasskeys(PASSKEYS_MAX)
    return { options: { ...await registrationOptions(desk, tx, { person, existing }) }, expires_in: CHALLENGE_SECONDS }
  })
}

/** Registers the passkey that answered: a second factor, and a way to sign in. Every other session ends. Throws PasskeyRefused, PasskeyKnown. */
export async function addPasskey(desk: Desk, ctx: CallerCtx, { name, response }: z.output<typeof AddPasskey>): Promise<z.input<typeof PasskeyAdded>> {
  const { caller: { userId }, requestId } = ctx
  ensureProved(ctx)
  const scene = sceneOf(desk, { ...ctx.caller, requestId })
  const id = newId()
  return desk.platform.store.within(ctx.caller, async (tx) => {
    const at = scene.now()
    const [person] = await tx.send(lockPerson(tx.db, userId))
    if (!person) throw Unauthenticated()
    const factors = await tx.send(findFactors(tx.db, userId))
    const { credential, credentialBackedUp: backedUp } = await readRegistration(desk, tx, { userId, response })
    await tx.send(insertFactor(tx.db, { id, userId, at }))
    const [row] = await tx.send(insertPasskey(tx.db, {
      id, userId, credentialId: credential.id, publicKey: Buffer.from(credential.publicKey), counter: credential.counter, transports: credential.transports ?? [], name, backedUp, at,
    }))
    if (!row) throw PasskeyKnown()
    const codes = factors.length === 0 ? newRecoveryCodes() : null
    if (codes) await Promise.all([tx.send(deleteRecoveryCodes(tx.db, userId)), tx.send(insertRecoveryCodes(tx.db, userId, codes.map((one) => recoveryHashOf(userId, one)), at))])
    const revoked = await tellChange(desk, tx, { ctx, scene, change: 'enabled', kind: 'passkey' })
    return { passkey: presentPasskey(row), recovery_codes: codes, revoked_sessions: revoked }
  })
}
