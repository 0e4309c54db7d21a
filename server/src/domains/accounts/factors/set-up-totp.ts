import type { z } from 'zod'
import type { CallerCtx } from '../../../platform/ctx.ts'
import { newId } from '../../../platform/ids.ts'
import { Unauthenticated } from '../../../platform/problems.ts'
import { record } from '../../audit/record.ts'
import { isProvedAnew } from '../../governance/checkpoints/step-up.ts'
import type { SetUpTotp, TotpSetup } from '../contract.ts'
import { sceneOf, type Desk } from '../desk.ts'
import { ensureReauthenticated } from './ensure-reauthenticated.ts'
import { ReauthRequired, WrongCode } from './errors.ts'
import { deletePendingTotp, findFactors, insertPendingTotp, lockPerson } from './queries.ts'
import { spendCode, withTry } from './spend-code.ts'
import { newTotpSecret, otpauthOf } from './totp.ts'

/** A setup that got no code for this long is over. */
const SETUP_MINUTES = 10
/** Setups that were begun before are over. */
export const setupsSince = (now: Date): Date => new Date(now.getTime() - SETUP_MINUTES * 60_000)

/**
 * Begins a second factor: its secret is shown now and never again, and counts only once a first code came. Who has one
 * already proves it too, so that a found session replaces nothing: with a code or, while no authenticator is set, with a
 * step-up of just now, so that who has passkeys alone spends no recovery code. Throws ReauthRequired, WrongPassword, WrongCode.
 */
export async function setUpTotp(desk: Desk, ctx: CallerCtx, { password, code }: z.output<typeof SetUpTotp>): Promise<z.input<typeof TotpSetup>> {
  const { caller } = ctx
  if (password === undefined && caller.proof.factorSet) throw ReauthRequired()
  await ensureReauthenticated(desk, ctx, password)
  if (!caller.proof.factorSet || code === undefined) return begin(desk, ctx)
  return withTry(desk, { userId: caller.userId, code }, () => begin(desk, ctx, code))
}

/** Undefined when the code of a factor that is set was not right. */
async function begin(desk: Desk, ctx: CallerCtx): Promise<z.input<typeof TotpSetup>>
async function begin(desk: Desk, ctx: CallerCtx, code: string): Promise<z.input<typeof TotpSetup> | undefined>
async function begin(desk: Desk, { caller, requestId }: CallerCtx, code?: string): Promise<z.input<typeof TotpSetup> | undefined> {
  const { userId } = caller
  const scene = sceneOf(desk, { ...caller, requestId })
  const id = newId()
  const secret = newTotpSecret()
  return desk.platform.store.within(caller, async (tx) => {
    const at = scene.now()
    const [person] = await tx.send(lockPerson(tx.db, userId))
    if (!person) throw Unauthenticated()
    const factors = await tx.send(findFactors(tx.db, userId))
    // Looked at here and not before: one may have been set since the request came, and then the password alone is not enough.
    if (code === undefined && factors.length > 0 && (factors.some(({ kind }) => kind === 'totp') || !isProvedAnew(caller.proof, at))) throw WrongCode()
    if (code !== undefined && factors.length > 0 && !await spendCode(desk, tx, { userId, code })) return undefined
    await Promise.all([tx.send(deletePendingTotp(tx.db, userId)), tx.send(insertPendingTotp(tx.db, { id, userId, secret: desk.vault.seal(secret, id), at }))])
    record(tx, scene, { action: 'factor.setup_begun', outcome: 'done', effect: 'GRANT', resource: { type: 'user', id: userId }, details: { kind: 'totp' } })
    return { secret, otpauth_url: otpauthOf(secret, person.email), expires_at: new Date(at.getTime() + SETUP_MINUTES * 60_000).toISOString() }
  })
}
