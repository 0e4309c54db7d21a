import type { CallerCtx, ReadCtx } from '../../platform/ctx.ts'
import { record } from '../audit/record.ts'
import { refuseMissing } from '../governance/refuse-missing.ts'
import { ThreadImmutable } from './errors.ts'
import { findEvent, findThread } from './queries.ts'

/**
 * Refuses to change or remove an entry of a log, and puts the attempt into the audit. Throws ThreadImmutable for the
 * caller's own entry, IdentityBoundary for another's, NotFound for one that exists nowhere or in another thread.
 */
export async function refuseRewrite(ctx: CallerCtx, { threadId, eventId }: { threadId: string; eventId: string }): Promise<never> {
  const { caller, platform, requestId } = ctx
  await platform.store.within(caller, async (tx) => {
    const readCtx: ReadCtx = { ...ctx, tx, db: tx.db, identityId: caller.identityId }
    const [thread, event] = await Promise.all([findThread(tx.db, caller.identityId, threadId), findEvent(tx.db, caller.identityId, threadId, eventId)])
    if (!thread) await refuseMissing(readCtx, { type: 'thread', id: threadId })
    if (!event) await refuseMissing(readCtx, { type: 'thread_event', id: eventId })
    record(tx, { ...caller, via: 'rest', requestId, now: ctx.now }, { action: 'thread.rewrite', outcome: 'denied', resource: { type: 'thread_event', id: eventId } })
  })
  throw ThreadImmutable()
}
