import type { CallerCtx } from '../../platform/ctx.ts'
import type { IdempotencyKey } from '../../platform/http/idempotency.ts'
import type { WireAnswer } from '../../platform/http/mount.ts'
import { Conflict } from '../../platform/problems.ts'
import { shareFenceFor } from '../governance/fence/share-fence.ts'
import { claimAnswer, completeAnswer, findStoredAnswer } from '../governance/stored-answers.ts'
import { leaseEnd, workerOf, type Nova } from './nova.ts'
import { presentRun, runOfRow } from './present.ts'
import { findRun, insertRun } from './queries.ts'
import type { RunState } from './run/run-state.ts'

/**
 * Writes the run's row and claims its key in one commit. When the key is taken already: its stored answer, the run as it
 * stands when the process that began it died before answering, or 409 while it is still at work.
 */
export async function claimRun({ gate }: Nova, ctx: CallerCtx, run: RunState, idempotency: IdempotencyKey | undefined): Promise<WireAnswer | undefined> {
  const { store, settings } = gate.platform
  const now = ctx.now()
  try {
    await store.within(ctx.caller, async (tx) => {
      await shareFenceFor(tx, workerOf(run, { begun: false }))
      tx.atClose(() => insertRun(tx.db, run, now, leaseEnd(settings, now)))
      if (idempotency) claimAnswer(tx, { ...idempotency, identityId: run.identityId, runId: run.id, at: now })
    })
    return undefined
  } catch (error) {
    if ((error as { constraint?: string }).constraint !== 'idempotency_keys_pkey' || !idempotency) throw error
    return store.within(ctx.caller, async (tx) => {
      const stored = await findStoredAnswer(tx, { ...idempotency, identityId: run.identityId })
      if (stored.answer) return { ...stored.answer, headers: { ...stored.answer.headers, 'idempotency-replayed': 'true' } }
      const row = stored.runId ? (await tx.send(findRun(tx.db, run.identityId, stored.runId)))[0] : undefined
      if (!row || row.status === 'processing') throw Conflict({ en: 'That run is still at work. Ask again shortly.', fr: 'Cette exécution est encore en cours. Redemandez bientôt.' })
      return { status: 200, headers: { 'idempotency-replayed': 'true' }, body: presentRun(runOfRow(row), ctx.language) }
    })
  }
}

/** The answer of an earlier request with this key; looked for before anything is planned, since its own effect may have changed what the sentence means. */
export const findEarlier = ({ gate }: Nova, ctx: CallerCtx, key: IdempotencyKey): Promise<WireAnswer | undefined> => gate.platform.store.within(ctx.caller, async (tx) => {
  const { answer } = await findStoredAnswer(tx, { ...key, identityId: ctx.caller.identityId })
  return answer ? { ...answer, headers: { ...answer.headers, 'idempotency-replayed': 'true' } } : undefined
})

export const keepAnswer = ({ gate }: Nova, ctx: CallerCtx, idempotency: IdempotencyKey, answer: WireAnswer): Promise<void> =>
  gate.platform.store.within(ctx.caller, async (tx) => completeAnswer(tx, { ...idempotency, identityId: ctx.caller.identityId, answer }))
