import type { Decided } from '../../governance/gate.ts'
import type { RunState, ToolOutput } from '../run/run-state.ts'
import { endRun } from '../run/settle-action.ts'
import { conversationOf, noteOutput } from './conversation.ts'
import { endLanes } from './end-lanes.ts'
import { doneOutput, refusedOutput, rejectedOutput } from './tool-output.ts'

/**
 * The conversation with the person's decision in it, ready to go on. What was taken back or expired ends it: nobody waits
 * for an answer any more. Pure: closing may be retried.
 */
export function noteDecision(run: RunState, decided: Decided): RunState {
  const { checkpoint, verdict } = decided
  if (verdict === 'cancelled' || verdict === 'expired') return endRun({ ...run, lanes: endLanes(run.lanes) }, verdict, null, checkpoint.decided_at ?? checkpoint.expires_at)
  const position = conversationOf(run).calls.findIndex((call) => call.checkpointId === checkpoint.id && call.output === null)
  if (position < 0) throw new TypeError('No call of this conversation waits at that checkpoint')
  return { ...noteOutput(run, position, outputOf(run, position, decided)), status: 'processing' }
}

function outputOf(run: RunState, position: number, { verdict, checkpoint, error, output }: Decided): ToolOutput {
  if (error) return refusedOutput(error, run.language)
  if (verdict !== 'approved') return rejectedOutput(checkpoint.note)
  const call = conversationOf(run).calls[position]
  return doneOutput(output, { approved: true, ...(call?.edited ? { edited: { asked: call.args, done: call.edited.args, note: call.edited.note } } : {}) })
}
