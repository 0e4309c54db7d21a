import type { EffectTx } from '../../../platform/ctx.ts'
import { emit } from '../../../platform/events/emit.ts'
import type { Settings } from '../../../platform/settings.ts'
import { RunChanged } from '../events.ts'
import { leaseEnd, type Nova } from '../nova.ts'
import { insertRun, updateRun } from '../queries.ts'
import type { RunState } from './run-state.ts'

const leaseOf = (run: RunState, settings: Settings, now: Date): Date | null => (run.status === 'processing' ? leaseEnd(settings, now) : null)

/**
 * Adds the run's row and its event to an open commit; the run as it then stands. `first`: the row does not exist yet.
 * When another process wrote the run meanwhile, the commit fails: see isRunTaken.
 */
export function saveRun(tx: EffectTx, run: RunState, { first }: { first: boolean }): RunState {
  const now = tx.now()
  tx.atClose(() => (first ? insertRun : updateRun)(tx.db, run, now, leaseOf(run, tx.settings, now)))
  emit(tx, RunChanged, { run_id: run.id, status: run.status, thread_id: run.threadId })
  return first ? run : { ...run, version: run.version + 1 }
}

/** Keeps a run whose end no effect carries: a refusal, a failure, a model's last word. */
export async function saveRunAlone({ gate }: Nova, run: RunState, { first }: { first: boolean }): Promise<RunState> {
  const { settings, clock, store } = gate.platform
  const now = clock.now()
  await store.within({ identityId: run.identityId, userId: run.userId }, async (tx) => {
    tx.atClose(() => (first ? insertRun : updateRun)(tx.db, run, now, leaseOf(run, settings, now)))
    emit({ ...tx, identityId: run.identityId, userId: run.userId, now: () => now }, RunChanged, { run_id: run.id, status: run.status, thread_id: run.threadId })
  })
  return first ? run : { ...run, version: run.version + 1 }
}

/** True when a commit failed because another process has written the run since: it drives it now, nothing of ours was done. */
export const isRunTaken = (error: unknown): boolean => (error as { code?: unknown }).code === '22012'
