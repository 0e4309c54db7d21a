import type { AnyAction } from '../../../platform/action.ts'
import type { Bilingual } from '../../../platform/text.ts'
import type { Performed } from '../../governance/gate.ts'
import type { ActionState, RunState } from './run-state.ts'
import { sayDone } from './say.ts'

export type ActionError = { code: string; detail: Bilingual }

/** The run after one more call went through the gate. Pure: a retried transaction settles the same call again. */
export function settleAction(run: RunState, action: AnyAction, outcome: Exclude<Performed, { kind: 'replayed' }>): RunState {
  const shared = { tool: action.name, args: outcome.args, effect: action.effect, error: null }
  if (outcome.kind === 'held') {
    const waiting: ActionState = { ...shared, status: 'awaiting_approval', result: null, checkpoint_id: outcome.checkpoint.id }
    return { ...run, status: 'awaiting_approval', checkpointId: outcome.checkpoint.id, auditEventId: outcome.auditEventId ?? run.auditEventId, actions: [...run.actions, waiting] }
  }
  const done: ActionState = { ...shared, status: 'completed', result: outcome.output, checkpoint_id: null }
  return { ...run, auditEventId: outcome.auditEventId, actions: [...run.actions, done] }
}

/** Ends the run well, with a sentence of what was done. */
export const completeRun = (run: RunState, at: Date): RunState =>
  ({ ...run, status: 'completed', completedAt: at, remaining: null, output: run.output ?? { text: sayDone(run) } })

/** Ends the run otherwise; effects that were committed before stay, and stay in the record. */
export const endRun = (run: RunState, status: 'denied' | 'failed' | 'rejected' | 'cancelled' | 'expired', error: ActionError | null, at: Date): RunState =>
  ({ ...run, status, completedAt: at, remaining: null, error })
