import type { Platform } from '../../platform/ctx.ts'
import { newId, type IdentityId, type SessionId, type UserId } from '../../platform/ids.ts'
import { record } from '../audit/record.ts'
import { asBudgetExceeded } from './over-budget.ts'
import { periodOf } from './period.ts'
import { findKeyOfSession, reserveBudget, settleBudget } from './queries.ts'

/** A reservation outlives the longest call by far; one that nobody settles (its process died) is given back then. */
const RESERVED_MS = 15 * 60_000

export type Payer = { identityId: IdentityId; userId: UserId; sessionId: SessionId; requestId: string; runId: string | null }

/**
 * Sets credits aside for something whose cost is known only afterwards; the reservation's id. Committed before the call
 * begins, so calls at once cannot pass a budget together. Throws BudgetExceeded, recorded, and then nothing begins.
 */
export async function reserve(platform: Platform, payer: Payer, credits: number): Promise<string> {
  const { store, clock, settings } = platform
  const id = newId()
  const at = clock.now()
  try {
    await store.within({ identityId: payer.identityId, userId: payer.userId }, async (tx) => {
      const [key] = await tx.send(findKeyOfSession(tx.db, payer.sessionId))
      const until = new Date(at.getTime() + RESERVED_MS)
      await tx.send(reserveBudget({ id, identityId: payer.identityId, keyId: key?.id ?? null, period: periodOf(at), credits, defaultLimit: settings.BUDGET_CREDITS, at, until }))
    })
  } catch (error) {
    const problem = asBudgetExceeded(error, at)
    if (problem !== error) await tell(platform, payer, { action: 'budget.exceeded', outcome: 'denied', details: { credits } })
    throw problem
  }
  return id
}

/** Ends a reservation with what the call cost. More than was reserved is counted too, and recorded: the next call is refused sooner. */
export async function settle(platform: Platform, payer: Payer, { id, reserved, actual }: { id: string; reserved: number; actual: number }): Promise<void> {
  await platform.store.within({ identityId: payer.identityId, userId: payer.userId }, (tx) => tx.send(settleBudget(id, actual)))
  if (actual > reserved) await tell(platform, payer, { action: 'budget.overrun', outcome: 'done', details: { reserved, actual } })
}

/** Gives a reservation back: the call cost nothing. */
export const release = (platform: Platform, payer: Payer, id: string): Promise<void> => settle(platform, payer, { id, reserved: 0, actual: 0 })

type Told = { action: string; outcome: 'denied' | 'done'; details: Record<string, number> }

const tell = ({ store, clock }: Platform, payer: Payer, told: Told): Promise<void> =>
  store.within({ identityId: payer.identityId, userId: payer.userId }, async (tx) => {
    record(tx, { ...payer, actor: { kind: 'system', id: 'budget' }, via: 'system', now: () => clock.now() }, { ...told, runId: payer.runId })
  })
