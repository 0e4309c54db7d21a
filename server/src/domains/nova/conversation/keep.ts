import type { Caller } from '../../../platform/ctx.ts'
import { record, type AuditEntry } from '../../audit/record.ts'
import { toEffectTx } from '../../governance/perform.ts'
import { NOVA_ACTOR, type Nova } from '../nova.ts'
import type { RunState } from '../run/run-state.ts'
import { saveRun } from '../run/save-run.ts'

/** Keeps a conversation that no effect carries, with what is to be recorded of it; the run as it then stands. */
export const keep = ({ gate }: Nova, caller: Caller, run: RunState, entry: AuditEntry | null): Promise<RunState> =>
  gate.platform.store.within(caller, async (plain) => {
    const tx = toEffectTx(gate, { caller: { ...caller, actor: NOVA_ACTOR }, via: 'nova', sphereId: run.sphereId, requestId: run.requestId }, plain, null)
    const auditEventId = entry ? record(tx, tx, { ...entry, runId: run.id }) : null
    return saveRun(tx, { ...run, auditEventId: run.auditEventId ?? auditEventId }, { first: false })
  })
