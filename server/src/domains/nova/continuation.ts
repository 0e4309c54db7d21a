import type { Caller } from '../../platform/ctx.ts'
import type { Continuation, Decided } from '../governance/gate.ts'
import { carryOn } from './carry-on.ts'
import { noteDecision } from './conversation/note-decision.ts'
import { converse } from './conversation/converse.ts'
import type { Nova } from './nova.ts'
import { afterReplacement } from './run/after-replacement.ts'
import { presentRun, runOfRow } from './present.ts'
import { findRun } from './queries.ts'
import { saveRun } from './run/save-run.ts'
import { completeRun, endRun } from './run/settle-action.ts'
import type { ActionState, LaneState, RunState } from './run/run-state.ts'

/** How a run of Nova goes on after its checkpoint was decided: at lane F, with exactly what was approved. */
export const novaContinuation = (nova: Nova): Continuation => ({
  async load(tx, { identity_id: identityId, run_id: runId }) {
    const [row] = runId ? await tx.send(findRun(tx.db, identityId, runId)) : []
    return row ? runOfRow(row) : null
  },
  close: (tx, decided, loaded) => (loaded === null ? null : saveRun(tx, afterDecision(loaded as RunState, decided, tx.now()), { first: false })),
  replace: (tx, replaced, loaded) => { saveRun(tx, afterReplacement(loaded as RunState, replaced), { first: false }) },
  async resume(carried, { checkpoint }, { caller, language }) {
    if (carried === null) return null
    const waiting = carried as RunState
    // Somebody else's session decided: the run goes on in the one that asked, while that lives.
    const run = await goOn(nova, checkpoint.decided_by === caller.userId ? caller : { ...caller, sessionId: waiting.sessionId }, waiting)
    return presentRun(run, language)
  },
})

/** Drives a run that is still processing to its end or to its next checkpoint. */
export async function goOn(nova: Nova, caller: Caller, run: RunState): Promise<RunState> {
  if (run.status !== 'processing') return run
  if (run.remaining?.kind === 'conversation') return (await converse(nova, caller, run)).run
  return (await carryOn(nova, caller, run)).run
}

const ENDS = { rejected: 'rejected', cancelled: 'cancelled', expired: 'expired' } as const

/** The run with the decision in it. Pure: closing may be retried. */
export function afterDecision(run: RunState, decided: Decided, now: Date): RunState {
  const actions = run.actions.map((action) => (action.checkpoint_id === decided.checkpoint.id ? settleDecided(action, decided) : action))
  const lanes = run.lanes.map((lane) => decidedLane(lane, decided))
  const next: RunState = { ...run, actions, lanes, checkpointId: run.checkpointId, auditEventId: decided.auditEventId ?? run.auditEventId }
  if (run.remaining?.kind === 'conversation') return noteDecision(next, decided)
  if (decided.error) return endRun(next, 'failed', decided.error, now)
  if (decided.verdict !== 'approved') return endRun(next, ENDS[decided.verdict], null, now)
  const waiting = run.remaining?.kind === 'commands' && run.remaining.commands.length > 0
  return waiting ? { ...next, status: 'processing' } : completeRun(next, now)
}

/** Lanes E to G as the decision left them; A to D are as they were when the run was held. */
function decidedLane(lane: LaneState, { verdict, executionMs }: Decided): LaneState {
  if (lane.lane === 'E') return { ...lane, status: 'completed' }
  if (lane.lane !== 'F' && lane.lane !== 'G') return lane
  if (verdict !== 'approved') return { ...lane, status: 'skipped' }
  return { ...lane, status: 'completed', duration_ms: lane.lane === 'F' ? lane.duration_ms + (executionMs ?? 0) : lane.duration_ms }
}

function settleDecided(action: ActionState, { verdict, output, error }: Decided): ActionState {
  if (error) return { ...action, status: 'failed', error }
  if (verdict === 'approved') return { ...action, status: 'completed', result: output ?? null }
  return { ...action, status: ENDS[verdict] }
}
