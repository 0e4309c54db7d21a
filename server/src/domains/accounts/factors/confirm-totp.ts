import type { z } from 'zod'
import type { CallerCtx } from '../../../platform/ctx.ts'
import type { Tx } from '../../../platform/db/store.ts'
import { emit } from '../../../platform/events/emit.ts'
import { Unauthenticated } from '../../../platform/problems.ts'
import { record, type AuditScene } from '../../audit/record.ts'
import type { FactorSet } from '../contract.ts'
import { sceneOf, type Desk } from '../desk.ts'
import { writeLetter } from '../letters/write-letter.ts'
import { revokeSessions } from '../queries.ts'
import { announceEnd } from '../sessions/end-sessions.ts'
import { SetupOver } from './errors.ts'
import { FactorChanged } from './events.ts'
import { activateTotp, clearProofs, deleteChallenges, deletePendingTotp, deleteRecoveryCodes, deleteTotp, findPendingTotp, insertRecoveryCodes, lockPerson } from './queries.ts'
import { newRecoveryCodes, recoveryHashOf } from './recovery-code.ts'
import { setupsSince } from './set-up-totp.ts'
import { withTry } from './spend-code.ts'
import { stepOf } from './totp.ts'

type Change = 'enabled' | 'replaced' | 'disabled'

/**
 * The first code of a new authenticator: from now on it is asked for, the one before is gone, and every other session
 * ends. The ten recovery codes are shown now and never again. Throws SetupOver, WrongCode or RateLimited.
 */
export async function confirmTotp(desk: Desk, ctx: CallerCtx, code: string): Promise<z.input<typeof FactorSet>> {
  const { caller, requestId } = ctx
  const { userId } = caller
  const scene = sceneOf(desk, { ...caller, requestId })
  return withTry(desk, { userId, code }, () => desk.platform.store.within(caller, async (tx) => {
    const at = scene.now()
    const [person] = await tx.send(lockPerson(tx.db, userId))
    if (!person) throw Unauthenticated()
    const [pending] = await tx.send(findPendingTotp(tx.db, userId, setupsSince(at)))
    if (!pending?.secret) throw SetupOver()
    const step = stepOf(desk.vault.open(pending.secret, pending.id), code, at)
    if (step === undefined) return undefined
    const before = await tx.send(deleteTotp(tx.db, userId))
    await tx.send(activateTotp(tx.db, { id: pending.id, step, at }))
    const recoveryCodes = newRecoveryCodes()
    await Promise.all([tx.send(deleteRecoveryCodes(tx.db, userId)), tx.send(insertRecoveryCodes(tx.db, userId, recoveryCodes.map((one) => recoveryHashOf(userId, one)), at))])
    const revoked = await tellChange(desk, tx, { ctx, scene, kind: 'totp', change: before.length > 0 ? 'replaced' : 'enabled' })
    return { enabled: true as const, recovery_codes: recoveryCodes, revoked_sessions: revoked }
  }))
}

/**
 * What every change of factors brings: other sessions and sign-ins under way end, what was proved before counts no more,
 * and the owner is told. How many sessions ended.
 */
export async function tellChange(desk: Desk, tx: Tx, { ctx, scene, kind, change }: { ctx: CallerCtx; scene: AuditScene; kind: 'totp' | 'passkey'; change: Change }): Promise<number> {
  const { caller: { userId, sessionId }, language } = ctx
  const [ended] = await Promise.all([
    tx.send(revokeSessions(tx.db, userId, { except: sessionId, because: 'factor_changed', now: scene.now() })),
    tx.send(deleteChallenges(tx.db, userId)), tx.send(clearProofs(tx.db, userId)), tx.send(deletePendingTotp(tx.db, userId)),
  ])
  record(tx, scene, { action: `factor.${change}`, outcome: 'done', effect: 'GRANT', resource: { type: 'user', id: userId }, details: { kind, revoked_sessions: ended.length } })
  emit({ ...tx, ...scene }, FactorChanged, { session_id: sessionId, kind, change })
  for (const { id } of ended) announceEnd(desk, tx, scene, { sessionId: id, action: 'session.revoked', because: 'factor_changed' })
  writeLetter(desk, tx, { userId, kind: `factor_${change}`, language })
  tx.afterCommit(() => desk.live.forget([sessionId]))
  return ended.length
}
