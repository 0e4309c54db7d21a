import type { CallerCtx } from '../../../platform/ctx.ts'
import type { Desk } from '../desk.ts'
import { checkPassword } from '../passwords/check-password.ts'
import { findSession } from '../queries.ts'
import { ReauthRequired } from './errors.ts'

/** A sign-in counts as the password entered again for this long. */
const FRESH_MINUTES = 5

/**
 * What a found session does not have: the password or, so that who knows none goes on too, a sign-in of just now.
 * Throws ReauthRequired, WrongPassword or RateLimited.
 */
export async function ensureReauthenticated(desk: Desk, ctx: CallerCtx, password: string | undefined): Promise<void> {
  if (password !== undefined) await desk.passwords.inTurn(() => checkPassword(desk, ctx, password))
  else if (!await isFresh(desk, ctx)) throw ReauthRequired()
}

async function isFresh({ platform }: Desk, { caller, now }: CallerCtx): Promise<boolean> {
  const [session] = await platform.store.within(caller, (tx) => tx.send(findSession(tx.db, caller.userId, caller.sessionId)))
  return session !== undefined && now().getTime() - session.created_at.getTime() <= FRESH_MINUTES * 60_000
}
