import type { Tx } from '../../../platform/db/store.ts'
import { emit } from '../../../platform/events/emit.ts'
import type { IdentityId, UserId } from '../../../platform/ids.ts'
import type { EffectState } from '../contract.ts'
import { EffectSettled } from '../events.ts'
import type { CheckpointRow } from '../queries.ts'
import type { EffectEvent } from './effect-state.ts'
import { findActive, moveEffect as move } from './queries.ts'

/** What a worker records beside the end of the effect. */
export type MovedEffect = { state: EffectState; actionHash: string; runId: string | null }

/**
 * Moves the effect of an approved checkpoint on, in the commit of the worker that carries it: `dispatch` belongs into the
 * claim, `confirm`, `fail`, `put_back` and `lose` into its settlement. Tells the owner of every end; the worker records it,
 * with the checkpoint and the action's hash. Undefined when the state does not allow the event: nothing is changed then.
 */
export async function moveEffect(tx: Tx, { checkpointId, event, now }: { checkpointId: string; event: EffectEvent; now: Date }): Promise<MovedEffect | undefined> {
  const [row] = await tx.send(move(tx.db, checkpointId, event))
  if (!row) return undefined
  if (event !== 'dispatch' && event !== 'put_back') tellEffect(tx, row, now)
  return { state: row.effect_state as EffectState, actionHash: row.action_hash, runId: row.run_id }
}

/** Adds to a commit that settled an effect the event that tells its owner. */
export const tellEffect = (tx: Tx, row: CheckpointRow, now: Date): void => emit(
  { ...tx, identityId: row.identity_id as IdentityId, userId: row.user_id as UserId, now: () => now },
  EffectSettled, { checkpoint_id: row.id, tool: row.tool, run_id: row.run_id, state: row.effect_state ?? 'unknown' })

/** Whether a person and the identity that something is done for are still active: looked at again before anything leaves. */
export async function isActive(tx: Tx, whose: { identityId: string; userId: string }): Promise<boolean> {
  const [found] = await tx.send(findActive(tx.db, whose))
  return found !== undefined
}
