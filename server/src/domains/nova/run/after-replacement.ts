import type { Replaced } from '../../governance/gate.ts'
import type { ActionState, PendingCall, RunState } from './run-state.ts'

/** What a run says of a call that the person changed before approving it. */
const EDITED = {
  code: 'edited',
  detail: { en: 'The person changed this call before approving it; the changed one follows.', fr: 'La personne a modifié cet appel avant de l’approuver ; la version modifiée suit.' },
}

/**
 * The run with its waiting call at another checkpoint. One that was edited is shown twice: as it was asked, and as it now
 * waits; one that is only asked anew, once. Pure: closing may be retried.
 */
export function afterReplacement(run: RunState, { from, to, because, note }: Replaced): RunState {
  const args = to.args as Record<string, unknown>
  const waiting = (action: ActionState): ActionState => ({ ...action, args, checkpoint_id: to.id, status: 'awaiting_approval' })
  const actions = run.actions.flatMap((action): ActionState[] => {
    if (action.checkpoint_id !== from.id || action.status !== 'awaiting_approval') return [action]
    return because === 'edited' ? [{ ...action, status: 'cancelled', error: EDITED }, waiting(action)] : [waiting(action)]
  })
  const remaining: RunState['remaining'] = run.remaining?.kind === 'conversation'
    ? { ...run.remaining, calls: run.remaining.calls.map((call): PendingCall => (call.checkpointId === from.id && call.output === null ? { ...call, checkpointId: to.id, ...(because === 'edited' ? { edited: { args, note } } : {}) } : call)) }
    : run.remaining
  return { ...run, actions, remaining, checkpointId: to.id, status: 'awaiting_approval' }
}
