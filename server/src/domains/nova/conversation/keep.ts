import type { Caller } from '../../../platform/ctx.ts'
import { record, type AuditEntry } from '../../audit/record.ts'
import { toEffectTx } from '../../governance/perform.ts'
import { shareFenceFor } from '../../governance/fence/share-fence.ts'
import { NOVA_ACTOR, workerOf, type Nova } from '../nova.ts'
import type { RunState } from '../run/run-state.ts'
import { saveRun } from '../run/save-run.ts'

/**
 * Keeps a conversation that no effect carries, with what is to be recorded of it; the run as it then stands. Progress is
 * the agent's work and passes the fence like it: throws Dormant, Paused; that a run failed or was refused is kept all the same.
 */
export const keep = ({ gate }: Nova, caller: Caller, run: RunState, entry: AuditEntry | null): Promise<RunState> =>
  gate.platform.store.within(caller, async (plain) => {
    if (entry === null || entry.outcome === 'done') await shareFenceFor(plain, workerOf(run, { begun: true }))
    const tx = toEffectTx(gate, { caller: { ...caller, actor: NOVA_ACTOR }, via: 'nova', sphereId: run.sphereId, requestId: run.requestId }, plain, null)
    const auditEventId = entry ? record(tx, tx, { ...entry, runId: run.id }) : null
    return saveRun(tx, { ...run, auditEventId: run.auditEventId ?? auditEventId }, { first: false })
  })
