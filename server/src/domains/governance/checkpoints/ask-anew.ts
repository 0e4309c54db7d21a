import type { Actor, Via } from '../../../platform/ctx.ts'
import type { EffectTx } from '../../../platform/ctx.ts'
import { Problem } from '../../../platform/errors.ts'
import { record } from '../../audit/record.ts'
import { requirementOf } from '../deciders/seats.ts'
import { tell } from '../deciders/tell.ts'
import { UnknownTool } from '../errors.ts'
import { CheckpointCancelled } from '../events.ts'
import type { Call, Gate, Instead, Replaced } from '../gate.ts'
import { perform } from '../perform.ts'
import { claimCheckpoint, findCheckpoint, type CheckpointRow } from '../queries.ts'
import type { Shown } from '../showing/contract.ts'
import type { Decision } from './decide-checkpoint.ts'
import { refuseToDecide } from './refuse-to-decide.ts'

type Asker = Pick<Decision, 'caller' | 'requestId' | 'id' | 'note'>

/**
 * Ends a checkpoint as stale and opens one for the same action as things are now, in one commit; undefined when that cannot
 * be asked: its row is gone, a rule refuses it now, or somebody else decided meanwhile.
 */
export async function askAnew(gate: Gate, asker: Asker): Promise<CheckpointRow | undefined> {
  const [from] = await gate.platform.store.within(asker.caller, (tx) => tx.send(findCheckpoint(tx.db, asker.caller.identityId, asker.id)))
  if (!from) return undefined
  try {
    return await openInstead(gate, { ...asker, note: 'stale' }, { from, args: from.args, because: 'stale' })
  } catch (error) {
    if (error instanceof Problem && error.status < 500) return undefined
    throw error
  }
}

/** Puts an action before the person in the place of another: through schema, boundary and policy again, always held. */
export async function openInstead(gate: Gate, asker: Asker, given: { from: CheckpointRow; args: unknown; because: Replaced['because'] }): Promise<CheckpointRow> {
  const { from, args, because } = given
  const outcome = await perform(gate, { ...callOf(gate, asker, from), given: args, runId: from.run_id, instead: takePlace(gate, asker, { from, because }) })
  if (outcome.kind !== 'held') throw new Error('What is asked instead of another is always held')
  return outcome.checkpoint
}

/** The call of a checkpoint, to be made again: the same tool, by the same actor, in the same sphere, led by the same, before the same people. */
export function callOf(gate: Gate, { caller, requestId }: Pick<Asker, 'caller' | 'requestId'>, from: CheckpointRow): Omit<Call, 'given' | 'runId'> {
  const action = gate.actions.get(from.tool ?? '')
  if (!action) throw UnknownTool({ tool: from.tool ?? '' })
  const { actor, sphere_id: sphereId } = JSON.parse(from.action) as { actor: Actor; sphere_id: number | null }
  const shown = from.shown as Shown | null
  return { action, caller: { ...caller, actor }, via: from.via as Via, sphereId, requestId, begun: true, requirement: requirementOf(from), ...(shown ? { untrusted: shown.untrusted, said: shown.said } : {}) }
}

function takePlace(gate: Gate, asker: Asker, { from, because }: { from: CheckpointRow; because: Replaced['because'] }): Instead {
  const continuation = gate.continuations.get(from.via as Via)
  let loaded: unknown
  let ended = from
  return {
    parentId: from.id,
    async take(tx) {
      const wanted = { status: 'cancelled', by: asker.caller.userId, note: asker.note, at: tx.now(), because } as const
      const [claimed, run] = await Promise.all([tx.send(claimCheckpoint(tx.db, tx.identityId, from.id, wanted)), continuation?.load(tx, from)])
      ended = claimed[0] ?? await refuseToDecide(tx, { caller: asker.caller, id: from.id }, tx.now())
      loaded = run
    },
    opened(tx, to) {
      tellReplaced({ ...tx, actor: asker.caller.actor, via: 'rest' }, { from: ended, to, because })
      if (loaded) continuation?.replace(tx, { from: ended, to, because, note: asker.note }, loaded)
    },
  }
}

function tellReplaced(tx: EffectTx, { from, to, because }: { from: CheckpointRow; to: CheckpointRow; because: Replaced['because'] }): void {
  tell(tx, CheckpointCancelled, from, [from.user_id])
  record(tx, tx, {
    action: `checkpoint.${because}`, outcome: 'done', effect: from.effect, actionHash: from.action_hash, checkpointId: from.id, runId: from.run_id,
    resource: { type: 'checkpoint', id: from.id }, details: { instead: to.id, instead_hash: to.action_hash },
  })
}
