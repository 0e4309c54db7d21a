import type { EffectTx } from '../../platform/ctx.ts'
import { emit } from '../../platform/events/emit.ts'
import { RunChanged } from './events.ts'
import { LEASE_MS, type Nova } from './nova.ts'
import { insertRun, updateRun } from './queries.ts'
import type { RunState } from './run-state.ts'

const leaseOf = (run: RunState, now: Date): Date | null => (run.status === 'processing' ? new Date(now.getTime() + LEASE_MS) : null)

/** Adds the run's row and its event to an open commit. `first`: the row does not exist yet. */
export function saveRun(tx: EffectTx, run: RunState, { first }: { first: boolean }): void {
  const now = tx.now()
  tx.atClose(() => (first ? insertRun : updateRun)(tx.db, run, now, leaseOf(run, now)))
  emit(tx, RunChanged, { run_id: run.id, status: run.status, thread_id: run.threadId })
}

/** Keeps a run whose end no effect carries: a refusal, a failure, a model's last word. */
export async function saveRunAlone({ gate }: Nova, run: RunState, { first }: { first: boolean }): Promise<void> {
  const now = gate.platform.clock.now()
  await gate.platform.store.within({ identityId: run.identityId, userId: run.userId }, async (tx) => {
    tx.atClose(() => (first ? insertRun : updateRun)(tx.db, run, now, leaseOf(run, now)))
    emit({ ...tx, identityId: run.identityId, userId: run.userId, now: () => now }, RunChanged, { run_id: run.id, status: run.status, thread_id: run.threadId })
  })
}
